"""Folders that cameras drop pictures into, by FTP or a network share; also how to play a set of pictures through.

A picture is dated by its file's time of modification, and one that is older than the newest taken is passed over.
"""

import logging
import time
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

from .config import FolderSource
from .errors import SourceFailed
from .frames import MAX_OBJECT_BYTES, Picture, Position
from .pictures import JPEG_BEGINS, decode
from .waiting import Wait

SETTLED_S = 2.0
"""How long a file must have been left alone before it is taken for whole."""

NAMES = {".jpg", ".jpeg", ".png", ".webp"}

log = logging.getLogger(__name__)


class Folder:
    """The pictures of a folder, the oldest first."""

    def __init__(self, source: FolderSource, every_s: float, wait: Wait) -> None:
        self._source = source
        self._every_s = every_s
        self._wait = wait

    def pictures(self) -> Generator[Picture]:
        """Each file once; what is no picture is passed over, with a word in the log."""
        newest, index = (0, ""), 0
        while True:
            for stamp, path in _settled_files(self._source.path, after=newest):
                newest, index = stamp, max(stamp[0], index + 1)  # copied files may share an instant
                picture = self._read(path, stamp[0], index)
                if picture is not None:
                    yield picture
                if self._source.delete_taken:
                    path.unlink(missing_ok=True)
            if not self._source.watch or self._wait(self._every_s):
                return

    def _read(self, path: Path, modified_ns: int, index: int) -> Picture | None:
        try:
            data = _read_bounded(path)
            image = decode(data)
        except (OSError, SourceFailed) as error:
            log.warning("%s is passed over: %s", path.name, error)
            return None
        at_utc = datetime.fromtimestamp(modified_ns / 1e9, UTC)
        own = data if data.startswith(JPEG_BEGINS) else None
        return Picture(image, at_utc, jpeg=own, position=Position(str(self._source.path), index))


def _settled_files(folder: Path, *, after: tuple[int, str]) -> list[tuple[tuple[int, str], Path]]:
    """Whole files by time of modification in nanoseconds and name, which come after one."""
    before_ns = time.time_ns() - int(SETTLED_S * 1e9)
    try:
        found = [(path.stat().st_mtime_ns, path) for path in folder.iterdir() if path.suffix.lower() in NAMES]
    except OSError as error:
        raise SourceFailed(f"cannot read {str(folder)!r}: {error.strerror}") from error
    stamped = [((modified_ns, path.name), path) for modified_ns, path in found if modified_ns <= before_ns]
    return sorted(one for one in stamped if one[0] > after)


def _read_bounded(path: Path) -> bytes:
    if path.stat().st_size > MAX_OBJECT_BYTES:
        raise SourceFailed(f"larger than {MAX_OBJECT_BYTES} bytes")
    return path.read_bytes()
