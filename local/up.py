"""`make up`: a city on this laptop in which things happen, its API, and the console to look at it, until Ctrl-C."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.city import CityPack
from chalicelib.errors import MatphoError
from chalicelib.telemetry import logger
from city.reading import read_pack
from local.gateway import PORT
from local.issuer import KEY_FILE, kept_issuer
from local.live import LiveCity
from local.replay import CITY
from local.serve import serving
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


def main(
    *,
    city: Annotated[Path, typer.Option(help="another city pack")] = CITY,
    port: Annotated[int, typer.Option(help="on this machine only; 0 for any that is free")] = PORT,
    tiles: Annotated[str, typer.Option(help="address of a MapLibre style for the map's ground; none unless set")] = "",
) -> None:
    """Run it all and print where."""
    logger.setLevel("WARNING")
    try:
        with up(read_pack(city), port=port, tiles=tiles) as address:
            _say_how(address)
            threading.Event().wait()
    except (MatphoError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    except KeyboardInterrupt:
        print("stopped")


@contextmanager
def up(pack: CityPack, *, port: int = PORT, tiles: str = "") -> Iterator[str]:
    """A city that lives, and everything before it; gives the address."""
    issuer = kept_issuer(KEY_FILE)
    policy = content_policy(pictures="http://127.0.0.1:*", tiles=tiles)
    with serving(
        pack,
        issuer,
        port=port,
        sample=True,
        front=lambda gateway: Site(gateway, SignIn(issuer, PEOPLE), tiles=tiles, policy=policy),
        each_second=LiveCity(pack),
    ) as address:
        yield address


def _say_how(address: str) -> None:
    built = "" if (BUILT / "index.html").is_file() else " (not built yet: `make console`)"
    print(f"the console is at {address}/{built}, the API at {address}/api; stop them with Ctrl-C")
    print("sign in as any of:")
    for one in PEOPLE:
        print(f"  {one.name:<16} {one.role_vi}, {one.role_en}")


if __name__ == "__main__":
    typer.run(main)
