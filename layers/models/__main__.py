"""Command line: fetch, verify and convert the models into a folder, once.

Every `make` target runs it first, so finding nothing to do must be quick: argparse here, since typer loads pydantic.
"""

import argparse
import os
import sys
from pathlib import Path

from layers.models.errors import ModelError
from layers.models.state import MANIFEST, Records, outdated, read_manifest

_DEFAULT_FOLDER = MANIFEST.parent.parent / ".models"


def main() -> int:
    """Bring the folder in line with the manifest; returns the exit code."""
    arguments = _parse_arguments()
    try:
        manifest = read_manifest(arguments.manifest)
        if jobs := outdated(manifest, arguments.out):
            _build({job: manifest[job] for job in jobs}, arguments.out)
            print(f"models: {', '.join(jobs)} ready in {arguments.out}")
    except ModelError as error:
        print(f"models: {error}", file=sys.stderr)
        return 1
    return 0


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m layers.models", description=__doc__)
    folder = Path(os.environ.get("MATPHO_MODELS_DIR", _DEFAULT_FOLDER))
    parser.add_argument("--out", type=Path, default=folder, help="where the ONNX files go (%(default)s)")
    parser.add_argument("--manifest", type=Path, default=MANIFEST, help="the models to have (%(default)s)")
    return parser.parse_args()


def _build(manifest: Records, out: Path) -> None:
    # Imported only when there is something to do: pydantic, onnx and rich take a second.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from layers.models.build import build  # noqa: PLC0415

    columns = (BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("")

        def on_step(line: str, done: int, steps: int) -> None:
            progress.update(bar, description=line, completed=done, total=steps)

        build(manifest, out, on_step=on_step)


if __name__ == "__main__":
    sys.exit(main())
