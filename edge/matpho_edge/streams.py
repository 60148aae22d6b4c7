"""Video by OpenCV: live streams, read all the time as what isn't read is late when it is, and recordings.

Only the pictures that are looked at are decoded to BGR, which is most of the cost.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from urllib.parse import quote, urlsplit

import cv2
import numpy as np
from numpy.typing import NDArray

from .clock import Now, monotonic_s
from .config import Login, RtspSource, VideoSource
from .errors import SourceFailed
from .frames import Picture, Position
from .waiting import Wait

TIMEOUT_MS = 10_000
USUAL_FPS = 25.0
"""For recordings that don't say."""


class Stream:
    """A live stream, by RTSP over TCP."""

    def __init__(self, source: RtspSource, every_s: float, now: Now) -> None:
        self._source = source
        self._every_s = every_s
        self._now = now

    def pictures(self) -> Generator[Picture]:
        """Raises SourceFailed when the stream can't be opened, ends or falls silent for ten seconds."""
        due_s = monotonic_s()
        with _opened(_with_login(self._source.url, self._source.login)) as capture:
            while capture.grab():
                if monotonic_s() >= due_s:
                    due_s = monotonic_s() + self._every_s
                    yield Picture(_retrieve(capture), self._now())
        raise SourceFailed("the stream ended")


class Recording:
    """A video file, each of its frames dated by its place in it."""

    def __init__(self, source: VideoSource, every_s: float, wait: Wait) -> None:
        self._source = source
        self._every_s = every_s
        self._wait = wait

    def pictures(self) -> Generator[Picture]:
        """Always the same ones; raises SourceFailed where the file can't be read."""
        starts_at = self._source.starts_at or self._dated()
        name = f"{self._source.path}@{starts_at.isoformat()}"
        with _opened(str(self._source.path)) as capture:
            for index, at_s in _looks(capture, self._every_s):
                if index and self._source.realtime and self._wait(self._every_s):
                    return
                at_utc = starts_at + timedelta(seconds=at_s)
                yield Picture(_retrieve(capture), at_utc, position=Position(name, index))

    def _dated(self) -> datetime:
        try:
            return datetime.fromtimestamp(self._source.path.stat().st_mtime, UTC)
        except OSError as error:
            raise SourceFailed(f"cannot read {str(self._source.path)!r}: {error.strerror}") from error


def _looks(capture: cv2.VideoCapture, every_s: float) -> Iterator[tuple[int, float]]:
    """Number and time of each frame that is due; the capture stands at it."""
    frames_a_second = capture.get(cv2.CAP_PROP_FPS) or USUAL_FPS
    index, due_s = 0, 0.0
    while capture.grab():
        at_s = index / frames_a_second
        if at_s >= due_s:
            due_s += every_s
            yield index, at_s
        index += 1


@contextmanager
def _opened(place: str) -> Iterator[cv2.VideoCapture]:
    limits = {
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC: TIMEOUT_MS,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC: TIMEOUT_MS,
        cv2.CAP_PROP_N_THREADS: 1,  # each more holds a few pictures, and there are as many decoders as cameras
    }
    capture = cv2.VideoCapture(place, cv2.CAP_FFMPEG, list(chain.from_iterable(limits.items())))
    try:
        if not capture.isOpened():
            raise SourceFailed("cannot be opened")
        yield capture
    finally:
        capture.release()


def _retrieve(capture: cv2.VideoCapture) -> NDArray[np.uint8]:
    there, image = capture.retrieve()
    if not there:
        raise SourceFailed("a frame cannot be decoded")
    return np.asarray(image, np.uint8)


def _with_login(url: str, login: Login | None) -> str:
    if login is None:
        return url
    parts = urlsplit(url)
    name = f"{quote(login.user, safe='')}:{quote(login.password(), safe='')}"
    return parts._replace(netloc=f"{name}@{parts.netloc.rpartition('@')[2]}").geturl()
