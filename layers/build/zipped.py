"""A folder as a zip that is the same bytes each time, under a name that follows from its content.

The digest is of the files, not of the zip, because another zlib packs the same files into other bytes.
"""

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest that a zip can say
_UNIX = 3
_READABLE = 0o100644 << 16  # all may read, which Lambda needs; libraries load without being executable
_LEVEL = 6


def content_digest(folder: Path) -> str:
    """SHA-256 over names and bytes of all files."""
    digest = hashlib.sha256()
    for name, path in _files(folder):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def pack(folder: Path, target: Path) -> None:
    """Write the folder's files, and nothing of when, where and by whom, in the order of their names."""
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, path in _files(folder):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, _LEVEL)


def unzipped_bytes(folder: Path) -> int:
    """What Lambda counts."""
    return sum(path.stat().st_size for _, path in _files(folder))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    named = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    yield from sorted(named)
