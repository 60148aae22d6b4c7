"""In how many ways numbers or pixels may be written down, to look for them in whatever a system leaves behind."""

import base64
import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

RUN = 6
"""Neighbouring numbers that are looked for together: nothing else has six of a template's numbers in a row."""

IMAGE_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF")
IMAGE_SIGNATURES_IN_BASE64 = (b"/9j/4AAQ", b"iVBORw0KGgo")


def finds_template(haystack: bytes, template: NDArray[np.float32]) -> str | None:
    """How a template `(dim,)`, or six neighbours of it, are written in some bytes; None when they aren't."""
    for start in range(0, len(template) - RUN + 1, RUN):
        part = template[start : start + RUN]
        for name, kind in (("float32", np.float32), ("float16", np.float16), ("float64", np.float64)):
            found = _finds_bytes(haystack, part.astype(kind).tobytes())
            if found:
                return f"{name} {found}"
        if re.search(_as_text(part), haystack):
            return "decimals"
    return None


def finds_pixels(haystack: bytes, crop: NDArray[np.uint8]) -> str | None:
    """How the middle row of a picture `(h, w, 3)` is written in some bytes; None when it isn't."""
    middle = crop[len(crop) // 2]
    for row in (middle, middle[:, ::-1]):  # BGR and RGB
        found = _finds_bytes(haystack, row.tobytes())
        if found:
            return found
    return None


def finds_picture(haystack: bytes) -> bool:
    """Whether some bytes are a picture file, or hold one in base64."""
    return haystack.startswith(IMAGE_SIGNATURES) or any(mark in haystack for mark in IMAGE_SIGNATURES_IN_BASE64)


def _finds_bytes(haystack: bytes, needle: bytes) -> str | None:
    spelled = {"raw": [needle], "hex": [needle.hex().encode(), needle.hex().upper().encode()]}
    spelled["base64"] = list(_in_base64(needle))
    return next((name for name, ways in spelled.items() if any(way in haystack for way in ways)), None)


def _in_base64(needle: bytes) -> Iterator[bytes]:
    """Wherever it begins within base64's groups of three; what the neighbours have a part in is left off."""
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + needle)
        inner = encoded[4 if shift else 0 : len(encoded) - 4]
        yield inner
        yield inner.translate(bytes.maketrans(b"+/", b"-_"))


def _as_text(part: NDArray[np.float32]) -> bytes:
    """Six numbers by their first four digits, whatever stands between them."""
    return rb"[^0-9.]{1,24}".join(_digits(float(value)) for value in part)


def _digits(value: float) -> bytes:
    """A number's leading digits as JSON or Python may print it, in plain or scientific form."""
    plain = re.escape(f"{abs(value):.9f}"[:6].encode())
    mantissa = re.escape(f"{abs(value):.6e}"[:4].encode())
    return b"(?:" + plain + rb"\d*|" + mantissa + rb"\d*e-?\d+)"
