"""Somebody's folder of pictures as the frames of cameras: sub-folders are cameras, the files in order their frames."""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chalicelib.errors import InvalidInput

_KEYABLE = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_SENT = _KEYABLE | {".jpe", ".jfif", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".heic", ".heif", ".jp2"}
"""Whatever calls itself a picture is sent: the chain says by content what it can't read, and why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that stands for a frame of a camera; `number` counts the camera's pictures from 0."""

    camera_id: str
    number: int
    path: Path

    @property
    def extension(self) -> str:
        """The extension of its key: keys allow three, and content decides anyway."""
        suffix = self.path.suffix.lower()
        return suffix[1:] if suffix in _KEYABLE else "jpg"


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder holds: pictures by camera in their order, and the files that are none or can't be read."""

    pictures: tuple[Picture, ...]
    skipped: tuple[Path, ...]


def read_folder(folder: Path) -> Folder:
    """Find the pictures; raises InvalidInput when there is no such folder or none in it."""
    if not folder.is_dir():
        raise InvalidInput(f"no such folder: {str(folder)!r}")
    files = {camera: list(paths) for camera, paths in _files_of_cameras(folder)}
    pictures = tuple(
        Picture(camera, number, path)
        for camera, paths in files.items()
        for number, path in enumerate(filter(_is_picture, paths))
    )
    if not pictures:
        raise InvalidInput(f"no pictures in {str(folder)!r}: looked for {' '.join(sorted(_SENT))}")
    return Folder(pictures, tuple(path for paths in files.values() for path in paths if not _is_picture(path)))


def slug(name: str) -> str:
    """A name as a camera id that a key can carry: `Ngã sáu Đường 3` becomes `nga-sau-duong-3`."""
    plain = unicodedata.normalize("NFKD", name.translate({0x111: "d", 0x110: "D"})).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9._-]+", "-", plain.lower()).strip("-._")[:64] or "camera"


def _files_of_cameras(folder: Path) -> Iterator[tuple[str, Iterable[Path]]]:
    """A camera for the files that lie in the folder itself, and one for each of its sub-folders, however deep."""
    taken: set[str] = set()
    flat = _in_order(folder, (path for path in folder.iterdir() if path.is_file()))
    if flat:
        yield _unused(slug(folder.resolve().name), taken), flat
    for sub in _in_order(folder, (path for path in folder.iterdir() if path.is_dir())):
        deep = _in_order(sub, (path for path in sub.rglob("*") if path.is_file()))
        if deep:
            yield _unused(slug(sub.name), taken), deep


def _unused(name: str, taken: set[str]) -> str:
    """The name, or with a number behind it when another folder's came out the same."""
    candidate, number = name, 2
    while candidate in taken:
        suffix = f"-{number}"
        candidate, number = name[: 64 - len(suffix)] + suffix, number + 1
    taken.add(candidate)
    return candidate


def _in_order(folder: Path, paths: Iterable[Path]) -> list[Path]:
    """Sorted as people count, 2 before 10, without what is hidden or an archive's leftovers."""
    seen = (path for path in paths if not any(map(_is_hidden, path.relative_to(folder).parts)))
    return sorted(seen, key=lambda path: _counted(str(path)))


def _counted(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "__MACOSX"))


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in _SENT and os.access(path, os.R_OK)
