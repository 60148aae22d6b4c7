"""What a folder of models holds, and what it lacks: standard library only, so that finding nothing to do takes no time.

`models.json` in the folder is the index the run time reads: pre-processing, digests and provenance of every model.
"""

import hashlib
import json
import os
import tomllib
from pathlib import Path
from typing import Any

from layers.models.errors import ModelError

INDEX = "models.json"
MANIFEST = Path(__file__).parent.parent / "models.toml"
_CONVERTERS = Path(__file__).parent / "convert"

Record = dict[str, Any]
Records = dict[str, Record]


def read_manifest(path: Path) -> Records:
    """Read the manifest as it is written, unchecked, by job; raises ModelError where it is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot read the manifest {str(path)!r}: {error}") from error


def outdated(manifest: Records, folder: Path) -> list[str]:
    """Name the jobs whose file is missing or damaged, or was made from another entry or by another converter."""
    records = read_index(folder)
    return [job for job, entry in manifest.items() if not _is_current(records.get(job, {}), entry, folder)]


def recipe(entry: Record) -> str:
    """Digest all that a converted file depends on: its entry in the manifest, and the converters' code and data."""
    code = b"".join(path.read_bytes() for path in sorted(_CONVERTERS.glob("*.*py")))
    return sha256(json.dumps(entry, sort_keys=True).encode() + code)


def read_index(folder: Path) -> Records:
    """Return what the folder's index says, by job; nothing where there is none that can be read."""
    try:
        return dict(json.loads((folder / INDEX).read_bytes()))
    except (FileNotFoundError, ValueError):
        return {}


def write_index(folder: Path, records: Records) -> None:
    """Replace the folder's index: the same bytes for the same models, in whatever order they were built."""
    write(folder / INDEX, json.dumps(records, indent=2, sort_keys=True).encode())


def write(path: Path, content: bytes) -> None:
    """Write under another name and rename, so that neither a reader nor a crash ever meets half a file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)


def sha256(content: bytes) -> str:
    """Return the digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _is_current(record: Record, entry: Record, folder: Path) -> bool:
    if record.get("recipe") != recipe(entry):
        return False
    file = folder / str(record["file"])
    return file.is_file() and sha256(file.read_bytes()) == record["sha256"]
