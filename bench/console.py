"""How fast the console is: first contentful paint, the board filled, and the map panned, with 600 cameras.

`python -m bench.console` drives the built console in Chromium, without a graphics card unless the machine has one.
"""

import importlib
import os
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import Any

from chalicelib.domain.city import CityPack
from chalicelib.telemetry import logger
from city.reading import read_pack
from local.issuer import new_issuer
from local.replay import CITY
from local.up import PEOPLE, up

CAMERAS = 600
ROUNDS = 5
OPERATOR = PEOPLE[0]
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
PANNED = """
() => new Promise(done => {
  const canvas = document.querySelector('.map canvas');
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const [times, begun] = [[], performance.now()];
  const send = (what, angle) => canvas.dispatchEvent(new PointerEvent(`pointer${what}`, {
    bubbles: true, pointerId: 1, isPrimary: true, buttons: 1,
    clientX: left + width / 2 + 200 * Math.sin(angle), clientY: top + height / 2 + 100 * Math.cos(angle),
  }));
  canvas.setPointerCapture = () => {};
  send('down', 0);
  const step = at => {
    times.push(at);
    const angle = 3 * (performance.now() - begun) / 1000;
    send('move', angle);
    if (performance.now() - begun < 4000) requestAnimationFrame(step);
    else { send('up', angle); done(times); }
  };
  requestAnimationFrame(step);
})
"""
"""Push the map round and round for four seconds; the times of the frames meanwhile."""


def main() -> None:
    logger.setLevel("WARNING")
    pack = enlarged(read_pack(CITY))
    with up(pack, new_issuer(), port=0) as address, opened(address) as page:
        painted, filled = zip(*(reload(page) for _ in range(ROUNDS)), strict=True)
        page.goto(f"{address}/#/map")
        page.wait_for_selector(".map canvas")
        page.wait_for_timeout(3000)
        frames = page.evaluate(PANNED)
    say("first contentful paint", painted)
    say("board filled", filled)
    took = sorted(after - before for before, after in pairwise(frames))
    rate = 1000 * len(took) / (frames[-1] - frames[0])
    print(f"panning {len(pack.cameras)} cameras: {rate:.1f} frames/s, slowest frame {took[-1]:.0f} ms")


def find_chromium() -> str | None:
    return os.environ.get("MATPHO_CHROMIUM") or shutil.which("chromium")


def enlarged(pack: CityPack) -> CityPack:
    """The city with cameras beside its cameras until there are enough."""
    more = (
        replace(one, id=f"more-{one.id}", latitude=one.latitude + 0.0005)
        for one in pack.cameras[: CAMERAS - len(pack.cameras)]
    )
    return replace(pack, cameras=(*pack.cameras, *more))


@contextmanager
def opened(address: str) -> Iterator[Any]:
    """The board, signed in to."""
    driver = importlib.import_module("playwright.sync_api")  # only who develops has it
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        page.click(f"button[value={OPERATOR.id}]")
        page.wait_for_selector(".row")
        yield page
        browser.close()


def reload(page: Any) -> tuple[float, float]:
    """Milliseconds until anything is painted, and until the board has its rows."""
    page.reload()
    page.wait_for_selector(".row")
    return page.evaluate(PAINTED), page.evaluate("performance.now()")


def say(what: str, times_ms: tuple[float, ...]) -> None:
    print(f"{what}: median {statistics.median(times_ms) / 1000:.2f} s, slowest {max(times_ms) / 1000:.2f} s")


if __name__ == "__main__":
    main()
