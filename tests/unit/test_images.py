"""Whatever bytes arrive, decoding gives an upright picture or a named refusal, never a crash."""

import struct
import zlib
from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.errors import FrameRejected
from chalicelib.vision.images import ImageLimits, decode_image, decode_reduced, resize, shrink

Image = NDArray[np.uint8]
WHITE, DARK = 255, 30


def street(width: int = 96, height: int = 64) -> Image:
    """A picture wider than high whose left half is white and whose right half is dark with a texture."""
    image = np.full((height, width, 3), DARK, np.uint8)
    image[:, : width // 2] = WHITE
    image[:: height // 8, width // 2 :] = 90
    return image


def encoded(extension: str, image: Image | None = None, *options: int) -> bytes:
    return bytes(cv2.imencode(extension, street() if image is None else image, options)[1])


JPEG, PNG, WEBP = encoded(".jpg"), encoded(".png"), encoded(".webp")
LOSSLESS_WEBP = encoded(".webp", None, cv2.IMWRITE_WEBP_QUALITY, 101)
BIG = np.random.default_rng(7).integers(0, 255, (240, 320, 3), dtype=np.uint8)
BIG_JPEG, BIG_PNG, BIG_WEBP = (encoded(extension, BIG) for extension in (".jpg", ".png", ".webp"))
BIG_PROGRESSIVE = encoded(".jpg", BIG, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
END = b"\xff\xd9"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *, bits: int = 8, colour: int = 2, rows: bytes = b"", extra: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">2I5B", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg_segment(code: int, body: bytes) -> bytes:
    return bytes((0xFF, code)) + struct.pack(">H", len(body) + 2) + body


def flat_jpeg(components: int, *, adobe_transform: int | None = None, mcus: int = 64) -> bytes:
    """A baseline JPEG, 64x64, of one colour: the first block says +64, all others say `the same again`."""
    first = "10" + "1000000" + "0"
    bits = first * components + "00" * components * (mcus - 1)
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    ids = range(1, components + 1)
    adobe = (
        b""
        if adobe_transform is None
        else jpeg_segment(0xEE, b"Adobe" + struct.pack(">3HB", 100, 0, 0, adobe_transform))
    )
    parts = [
        b"" if adobe_transform is None else adobe,
        jpeg_segment(0xDB, bytes([0]) + bytes([8] * 64)),
        jpeg_segment(0xC0, struct.pack(">B2HB", 8, 64, 64, components) + b"".join(bytes((i, 0x11, 0)) for i in ids)),
        jpeg_segment(0xC4, bytes([0x00, 1, 1, *[0] * 14, 0, 7])),  # codes 0: no change, 10: seven bits follow
        jpeg_segment(0xC4, bytes([0x10, 1, *[0] * 15, 0])),  # code 0: end of block
        jpeg_segment(0xDA, bytes([components]) + b"".join(bytes((i, 0)) for i in ids) + bytes((0, 63, 0))),
    ]
    return b"\xff\xd8" + b"".join(parts) + scan + END


def tiff(orientation: int) -> bytes:
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def jpeg_with_exif(body: bytes) -> bytes:
    return JPEG[:2] + jpeg_segment(0xE1, b"Exif\0\0" + body) + JPEG[2:]


def png_with_exif(body: bytes) -> bytes:
    return PNG[:33] + chunk(b"eXIf", body) + PNG[33:]


def riff(body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def riff_chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def extended(flags: int, width: int = 96, height: int = 64) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff_chunk(b"VP8X", bytes((flags, 0, 0, 0)) + canvas)


def webp_with_exif(body: bytes) -> bytes:
    return riff(extended(0x08) + WEBP[12:] + riff_chunk(b"EXIF", body))


def animated_webp() -> bytes:
    placed = b"\0" * 6 + (95).to_bytes(3, "little") + (63).to_bytes(3, "little") + b"\x64\0\0\0"
    frames = [riff_chunk(b"ANMF", placed + encoded(".webp", image)[12:]) for image in (street(), 255 - street())]
    return riff(extended(0x02) + riff_chunk(b"ANIM", b"\0" * 6) + b"".join(frames))


def scan_cut(data: bytes, share: float) -> bytes:
    """The file without the rest of its scan, closed as if it were whole."""
    return data[: int(len(data) * share)] + END


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


def of_size(width: int, height: int) -> bytes:
    """A real JPEG whose frame header claims another size."""
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">2H", height, width) + JPEG[at + 4 :]


REFUSED = {
    "no bytes": (b"", "empty"),
    "more bytes than allowed": (JPEG + b"\0" * 20_000_000, "too_many_bytes"),
    "a text": (b"hello, this is not a picture", "not_an_image"),
    "an html error page": (b"<!DOCTYPE html><html>404</html>", "not_an_image"),
    "zeros": (b"\0" * 4096, "not_an_image"),
    "one byte": (b"\xff", "not_an_image"),
    "a bmp, which cameras don't send": (encoded(".bmp"), "not_an_image"),
    "a gif": (b"GIF89a" + b"\0" * 64, "not_an_image"),
    "a tiff": (encoded(".tiff"), "not_an_image"),
    "a wave file, which is RIFF too": (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 32, "not_an_image"),
    "a png magic and nothing more": (PNG[:8], "truncated"),
    "a png cut in its header": (PNG[:20], "truncated"),
    "a png cut in half": (BIG_PNG[: len(BIG_PNG) // 2], "truncated"),
    "a png without its end": (PNG[:-12], "truncated"),
    "a png whose first chunk is no header": (PNG[:12] + b"IDAT" + PNG[16:], "corrupt"),
    "a png of no rows": (png(64, 64), "corrupt"),
    "a png with a flipped byte": (flipped(BIG_PNG, len(BIG_PNG) // 2), "corrupt"),
    "a png of bit depth 3": (png(64, 64, bits=3, rows=b"\0" * 12352), "corrupt"),
    "a png bomb": (png(60_000, 60_000, rows=b"\0" * 1_000_000), "too_many_pixels"),
    "a png as wide as 2**32-1": (png(2**32 - 1, 64), "too_many_pixels"),
    "a png wider than OpenCV takes": (png(2**20 + 1, 40), "corrupt"),
    "a png of no width": (png(0, 64), "too_small"),
    "a png of 1x1": (encoded(".png", street()[:1, :1]), "too_small"),
    "a jpeg of 1x1": (encoded(".jpg", street()[:1, :1]), "too_small"),
    "a webp of 1x1": (encoded(".webp", street()[:1, :1]), "too_small"),
    "a jpeg of no height": (of_size(96, 0), "too_small"),
    "a jpeg that claims 65500x65500": (of_size(65_500, 65_500), "too_many_pixels"),
    "a jpeg magic and nothing more": (b"\xff\xd8\xff", "truncated"),
    "a jpeg cut in its header": (JPEG[:40], "truncated"),
    "a jpeg cut in half": (BIG_JPEG[: len(BIG_JPEG) // 2], "truncated"),
    "a jpeg without its last byte": (JPEG[:-1], "truncated"),
    "a jpeg cut in half behind a thumbnail": (
        jpeg_with_exif(tiff(1) + JPEG)[: 2 * len(JPEG) - 40],
        "truncated",
    ),
    "a jpeg whose rest is zeros": (BIG_JPEG[: len(BIG_JPEG) // 2] + b"\0" * 9000, "truncated"),
    "a jpeg with a scan cut short and closed": (scan_cut(BIG_JPEG, 0.5), "truncated"),
    "a jpeg with a scan cut near its end and closed": (scan_cut(BIG_JPEG, 0.95), "truncated"),
    "a rotated jpeg with a scan cut short": (jpeg_with_exif(tiff(3))[:-600] + END, "truncated"),
    "a progressive jpeg cut in half": (BIG_PROGRESSIVE[: len(BIG_PROGRESSIVE) // 2], "truncated"),
    "a progressive jpeg with its first scan cut": (BIG_PROGRESSIVE[:1500] + END, "truncated"),
    "a jpeg of a thousand scans": (JPEG[:-2] + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" * 1000 + END, "too_many_scans"),
    "a jpeg with a scan and no frame": (b"\xff\xd8" + jpeg_segment(0xDA, b"\x01\x01\0\0\x3f\0") + END, "corrupt"),
    "a jpeg without quantisation": (JPEG.replace(b"\xff\xdb", b"\xff\xe5"), "corrupt"),
    "a webp cut in half": (BIG_WEBP[: len(BIG_WEBP) // 2], "truncated"),
    "a webp cut in its header": (WEBP[:22], "truncated"),
    "a webp of an unknown kind": (riff(riff_chunk(b"VP9 ", b"\0" * 32)), "corrupt"),
    "a webp of noise": (riff(WEBP[12:30] + b"\xa5" * (len(WEBP) - 30)), "corrupt"),
    "a webp canvas of 16 million a side": (riff(extended(0, 2**24, 2**24) + WEBP[12:]), "too_many_pixels"),
    "a webp canvas other than its picture": (riff(extended(0, 640, 640) + WEBP[12:]), "corrupt"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_wrong_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(FrameRejected) as refusal:
        decode_image(data)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("longest_px", [1, 40, 100], ids=["at a quarter", "at a half", "whole"])
def test_what_is_wrong_is_refused_at_less_than_its_size_as_well(data: bytes, reason: str, longest_px: int) -> None:
    with pytest.raises(FrameRejected) as refusal:
        decode_reduced(data, longest_px=longest_px)
    assert refusal.value.reason == reason


def grey_rows(bits: int) -> bytes:
    return b"".join(b"\0" + bytes([WHITE] * (48 * bits // 8)) + bytes(48 * bits // 8) for _ in range(64))


PALETTE = chunk(b"PLTE", bytes([255, 255, 255, 0, 0, 0]))
ALPHA = np.dstack([street(), np.full((64, 96), 128, np.uint8)])
DECODED = {
    "a jpeg": JPEG,
    "a progressive jpeg": encoded(".jpg", None, cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
    "a motion jpeg's frame, without huffman codes": JPEG.replace(b"\xff\xc4", b"\xff\xe5"),
    "a jpeg with restarts": encoded(".jpg", None, cv2.IMWRITE_JPEG_RST_INTERVAL, 2),
    "a greyscale jpeg": encoded(".jpg", street()[..., 0]),
    "a jpeg with bytes after its end": JPEG + b"\0camera serial\xff\xd9" * 50,
    "a jpeg with bytes between segments": JPEG[:2] + jpeg_segment(0xE5, b"x") + b"\0\0\xff\xff" + JPEG[3:],
    "a jpeg with a thumbnail": jpeg_with_exif(tiff(1) + JPEG),
    "a jpeg with corrupt exif": jpeg_with_exif(b"II*\0" + b"\xff" * 40),
    "a jpeg with exif cut short": jpeg_with_exif(b"MM"),
    "a png": PNG,
    "a png with bytes after its end": PNG + b"tail",
    "a png with corrupt exif": png_with_exif(b"\xff" * 20),
    "a png with alpha": encoded(".png", ALPHA),
    "a 16-bit png": encoded(".png", street().astype(np.uint16) * 257),  # type: ignore[arg-type]
    "a 16-bit grey png": png(96, 64, bits=16, colour=0, rows=grey_rows(16)),
    "a 1-bit png": png(96, 64, bits=1, colour=0, rows=grey_rows(1)),
    "a palette png": png(96, 64, colour=3, extra=PALETTE, rows=(b"\0" + b"\0" * 48 + b"\x01" * 48) * 64),
    "a webp": WEBP,
    "a lossless webp": LOSSLESS_WEBP,
    "a webp with alpha": encoded(".webp", ALPHA),
    "a webp with bytes after its end": WEBP + b"tail",
    "an animated webp, by its first picture": animated_webp(),
}


@pytest.mark.parametrize("data", DECODED.values(), ids=DECODED.keys())
def test_what_is_whole_is_decoded_to_8_bit_bgr(data: bytes) -> None:
    image = decode_image(data)
    assert image.shape == (64, 96, 3)
    assert image.dtype == np.uint8
    assert image[5:60, 5:40].min() > 240
    assert image[10:15, 60:90].max() < 60


@pytest.mark.parametrize("data", DECODED.values(), ids=DECODED.keys())
@pytest.mark.parametrize(("longest_px", "reduction"), [(24, 4), (25, 2), (48, 2), (49, 1), (500, 1)])
def test_a_picture_is_read_at_the_smallest_size_that_keeps_enough(data: bytes, longest_px: int, reduction: int) -> None:
    reduced = decode_reduced(data, longest_px=longest_px)
    assert (reduced.reduction, reduced.whole_wh) == (reduction, (96, 64))
    assert reduced.image_bgr.shape == (64 // reduction, 96 // reduction, 3)
    assert reduced.image_bgr[:, : 40 // reduction].min() > 230
    assert reduced.image_bgr[:, 60 // reduction :].max() < 110


@pytest.mark.parametrize("extension", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize(("width", "height"), [(97, 65), (101, 67), (131, 90), (99, 99)])
def test_the_whole_size_is_known_of_pictures_that_halves_don_t_fit(extension: str, width: int, height: int) -> None:
    reduced = decode_reduced(encoded(extension, street(width, height)), longest_px=24)
    assert reduced.reduction == 4
    assert reduced.whole_wh == (width, height)


@pytest.mark.parametrize("dress", [jpeg_with_exif, png_with_exif, webp_with_exif])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_reduced_picture_is_turned_upright_as_the_whole_one_is(
    dress: Callable[[bytes], bytes], orientation: int
) -> None:
    data = dress(tiff(orientation))
    whole, reduced = decode_image(data), decode_reduced(data, longest_px=48)
    assert reduced.whole_wh == (whole.shape[1], whole.shape[0])
    halves = cv2.resize(whole, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert np.abs(halves.astype(int) - reduced.image_bgr).mean() < 3


def test_channels_are_blue_green_red() -> None:
    blue = np.zeros((64, 64, 3), np.uint8)
    blue[..., 0] = 255
    assert decode_image(encoded(".png", blue))[9, 9].tolist() == [255, 0, 0]


@pytest.mark.parametrize("dress", [jpeg_with_exif, png_with_exif, webp_with_exif])
@pytest.mark.parametrize(
    ("orientation", "white"),
    [(1, np.s_[5:60, 5:40]), (3, np.s_[5:60, 56:90]), (6, np.s_[5:40, 5:60]), (8, np.s_[56:90, 5:60])],
    ids=["as it is", "upside down", "turned left", "turned right"],
)
def test_a_picture_is_turned_upright_exactly_once(
    dress: Callable[[bytes], bytes], orientation: int, white: tuple[slice, slice]
) -> None:
    image = decode_image(dress(tiff(orientation)))
    assert image.shape == ((64, 96, 3) if orientation in {1, 3} else (96, 64, 3))
    assert image[white].min() > 240
    assert image.mean() < 190


@pytest.mark.parametrize("transform", [None, 0, 2], ids=["cmyk", "adobe cmyk", "ycck"])
def test_print_colours_become_bgr(transform: int | None) -> None:
    image = decode_image(flat_jpeg(4, adobe_transform=transform))
    assert image.shape == (64, 64, 3)
    assert np.ptp(image.reshape(-1, 3), axis=0).max() == 0


def test_an_evenly_grey_picture_is_no_cut_scan() -> None:
    """Libjpeg fills a cut scan with exactly this grey, so only the file can tell the two apart."""
    grey = encoded(".jpg", np.full((64, 96, 3), 128, np.uint8))
    assert (decode_image(grey) == 128).all()


def test_limits_are_the_callers() -> None:
    with pytest.raises(FrameRejected, match="too_many_pixels: 96x64"):
        decode_image(JPEG, limits=ImageLimits(max_pixels=6_000))
    assert decode_image(encoded(".png", street()[:8, :8]), limits=ImageLimits(min_side_px=8)).shape == (8, 8, 3)


@pytest.mark.parametrize("size_wh", [(48, 32), (40, 20), (12, 8), (5, 60), (200, 10), (96, 64)])
def test_resizing_keeps_what_is_where(size_wh: tuple[int, int]) -> None:
    image = resize(street(), size_wh)
    assert image.shape == (size_wh[1], size_wh[0], 3)
    assert image[:, : size_wh[0] // 2 - 1].min() > 240
    assert image[:, size_wh[0] // 2 + 1 :].max() < 100


def test_shrinking_by_much_averages() -> None:
    """Picking single pixels would keep all the noise; the mean of at least four keeps half of it."""
    noise = np.random.default_rng(1).integers(78, 178, (1080, 1920, 3), dtype=np.uint8)
    assert resize(noise, (416, 234)).std() < noise.std() / 2 * 1.1


@pytest.mark.parametrize("data", [BIG_JPEG, BIG_PROGRESSIVE, PNG, WEBP, LOSSLESS_WEBP])
def test_no_cut_ends_in_anything_but_a_refusal(data: bytes) -> None:
    for end in np.linspace(1, len(data) - 1, 60).astype(int):
        with pytest.raises(FrameRejected):
            decode_image(data[:end])


@pytest.mark.parametrize("data", [JPEG, PNG, WEBP, LOSSLESS_WEBP, animated_webp()])
def test_flipped_bytes_give_a_picture_or_a_refusal(data: bytes) -> None:
    ends = []
    for at in range(12, len(data), max(1, len(data) // 150)):
        try:
            ends.append(decode_image(flipped(data, at)).ndim)
        except FrameRejected as refusal:
            ends.append(len(refusal.reason))
    assert min(ends) >= 3


def test_chunks_of_the_helpers_are_what_the_formats_say() -> None:
    """The table above is only as good as the files it makes: the plain flat JPEG and the test PNG must decode."""
    assert decode_image(flat_jpeg(1)).shape == (64, 64, 3)
    rows = decode_image(png(64, 64, rows=(b"\0" + b"\x40" * 192) * 64))
    assert all((upper == lower).all() for upper, lower in pairwise(rows))


@pytest.mark.parametrize(
    ("shape_hw", "small_hw", "share"),
    [
        pytest.param((720, 1280), (360, 640), 0.5, id="a wide picture"),
        pytest.param((1280, 720), (640, 360), 0.5, id="a tall one"),
        pytest.param((4, 6400), (1, 640), 0.1, id="a strip keeps a row"),
        pytest.param((100, 200), (100, 200), 1.0, id="a small one is never enlarged"),
    ],
)
def test_a_picture_is_shrunk_to_its_longer_side(
    shape_hw: tuple[int, int], small_hw: tuple[int, int], share: float
) -> None:
    small, by = shrink(np.zeros((*shape_hw, 3), np.uint8), 640)
    assert (small.shape[:2], by) == (small_hw, share)
