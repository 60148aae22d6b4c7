"""The labelled photographs: which kinds each one shows, and which of them must never be split between two folds."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bench.accuracy.pictures import SUFFIXES
from chalicelib.domain.kinds import CONGESTION, FIRE_SMOKE, FLOOD, GARBAGE, SCENE_KINDS
from chalicelib.errors import InvalidInput
from overlays.raster import BgrImage

_LONGEST_SIDE_PX = 640
"""Enough for every view of the encoder (224 px), and it makes augmentation five times faster than at 1080p."""

QUIET_CLASSES = ("normal", "free_flow")
"""The classes that the promised false-positive rates are about."""

_UNKNOWN: Mapping[str, frozenset[str]] = {
    FIRE_SMOKE: frozenset({"accident"}),
    FLOOD: frozenset({"flood_aerial"}),
    CONGESTION: frozenset(
        {"accident", "fire_smoke", "flood", "flood_aerial", "free_flow_uk_cctv_unlabelled", "vehicles"}
    ),
    GARBAGE: frozenset({"flood_aerial"}),
}
"""Classes that may or may not show the kind, so that they teach and test nothing about it."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One labelled photograph. `group` is a camera or clip, `source` the collection it came from."""

    path: Path
    label: str
    group: str
    source: str

    def shows(self, kind: str) -> bool | None:
        """Whether the kind is in the picture; None where the label doesn't tell."""
        return self.label == kind if tells_of(self.label, kind) else None

    @property
    def is_quiet(self) -> bool:
        return self.label in QUIET_CLASSES

    def read(self) -> BgrImage:
        """The picture in BGR, at most 640 px on its longer side; raises InvalidInput on a broken file."""
        image = cv2.imread(str(self.path))
        if image is None:
            raise InvalidInput(f"not a picture: {str(self.path)!r}")
        share = min(1.0, _LONGEST_SIDE_PX / max(image.shape[:2]))
        return np.asarray(cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)


def tells_of(label: str, kind: str) -> bool:
    """Whether a class says if the kind is shown."""
    return label not in _UNKNOWN[kind]


def load_photos(data_dir: Path) -> list[Photo]:
    """Every picture under `scenes/<class>` and `vehicles/images`, sorted; raises InvalidInput where there is none."""
    groups = _read_groups(data_dir)
    scenes = [_photo(data_dir, path, path.parent.name, groups) for path in _pictures(data_dir / "scenes", "*/*")]
    if not scenes:
        raise InvalidInput(f"no picture scenes/<class>/<name> in {str(data_dir)!r}")
    traffic = [_photo(data_dir, path, "vehicles", groups) for path in _pictures(data_dir / "vehicles/images", "*")]
    known = [photo for photo in scenes + traffic if photo.label in _LABELS]
    return sorted(known, key=lambda photo: photo.path)


def _pictures(folder: Path, pattern: str) -> list[Path]:
    return [path for path in folder.glob(pattern) if path.suffix.lower() in SUFFIXES]


def scenes_digest(data_dir: Path) -> str:
    """SHA-256 over the sorted relative paths, sizes and contents of all that `load_photos` would read."""
    digest = hashlib.sha256()
    for photo in load_photos(data_dir):
        content = photo.path.read_bytes()
        line = f"{photo.path.relative_to(data_dir).as_posix()} {len(content)} {hashlib.sha256(content).hexdigest()}\n"
        digest.update(line.encode())
    return digest.hexdigest()


_LABELS = {*SCENE_KINDS, *QUIET_CLASSES, "accident", "flood_aerial", "free_flow_uk_cctv_unlabelled", "vehicles"}


def _read_groups(data_dir: Path) -> Mapping[str, str]:
    listing = data_dir / "sources.csv"
    if not listing.exists():
        return {}
    with listing.open(newline="", encoding="utf-8") as lines:
        return {row["path"]: row["group"] for row in csv.DictReader(lines)}


def _photo(data_dir: Path, path: Path, label: str, groups: Mapping[str, str]) -> Photo:
    """Where no list names the group, the file's name does: `<source>__<name>.jpg`, a group of its own."""
    source_of_name = path.stem.partition("__")[0]
    group = groups.get(path.relative_to(data_dir).as_posix(), f"{source_of_name}:{path.stem}")
    return Photo(path, label, group, group.partition(":")[0])
