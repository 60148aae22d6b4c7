"""A frame is one snapshot of one camera at one instant; its S3 key says which, so a listing is a manifest.

The key of a frame in a bundle (frame_bundles.py) goes on after the bundle's.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.errors import FrameRejected

_KEY = re.compile(
    r"(?a)frames/(?P<camera>[a-z0-9][a-z0-9._-]{0,63})/(?P<day>\d{4}/\d{2}/\d{2})/"
    r"(?:\d{9}Z-\d{1,9}\.tar/)?(?P<time>\d{9})Z-(?P<sequence>\d{1,9})\.(?:jpe?g|png|webp)"
)


@dataclass(frozen=True, slots=True)
class FrameRef:
    """Where a frame lies and when it was taken. `captured_at_utc` is aware and has millisecond precision."""

    camera_id: str
    captured_at_utc: datetime
    sequence: int
    key: str
    size_bytes: int

    @property
    def order(self) -> tuple[datetime, int]:
        """What sorts a camera's frames and names one of them, however often and late it arrives."""
        return self.captured_at_utc, self.sequence


def frame_key(camera_id: str, captured_at_utc: datetime, sequence: int, extension: str = "jpg") -> str:
    """The S3 key of a frame: `frames/{camera}/{yyyy}/{mm}/{dd}/{HHMMSSmmm}Z-{seq}.{extension}`."""
    at = captured_at_utc.astimezone(UTC)
    return f"frames/{camera_id}/{at:%Y/%m/%d/%H%M%S}{at.microsecond // 1000:03d}Z-{sequence}.{extension}"


def parse_frame_key(key: str, size_bytes: int) -> FrameRef:
    """Read a (URL-decoded) S3 key; raises FrameRejected `bad_key` on anything that isn't a frame's key."""
    match = _KEY.fullmatch(key)
    if match is None:
        raise FrameRejected("bad_key", repr(key[:200]))
    return FrameRef(match["camera"], _instant(key, match), int(match["sequence"]), key, size_bytes)


def _instant(key: str, match: re.Match[str]) -> datetime:
    try:
        return datetime.strptime(f"{match['day']} {match['time']}000+0000", "%Y/%m/%d %H%M%S%f%z")
    except ValueError as error:
        raise FrameRejected("bad_key", repr(key[:200])) from error
