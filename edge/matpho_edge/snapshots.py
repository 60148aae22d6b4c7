"""Cameras that answer a GET with a picture."""

from collections.abc import Generator

import httpx

from .clock import Now, monotonic_s
from .config import Login, SnapshotSource
from .errors import SourceFailed
from .frames import Picture
from .pictures import JPEG_BEGINS, decode
from .waiting import Wait

TIMEOUT_S = 10.0
MAX_BYTES = 10_000_000
"""Half of what the chain takes."""


class Snapshots:
    """One picture each time one is due."""

    def __init__(
        self,
        source: SnapshotSource,
        every_s: float,
        now: Now,
        wait: Wait,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._source = source
        self._every_s = every_s
        self._now = now
        self._wait = wait
        self._transport = transport

    def pictures(self) -> Generator[Picture]:
        """Raises SourceFailed when the camera doesn't answer with a picture of at most ten megabytes."""
        with httpx.Client(auth=http_auth(self._source.login), timeout=TIMEOUT_S, transport=self._transport) as http:
            while True:
                began_s = monotonic_s()
                at_utc, data = self._now(), self._fetch(http)
                yield Picture(decode(data), at_utc, jpeg=data if data.startswith(JPEG_BEGINS) else None)
                if self._wait(max(0.0, self._every_s - (monotonic_s() - began_s))):
                    return

    def _fetch(self, http: httpx.Client) -> bytes:
        try:
            with http.stream("GET", self._source.url) as answer:
                if not answer.is_success:
                    raise SourceFailed(f"the camera answers {answer.status_code}")
                return _read_bounded(answer)
        except httpx.HTTPError as error:
            raise SourceFailed(f"the camera: {type(error).__name__}") from error


def http_auth(login: Login | None) -> httpx.Auth | None:
    """How to sign in at a camera; digest unless it knows only basic."""
    if login is None:
        return None
    kind = httpx.DigestAuth if login.scheme == "digest" else httpx.BasicAuth
    return kind(login.user, login.password())


def _read_bounded(answer: httpx.Response) -> bytes:
    data = bytearray()
    for chunk in answer.iter_bytes():
        data += chunk
        if len(data) > MAX_BYTES:
            raise SourceFailed(f"a picture of more than {MAX_BYTES} bytes")
    return bytes(data)
