"""Inputs that no camera should send and some do: what each is, and how it must end."""

import struct
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.frames import frame_key
from edge.matpho_edge.bundles import make_bundle

PROCESSED = "processed"
REJECTED = "rejected"
"""For any reason: a decoder may find more than one fault in a file."""

CAMERA = "tv-1"


@dataclass(frozen=True, slots=True)
class Poison:
    """What is put under which key, and how it must end: processed, rejected, or rejected for this very reason.

    A bundle's frame has a key of its own, and `put_as` is its bundle's.
    """

    name: str
    key: str
    data: bytes
    ends: str
    put_as: str = ""


def poisons(now_utc: datetime) -> tuple[Poison, ...]:
    """All of them, each under a key of its own."""
    pictures = [*_wrong_files(), *_odd_pictures()]
    keyed = [
        Poison(name, frame_key(CAMERA, now_utc + timedelta(seconds=number), number), data, ends)
        for number, (name, data, ends) in enumerate(pictures)
    ]
    return (*keyed, *_bad_keys(now_utc), *_bad_bundles(now_utc))


def _picture(height: int = 240, width: int = 320) -> NDArray[np.uint8]:
    """A street of sorts: a gradient with squares, so that it is neither dark nor blank."""
    rows, columns = np.mgrid[0:height, 0:width]
    base = np.stack((rows * 255 // max(height - 1, 1), columns * 255 // max(width - 1, 1), (rows ^ columns) % 256), -1)
    return base.astype(np.uint8)


def _encoded(suffix: str, image: NDArray[np.integer[Any]], *options: int) -> bytes:
    return cv2.imencode(suffix, image, options)[1].tobytes()


def _wrong_files() -> Iterator[tuple[str, bytes, str]]:
    jpeg, png = _encoded(".jpg", _picture()), _encoded(".png", _picture())
    yield "nothing at all", b"", REJECTED
    yield "one byte", b"\xff", REJECTED
    yield "a text", b"hello, world", REJECTED
    yield "a web page", b"<html><body>login</body></html>", REJECTED
    yield "JSON", b'{"error": "camera offline"}', REJECTED
    yield "zeros", bytes(4096), REJECTED
    yield "noise", np.random.default_rng(1).integers(0, 256, 5000, np.uint8).tobytes(), REJECTED
    yield "a JPEG's mark alone", b"\xff\xd8\xff", REJECTED
    yield "a JPEG without its beginning", jpeg[200:], REJECTED
    yield "a PNG's mark alone", png[:8], REJECTED
    yield "a PNG without data", png[:40], REJECTED
    yield "a GIF", b"GIF89a" + struct.pack("<HH", 8, 8) + bytes(40), REJECTED
    yield "a BMP", _encoded(".bmp", _picture()), REJECTED
    yield "a TIFF", _encoded(".tiff", _picture()), REJECTED
    yield "a PDF", b"%PDF-1.7\n%\xe2\xe3", REJECTED
    yield "a zip", b"PK\x03\x04" + bytes(200), REJECTED
    yield "a gzip", zlib.compress(bytes(10_000)), REJECTED
    yield "an executable", b"MZ" + bytes(500), REJECTED
    yield "a script", b"#!/bin/sh\nrm -rf /\n", REJECTED
    yield "an SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', REJECTED
    yield "a video's box", b"\x00\x00\x00\x18ftypmp42" + bytes(100), REJECTED
    yield "a pickle", b"\x80\x04\x95" + bytes(50), REJECTED
    for name, width, height in (("as wide as can be", 65_500, 8), ("as tall as can be", 8, 65_500)):
        yield f"a JPEG {name}", _encoded(".jpg", np.zeros((height, width, 3), np.uint8)), REJECTED
    yield "a PNG bomb", _png_bomb(30_000, 30_000), REJECTED
    yield "a PNG that says it is larger than any", _png_bomb(2**31 - 1, 2**31 - 1), REJECTED
    yield "a JPEG that says it is 65,535 square", _resized_header(jpeg, 65_535, 65_535), REJECTED
    yield "a JPEG that says it is empty", _resized_header(jpeg, 0, 0), REJECTED
    yield "a picture of 20 megabytes", jpeg + bytes(20_000_000), REJECTED


def _odd_pictures() -> Iterator[tuple[str, bytes, str]]:
    """A decoder may take or refuse those that a camera could still have meant."""
    picture, either = _picture(), f"{PROCESSED} or {REJECTED}"
    jpeg = _encoded(".jpg", picture)
    yield "an ordinary picture", jpeg, PROCESSED
    yield "an ordinary PNG", _encoded(".png", picture), either
    yield "an ordinary WebP", _encoded(".webp", picture), either
    yield "a grey JPEG", _encoded(".jpg", picture[:, :, 0]), PROCESSED
    yield "a progressive JPEG", _encoded(".jpg", picture, cv2.IMWRITE_JPEG_PROGRESSIVE, 1), PROCESSED
    yield "the poorest JPEG", _encoded(".jpg", picture, cv2.IMWRITE_JPEG_QUALITY, 1), PROCESSED
    yield "a PNG of 16 bits", _encoded(".png", picture.astype(np.uint16) * 257), either
    yield "a PNG with transparency", _encoded(".png", np.dstack((picture, picture[:, :, 0]))), either
    yield "one pixel", _encoded(".jpg", picture[:1, :1]), either
    yield "one row", _encoded(".jpg", picture[:1]), either
    yield "one column", _encoded(".jpg", picture[:, :1]), either
    yield "a thumbnail", _encoded(".jpg", picture[:32, :32]), either
    yield "an odd size", _encoded(".jpg", picture[:239, :317]), PROCESSED
    yield "a panorama", _encoded(".jpg", np.hstack([picture] * 12)), either
    yield "pitch black", _encoded(".jpg", np.zeros_like(picture)), PROCESSED
    yield "pure white", _encoded(".jpg", np.full_like(picture, 255)), PROCESSED
    for share in (10, 50, 90, 99):
        yield f"a JPEG cut at {share} %", jpeg[: len(jpeg) * share // 100], either
    yield "a JPEG without its end mark", jpeg[:-2], either
    yield "a JPEG with bytes behind it", jpeg + b"<?php system($_GET[0]); ?>", either
    yield "two JPEGs in one", jpeg + jpeg, either
    for place in (30, 200, 600):
        yield f"a JPEG with a byte flipped at {place}", _flipped(jpeg, place), either
    yield "EXIF that lies about its length", _with_exif(jpeg, b"Exif\x00\x00" + b"\xff" * 30), either
    yield "EXIF with an orientation of 99", _with_exif(jpeg, _orientation(99)), either
    yield "EXIF that turns the picture", _with_exif(jpeg, _orientation(6)), PROCESSED
    yield "EXIF that points to itself", _with_exif(jpeg, b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff"), either
    yield (
        "a comment of 60 kilobytes",
        jpeg[:2] + b"\xff\xfe" + struct.pack(">H", 60_000) + bytes(59_998) + jpeg[2:],
        either,
    )
    yield "a JPEG that says it has four colours", _four_components(jpeg), either


def _bad_keys(now_utc: datetime) -> Iterator[Poison]:
    jpeg = _encoded(".jpg", _picture())
    stamp = f"{now_utc:%Y/%m/%d/%H%M%S}000Z"
    keys = {
        "frames/../../etc/passwd": "bad_key",
        f"frames/../{CAMERA}/{stamp}-1.jpg": "bad_key",
        f"frames/{CAMERA}/%2e%2e/{stamp}-1.jpg": "bad_key",
        f"frames//{stamp}-2.jpg": "bad_key",
        f"frames/{CAMERA}/{stamp}.jpg": "bad_key",
        f"frames/{CAMERA}/{stamp}--1.jpg": "bad_key",
        f"frames/{CAMERA}/{stamp}-x.jpg": "bad_key",
        f"frames/{CAMERA}/2026/13/45/{stamp[-10:]}-1.jpg": "bad_key",
        f"frames/{CAMERA}/2026/02/30/010000000Z-1.jpg": "bad_key",
        f"frames/{CAMERA}/readme.txt": "bad_key",
        f"frames/máy-ảnh/{stamp}-3.jpg": REJECTED,
        f"frames/💥/{stamp}-4.jpg": REJECTED,
        f"frames/{CAMERA} /{stamp}-5.jpg": REJECTED,
        f"frames/{'x' * 500}/{stamp}-6.jpg": REJECTED,
        f"frames/nobody-knows/{stamp}-7.jpg": "unknown_camera",
        f"frames/TV-1/{stamp}-8.jpg": REJECTED,
        frame_key(CAMERA, now_utc + timedelta(days=1), 1): "captured_in_future",
        frame_key(CAMERA, now_utc + timedelta(days=4000), 1): "captured_in_future",
        frame_key(CAMERA, now_utc - timedelta(days=9000), 1): PROCESSED,
    }
    for number, (key, ends) in enumerate(keys.items()):
        yield Poison(f"the key {key[:60]!r}", key, jpeg + bytes([number]), ends)


def _bad_bundles(now_utc: datetime) -> Iterator[Poison]:
    """Objects of several frames; one that holds is settled frame by frame, and so is a broken one among its frames."""
    jpeg, name = _encoded(".jpg", _picture()), f"{now_utc:%H%M%S}000Z"
    good = make_bundle([(f"{name}-1.jpg", jpeg), (f"{name}-2.jpg", jpeg[:300])])
    linked = tarfile.TarInfo(f"{name}-1.jpg")
    linked.type, linked.linkname = tarfile.SYMTYPE, "/etc/passwd"
    wholes = {
        "nothing at all": b"",
        "a picture": jpeg,
        "zeros": bytes(10_240),
        "its first block alone": good[:512],
        "cut in a frame": good[:600],
        "a header with a wrong sum": good[:150] + b"9" + good[151:],
        "a link": linked.tobuf(tarfile.USTAR_FORMAT) + bytes(1024),
        "one frame twice": make_bundle([(f"{name}-1.jpg", jpeg)] * 2),
        "thirteen frames": make_bundle([(f"{name}-{number}.jpg", b"x") for number in range(13)]),
    }
    for number, (what, data) in enumerate(wholes.items(), start=100):
        yield Poison(f"a bundle of {what}", _bundle_key(now_utc, number), data, "bad_bundle")
    key = _bundle_key(now_utc, 200)
    yield Poison("a good frame of a bundle", f"{key}/{name}-1.jpg", good, PROCESSED, put_as=key)
    yield Poison("its broken neighbour", f"{key}/{name}-2.jpg", good, REJECTED, put_as=key)
    key = _bundle_key(now_utc, 201)
    escape = make_bundle([("../../../etc/passwd", jpeg)])
    yield Poison("a name in a bundle that leads out of it", f"{key}/../../../etc/passwd", escape, "bad_key", put_as=key)


def _bundle_key(now_utc: datetime, number: int) -> str:
    return frame_key(CAMERA, now_utc, number).removesuffix(".jpg") + ".tar"


def _png_bomb(width: int, height: int) -> bytes:
    """Few bytes that claim to be billions of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _resized_header(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def _four_components(jpeg: bytes) -> bytes:
    at = jpeg.index(b"\xff\xc0") + 9
    return jpeg[:at] + b"\x04" + jpeg[at + 1 :]


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def _with_exif(jpeg: bytes, exif: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def _orientation(value: int) -> bytes:
    """An EXIF block that holds the orientation and nothing else."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, value, 0)
    return b"Exif\x00\x00II*\x00" + struct.pack("<IH", 8, 1) + entry + bytes(4)
