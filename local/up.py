"""`make up`: a city on this laptop in which things happen, its API, and the console to look at it, until Ctrl-C."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from chalicelib.domain.city import CityPack
from city.reading import read_pack
from local.clock import now
from local.gateway import PORT, Front, Gateway
from local.issuer import KEY_FILE, Issuer, kept_issuer
from local.joining import JOIN_FILE
from local.keeping import judges_photographs
from local.live import LiveCity
from local.replay import CITY
from local.serve import say_how_to_join, serving, until_stopped
from local.sign_in import Person, SignIn
from local.site import BUILT, Site, content_policy

PEOPLE = (
    Person("lan", "Nguyễn Thị Lan", "Điều hành viên IOC", "Operations centre", ("ioc_operator@*",), ("ioc",)),
    Person(
        "minh",
        "Trần Văn Minh",
        "Công an phường Tân Lập",
        "Ward officer, Tân Lập",
        ("ward_officer@phuong-tan-lap-202507",),
        ("police-phuong-tan-lap-202507",),
    ),
    Person("hoa", "Lê Thị Hoa", "Người xác minh thứ nhất", "Reviewer", ("reviewer@*",)),
    Person("duc", "Phạm Minh Đức", "Người xác minh thứ hai, Công an tỉnh", "Reviewer and city officer",
           ("reviewer@*", "city_officer@*"), ("city-police",)),
    Person("tuan", "Y Tuấn Niê", "Cảnh sát PCCC và CNCH", "Fire and rescue", ("unit_operator@*",), ("fire",)),
    Person("ha", "H'Hà Êban", "Tổ kỹ thuật camera", "Camera technician", ("camera_operator@*",)),
    Person("quang", "Đỗ Quang", "Cán bộ bảo vệ dữ liệu cá nhân", "Data protection officer",
           ("data_protection_officer@*",)),
    Person("an", "Vũ Thị An", "Quản trị hệ thống", "Administrator", ("administrator@*",)),
)  # fmt: skip
"""Made-up people, one of each role."""

STORE = "http://127.0.0.1:*"
"""Where the local cloud lends pictures from and takes photographs: a port of its own, another each time."""


def main(
    *,
    city: Annotated[Path, typer.Option(help="another city pack")] = CITY,
    port: Annotated[int, typer.Option(help="on this machine only; 0 for any that is free")] = PORT,
    tiles: Annotated[str, typer.Option(help="address of a MapLibre style for the map's ground; none unless set")] = "",
) -> None:
    """Run it all and print where."""
    with (
        until_stopped(),
        up(read_pack(city), kept_issuer(KEY_FILE), port=port, tiles=tiles, join_file=JOIN_FILE) as address,
    ):
        _say_how(address)
        threading.Event().wait()


@contextmanager
def up(
    pack: CityPack,
    issuer: Issuer,
    *,
    port: int = PORT,
    tiles: str = "",
    join_file: Path | None = None,
    people: Sequence[Person] = PEOPLE,
    clock: Callable[[], datetime] = now,
    each_second: Callable[[datetime], None] | None = None,
) -> Iterator[str]:
    """A city that lives, or in which `each_second` lets things happen, and everything before it; gives the address."""
    policy = content_policy(pictures=STORE, uploads=STORE, tiles=_origin(tiles))

    def front(gateway: Gateway) -> Front:
        return Site(gateway, SignIn(issuer, people), tiles=tiles, policy=policy)

    happens = LiveCity(pack) if each_second is None else each_second
    with serving(
        pack, issuer, port=port, sample=True, join_file=join_file, clock=clock, front=front, each_second=happens
    ) as address:
        yield address


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _say_how(address: str) -> None:
    built = "" if (BUILT / "index.html").is_file() else " (not built yet: `make console`)"
    print(f"the console is at {address}/{built}, the API at {address}/api; stop them with Ctrl-C")
    print("sign in as any of:")
    for one in PEOPLE:
        print(f"  {one.name:<16} {one.role_vi}, {one.role_en}")
    if not judges_photographs():
        print("photographs of entries wait for a verdict: there are no models here (make models, then this again)")
    say_how_to_join()


if __name__ == "__main__":
    typer.run(main)
