"""Lays out what a function will find under /opt and beside its handler, and weighs and zips it."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import chalice

from layers.build import elf, wheels
from layers.build.bytecode import replace_sources
from layers.build.errors import LayerError
from layers.build.plan import ROOT, Plan, Trim
from layers.build.zipped import content_digest, pack, unzipped_bytes
from layers.models.state import INDEX, read_index

MODELS = "models"
_CHALICE = ("__init__.py", "app.py")  # what `chalice package` adds to our code


@dataclass(frozen=True, slots=True)
class Built:
    """One layer: its files as they lie under /opt, and the zip of them."""

    name: str
    architectures: tuple[str, ...]
    folder: Path
    zip: Path
    content_sha256: str
    zipped_bytes: int
    unzipped_bytes: int


def stage_packages(plan: Plan, architecture: str, folder: Path, *, python: str, opencv: Path) -> dict[str, Path]:
    """Install, trim, compile and check the packages of each layer; returns the layers' folders by name.

    Raises LayerError.
    """
    machine = plan.architectures[architecture]
    staged = {layer.name: _emptied(folder / layer.name) for layer in plan.layers}
    used: set[Trim] = set()
    for layer in plan.layers:
        packages = staged[layer.name] / "python"
        wheels.install(layer, plan, machine, packages)
        used |= wheels.trim(packages, plan.trim)
        replace_sources(packages, python)
    shutil.copytree(opencv, staged["vision"] / "python", dirs_exist_ok=True)
    _require_all_used(plan.trim, used)
    for packages in staged.values():
        for complaint in elf.complaints(packages, machine, plan.newest_symbols):
            raise LayerError(f"{architecture}: {complaint}")
    return staged


def stage_models(models: Path, folder: Path) -> Path:
    """Lay the models that the index names, and the index, out as a layer that serves every architecture."""
    records = read_index(models)
    if not records:
        raise LayerError(f"no models in {models.name!r} to put into a layer: `make models` fetches them")
    target = _emptied(folder / MODELS) / MODELS
    target.mkdir()
    for name in (INDEX, *(record["file"] for record in records.values())):
        shutil.copy(models / name, target / name)
    return target.parent


def stage_code(folder: Path) -> Path:
    """Lay the function's own code out as `chalice package` does."""
    target = _emptied(folder / "code")
    shutil.copy(ROOT / "app.py", target)
    shutil.copytree(ROOT / "chalicelib", target / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    (target / "chalice").mkdir()
    for name in _CHALICE:
        shutil.copy(Path(chalice.__file__).parent / name, target / "chalice" / name)
    return target


def zip_layer(name: str, staged: Path, architectures: Sequence[str], out: Path, *, label: str) -> Built:
    """Zip a staged layer as `{label}-{digest of its content}.zip`, and drop its zips of other contents."""
    digest = content_digest(staged)
    target = out / f"{label}-{digest[:12]}.zip"
    _remove(other for other in out.glob(f"{label}-{'?' * 12}.zip") if other != target)
    pack(staged, target)
    return Built(name, tuple(architectures), staged, target, digest, target.stat().st_size, unzipped_bytes(staged))


def _require_all_used(trims: Sequence[Trim], used: set[Trim]) -> None:
    if stale := [one.files for one in trims if one not in used]:
        raise LayerError(f"nothing is left to trim by {stale!r}: delete these entries")


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink()
