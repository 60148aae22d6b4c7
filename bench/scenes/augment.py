"""Make good photographs look like a street camera's: dark, soft, blocky, wet, grey, stamped, off-centre."""

from collections.abc import Callable

import cv2
import numpy as np

from overlays.raster import BgrImage, as_image, fractal_noise

_CHANCE = 0.3


def like_cctv(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """A copy with a random crop, a random mirroring and each degradation at a chance of 3 in 10."""
    spoilt = _cropped(image_bgr, rng)
    if rng.random() < 0.5:
        spoilt = np.ascontiguousarray(spoilt[:, ::-1])
    for degrade in _DEGRADATIONS:
        if rng.random() < _CHANCE:
            spoilt = degrade(spoilt, rng)
    return spoilt


def _cropped(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """At least 70 % of each side, so that what the label is about mostly stays inside."""
    height, width = image_bgr.shape[:2]
    crop_h, crop_w = round(height * rng.uniform(0.7, 1)), round(width * rng.uniform(0.7, 1))
    top, left = rng.integers(height - crop_h + 1), rng.integers(width - crop_w + 1)
    return image_bgr[top : top + crop_h, left : left + crop_w]


def _light(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """Another exposure and white balance; gamma up to a night's darkness, with a sensor's noise."""
    gamma = np.exp(rng.uniform(-0.3, 0.9))
    gain = rng.uniform(0.7, 1.1) * rng.uniform(0.85, 1.15, 3)
    noise = rng.normal(0, rng.uniform(0, 10), image_bgr.shape)
    return as_image(((image_bgr / 255.0) ** gamma * gain * 255 + noise).astype(np.float32))


def _soft(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """Fewer pixels than the file claims."""
    height, width = image_bgr.shape[:2]
    share = rng.uniform(0.25, 0.7)
    small = cv2.resize(
        image_bgr, (max(16, int(width * share)), max(16, int(height * share))), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _foggy(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """A haze or a dirty lens: less contrast around a grey."""
    veil = rng.uniform(0.1, 0.5)
    return as_image((image_bgr * (1 - veil) + rng.uniform(90, 200) * veil).astype(np.float32))


def _rainy(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """Thin slanting streaks and a grey day."""
    height, width = image_bgr.shape[:2]
    drops = (rng.random((height, width)) > 1 - rng.uniform(0.002, 0.01)).astype(np.float32)
    length = max(3, height // 25)
    slant = np.zeros((length, length), np.float32)
    cv2.line(slant, (int(rng.integers(length)), 0), (length // 2, length - 1), 1.0, 1)
    streaks = np.clip(cv2.filter2D(drops, -1, slant), 0, 1)[..., None] * rng.uniform(40, 110)
    return as_image((image_bgr * rng.uniform(0.75, 1.0) + streaks).astype(np.float32))


def _infrared(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """Grey, as infrared night pictures are, sometimes only paler."""
    grey = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2GRAY)[..., None].astype(np.float32)
    keep = rng.choice((0.0, 0.0, 0.4))
    return as_image(image_bgr * keep + grey * (1 - keep))


def _uneven(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """Shade and lamp light in patches."""
    patches = fractal_noise(rng, image_bgr.shape[:2], cells_xy=(3, 3), octaves=2)
    return as_image(image_bgr * (rng.uniform(0.4, 0.9) + 0.6 * patches)[..., None])


def _stamped(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """The camera's name and clock burnt in, or a band as news pictures have."""
    stamped = image_bgr.copy()
    height, width = image_bgr.shape[:2]
    clock = f"2024-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d} {rng.integers(24):02d}:00"
    text = f"CAM {rng.integers(100):02d}  {clock}"
    corner = (int(width * rng.uniform(0, 0.4)), int(height * rng.choice((0.06, 0.97))))
    cv2.putText(stamped, text, corner, cv2.FONT_HERSHEY_SIMPLEX, width / 900, (255, 255, 255), max(1, width // 400))
    if rng.random() < 0.3:
        band = slice(0, height // 12) if rng.random() < 0.5 else slice(height - height // 12, height)
        stamped[band] = rng.integers(0, 256, 3)
    return stamped


def _blocky(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """What a starved JPEG or video encoder leaves."""
    _, data = cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(8, 45))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


_DEGRADATIONS: tuple[Callable[[BgrImage, np.random.Generator], BgrImage], ...] = (
    _uneven, _light, _foggy, _rainy, _infrared, _soft, _stamped, _blocky,
)  # fmt: skip
