"""A browser before a town: Testville on the local cloud, a clock that can be put on, and people to sign in as.

What needs the browser runs in a process of its own, by `make browser`: its event loop gets in the way of other tests.
"""

import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from bench.console import find_chromium
from chalicelib import bootstrap, bootstrap_evidence
from chalicelib.domain.city import CityPack
from city.reading import read_pack
from local.clock import now
from local.issuer import new_issuer
from local.sample import opening
from local.sample_pictures import show
from local.sign_in import Person
from local.site import BUILT
from local.up import up

TESTVILLE = Path(__file__).parents[2] / "city" / "testville"
WAIT_MS = 8_000
PEOPLE = (
    Person("olga", "Olga Operator", "điều hành", "operator", ("ioc_operator@*",), ("ioc",)),
    Person("oskar", "Oskar Operator", "điều hành", "operator", ("ioc_operator@*",), ("ioc",)),
    Person("ward", "Wanda Ward", "công an phường", "ward officer", ("ward_officer@harbour",)),
    Person("first", "Frida First", "xác minh", "reviewer", ("reviewer@*",)),
    Person("second", "Sven Second", "xác minh", "reviewer", ("reviewer@*",)),
    Person("asks", "Anna Asks", "công an", "officer", ("city_officer@*",)),
    Person("decides", "Dora Decides", "công an", "officer", ("city_officer@*",)),
    Person("watches", "Walter Watches", "bảo vệ dữ liệu", "data protection", ("data_protection_officer@*",)),
    Person("tech", "Tilda Tech", "kỹ thuật", "technician", ("camera_operator@*",)),
    Person("admin", "Ada Admin", "quản trị", "administrator", ("administrator@*",)),
)


@dataclass(slots=True)
class Town:
    """Where the town's console is, its time, and a way to let things happen there."""

    pack: CityPack
    address: str = ""
    ahead: timedelta = timedelta()
    waiting: SimpleQueue[Callable[[datetime], None]] = field(default_factory=SimpleQueue)

    def clock(self) -> datetime:
        return now() + self.ahead

    def each_second(self, at_utc: datetime) -> None:
        while not self.waiting.empty():
            self.waiting.get()(at_utc)

    def happen(self, kind: str, camera_id: str) -> str:
        """Open an incident, by the rules, with drawn pictures of it; its id once it is there."""
        found: list[str] = []

        def open_it(at_utc: datetime) -> None:
            camera = self.pack.camera(camera_id)
            assert camera is not None
            change = opening(self.pack, kind, camera, at_utc)
            bootstrap.incidents().commit(change)
            show(bootstrap_evidence.evidence_vault(), change.incident)
            found.append(change.incident.id)

        self.let(open_it)
        return found[0]

    def let(self, happen: Callable[[datetime], None]) -> None:
        """Do something to the town between two requests, and wait for it."""
        done = threading.Event()
        self.waiting.put(happen)
        self.waiting.put(lambda _: done.set())
        assert done.wait(20), "the town stands still"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    if not (BUILT / "index.html").is_file():
        pytest.skip("the console is not built: run make console")
    pack = read_pack(TESTVILLE)
    town = Town(pack)
    parts: Any = {"people": PEOPLE, "clock": town.clock, "each_second": town.each_second}
    with up(pack, new_issuer(), port=0, **parts) as address:
        town.address = address
        yield town


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    driver = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install -r requirements-dev.txt")
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no chromium: apt-get install chromium")
    # Collecting garbage never ends once a future's iterator is freed twice: https://github.com/python/cpython/issues/122695,
    # can go when Python 3.12.6 is the oldest 3.12 about.
    gc.disable()
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def sign_in(town: Town, browser: Any) -> Iterator[Callable[..., Any]]:
    """Open the console as somebody, in a browser of their own. What the page's console complains of fails the test."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def open_page(person: str, where: str = "", *, width: int = 1280, height: int = 800) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None
        )
        page.goto(f"{town.address}/{where}")
        page.click(f"button[value={person}]")
        page.wait_for_selector("#main")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
