"""What an installer wants to know before leaving: does each camera give a picture, and may it be uploaded."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from .clock import CheckedClock
from .config import Camera, Config, Login, read_secret
from .errors import EdgeError, SourceFailed
from .gateway import TIMEOUT_S
from .grants import Grants
from .sources import make_source


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried, and how it went."""

    what: str
    words: str
    fine: bool


def check_secrets(config: Config) -> Iterator[Finding]:
    """Whether every file with a secret can be read; what they hold is not told."""
    for what, path in _secrets(config):
        yield _tried(what, partial(_can_read, path))


def check_connections(config: Config, *, transport: httpx.BaseTransport | None = None) -> Iterator[Finding]:
    """A picture of each camera, a grant for each, and how far the box's clock is off."""
    clock = CheckedClock(config.clock_tolerance_s)
    hooks = {"response": [clock.hear]}
    with httpx.Client(timeout=TIMEOUT_S, event_hooks=hooks, transport=transport) as http:
        grants = Grants(http, config.api, config.token_file)
        for camera in config.cameras:
            yield _tried(f"{camera.id}: picture", partial(_look, camera, clock))
            yield _tried(f"{camera.id}: grant", partial(_ask, grants, camera))
    yield Finding("clock", f"corrected by {clock.correction_s:+.0f} s", fine=True)


def _secrets(config: Config) -> Iterator[tuple[str, Path]]:
    yield "token", config.token_file
    for camera in config.cameras:
        for part in (camera.source, camera.events):
            login: Login | None = getattr(part, "login", None)
            if login is not None:
                yield f"{camera.id}: password", login.password_file


def _can_read(path: Path) -> str:
    read_secret(path)
    return "can be read"


def _ask(grants: Grants, camera: Camera) -> str:
    return f"for {grants.of(camera.id).prefix}"


def _look(camera: Camera, clock: CheckedClock) -> str:
    with closing(make_source(camera, clock, lambda _: True).pictures()) as pictures:
        for picture in pictures:
            height_px, width_px = picture.image_bgr.shape[:2]
            return f"{width_px} x {height_px}"
    raise SourceFailed("no picture yet")


def _tried(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(what, attempt(), fine=True)
    except EdgeError as error:
        return Finding(what, str(error), fine=False)
