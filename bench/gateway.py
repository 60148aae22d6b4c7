"""`python -m bench.gateway`: objects a second that a gateway delivers, by how many it uploads at once.

The store is made up and takes a fifth of a second to answer, as one far away does; the spool is a real file. It takes
some ten seconds and prints one JSON object as its last line.
"""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from edge.matpho_edge.clock import system_now
from edge.matpho_edge.config import Bundling, SpoolBounds
from edge.matpho_edge.frames import Passed, Worth
from edge.matpho_edge.grants import Grants
from edge.matpho_edge.spool import Spool
from edge.matpho_edge.upload import Uploader

CAMERAS = 16
OBJECTS = 32
OBJECT_BYTES = 150_000
AT_ONCE = (1, 2, 4, 8)


def main(*, latency_ms: Annotated[float, typer.Option(min=0, help="until the store answers")] = 200) -> None:
    """Deliver the same spool each time, by one upload at a time and by several."""
    rates = {at_once: round(_rate(at_once, latency_ms / 1000), 1) for at_once in AT_ONCE}
    table = Table(title=f"Delivered from {CAMERAS} cameras, {latency_ms:g} ms away", title_justify="left")
    for column in ("at once", "objects a second", "times one"):
        table.add_column(column, justify="right")
    for at_once, rate in rates.items():
        table.add_row(str(at_once), f"{rate:g}", f"{rate / rates[1]:.1f}")
    Console(stderr=True).print(table)
    print(json.dumps({"bench": "gateway", "latency_ms": latency_ms, "objects_a_second": rates}))


def _rate(at_once: int, latency_s: float) -> float:
    with TemporaryDirectory() as folder, closing(Spool(SpoolBounds(folder=Path(folder)), Bundling())) as spool:
        _fill(spool)
        token = Path(folder) / "token"
        token.write_text("made up", encoding="utf-8")
        with httpx.Client(transport=httpx.MockTransport(_far_away(latency_s))) as http:
            uploader = Uploader(spool, Grants(http, "https://api.test", token), http, system_now)
            began_s = time.monotonic()
            with ThreadPoolExecutor(at_once) as pool:
                for upload in [pool.submit(_upload_all, uploader) for _ in range(at_once)]:
                    upload.result()
            took_s = time.monotonic() - began_s
        delivered = sum(count for (_, outcome), count in spool.counts().items() if outcome == "delivered")
    return delivered / took_s


def _fill(spool: Spool) -> None:
    now_utc = datetime.now(UTC)
    for number in range(OBJECTS):
        at_utc = now_utc + timedelta(milliseconds=number)
        spool.put(Passed(f"cam-{number % CAMERAS}", at_utc, Worth.MOTION, bytes(OBJECT_BYTES)), now_utc)


def _upload_all(uploader: Uploader) -> None:
    while uploader.step():
        pass


def _far_away(latency_s: float) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/grants"):
            time.sleep(latency_s)
            return httpx.Response(204)
        camera_id = json.loads(request.content)["camera_id"]
        expires_at = datetime.now(UTC) + timedelta(hours=1)
        grant = {"url": "https://store.test", "fields": {}, "prefix": f"frames/{camera_id}/"}
        return httpx.Response(200, json={**grant, "expires_at": expires_at.isoformat()})

    return answer


if __name__ == "__main__":
    typer.run(main)
