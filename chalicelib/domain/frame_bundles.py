"""Several frames of a camera in one object, as S3's price of a request is about that of looking at a frame.

A plain ustar archive `frames/{camera}/{yyyy}/{mm}/{dd}/{HHMMSSmmm}Z-{seq}.tar` of pictures `{HHMMSSmmm}Z-{seq}.jpg` of
the same day, written by a gateway. A frame's key is its bundle's key and its own name, so that whoever has the key of
one, as evidence has, knows where the bytes lie. Nothing is ever unpacked: a frame is a slice of the object, which can
be no larger than the object is, and any header but a plain file's is refused.
"""

import re

from chalicelib.errors import FrameRejected

MAX_FRAMES = 12
"""Ten bundles, a whole batch of messages, must be done within the function's minute."""

_BUNDLE_KEY = re.compile(
    r"(?a)(?P<bundle>frames/[a-z0-9][a-z0-9._-]{0,63}/\d{4}/\d{2}/\d{2}/\d{9}Z-\d{1,9}\.tar)(?:/[^/]+)?"
)
_BLOCK = 512
_PLAIN_FILE = (b"0", b"\0")


def is_bundle_key(key: str) -> bool:
    """Whether an object holds several frames."""
    return bundle_key(key) == key


def bundle_key(frame_key: str) -> str | None:
    """The key of the bundle that a frame lies in; None for a frame that is an object of its own."""
    match = _BUNDLE_KEY.fullmatch(frame_key)
    return match["bundle"] if match else None


def named_after(key: str) -> str:
    """The key a bundle's first frame would have as an object, which tells camera and time; any other key as it is."""
    return f"{key.removesuffix('.tar')}.jpg" if is_bundle_key(key) else key


def read_bundle(key: str, data: bytes) -> dict[str, bytes]:
    """The frames of a bundle by their keys, in its order; raises FrameRejected `bad_bundle` for anything irregular."""
    frames: dict[str, bytes] = {}
    at = 0
    while (header := data[at : at + _BLOCK]).strip(b"\0"):
        name, size_bytes = _read_header(header)
        frame_key = f"{key}/{name}"
        body = data[at + _BLOCK : at + _BLOCK + size_bytes]
        if len(body) != size_bytes or frame_key in frames or len(frames) == MAX_FRAMES:
            raise FrameRejected("bad_bundle", f"{frame_key!r} is cut short, there twice or one too many")
        frames[frame_key] = body
        at += _BLOCK + -(-size_bytes // _BLOCK) * _BLOCK
    if not frames:
        raise FrameRejected("bad_bundle", f"{key!r} holds nothing")
    return frames


def _read_header(header: bytes) -> tuple[str, int]:
    """Name and size; laid out at https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html."""
    regular = len(header) == _BLOCK and header[257:263] == b"ustar\0" and header[156:157] in _PLAIN_FILE
    unsigned = header[:148] + b" " * 8 + header[156:]
    if not regular or header[345:500].strip(b"\0") or sum(unsigned) != _octal(header[148:156]):
        raise FrameRejected("bad_bundle", f"not a plain file's header: {header[:32]!r}")
    return header[:100].partition(b"\0")[0].decode("ascii", "backslashreplace"), _octal(header[124:136])


def _octal(field: bytes) -> int:
    digits = field.strip(b"\0 ")
    if not re.fullmatch(rb"[0-7]+", digits):
        raise FrameRejected("bad_bundle", f"not an octal number: {field!r}")
    return int(digits, 8)
