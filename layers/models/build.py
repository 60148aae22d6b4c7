"""Fetches and converts models into a folder, one archive after the other, each finished before the next is begun."""

import itertools
from collections.abc import Callable
from pathlib import Path

from layers.models.convert import convert
from layers.models.fetch import fetch
from layers.models.manifest import Manifest, ModelEntry, Source, parse_manifest
from layers.models.state import Record, Records, read_index, recipe, sha256, write, write_index

OnStep = Callable[[str, int, int], None]
"""Told what begins, how many steps are done, and how many there are."""


def build(manifest: Records, folder: Path, *, on_step: OnStep) -> None:
    """Fetch and convert every model of the manifest and index it; raises ModelError, and keeps what was complete."""
    entries = parse_manifest(manifest)
    archives = _by_archive(entries)
    steps = len(archives) + len(entries)
    done = itertools.count()
    folder.mkdir(parents=True, exist_ok=True)
    for sharing in archives:
        source = _union(sharing)
        on_step(f"fetching {source.title}", next(done), steps)
        members = fetch(source)
        for job, entry in sharing.items():
            on_step(f"converting {entry.title}", next(done), steps)
            record = {**_convert(entry, members, folder / f"{job}.onnx"), "recipe": recipe(manifest[job])}
            write_index(folder, {**read_index(folder), job: record})
    on_step("done", steps, steps)


def _by_archive(entries: Manifest) -> list[Manifest]:
    """Group models that come out of the same archive, so that it is downloaded once."""
    titles = dict.fromkeys(entry.source.title for entry in entries.values())
    return [{job: entry for job, entry in entries.items() if entry.source.title == title} for title in titles]


def _union(sharing: Manifest) -> Source:
    sources = [entry.source for entry in sharing.values()]
    members = {name: digest for source in sources for name, digest in source.members.items()}
    return sources[0].model_copy(update={"members": members})


def _convert(entry: ModelEntry, members: dict[str, bytes], file: Path) -> Record:
    model = convert(entry.converter, [members[name] for name in entry.source.members])
    write(file, model)
    return {**entry.model_dump(mode="json", exclude_none=True), "file": file.name, "sha256": sha256(model)}
