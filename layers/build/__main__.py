"""Command line of `make layers`: build, weigh, prove and zip what the functions carry beside their code."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from layers.build.assemble import MODELS, Built, stage_code, stage_models, stage_packages, zip_layer
from layers.build.errors import LayerError
from layers.build.interpreter import find_python
from layers.build.plan import PLAN, ROOT, Plan, read_plan
from layers.build.report import describe, print_table, require_within_budget, write_index
from layers.build.smoke import memory_bytes, runs_here, smoke_test, smoke_test_identity
from layers.build.zipped import unzipped_bytes
from layers.opencv.build import OnStep, small_opencv

_ERRORS = Console(stderr=True)


def main(
    *,
    architecture: Annotated[list[str] | None, typer.Option(help="x86_64 or arm64; both unless told")] = None,
    out: Annotated[Path, typer.Option(help="where the layers and the kept OpenCV go")] = ROOT / ".layers",
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = ROOT / ".models",
    plan: Annotated[Path, typer.Option(help="what the layers hold")] = PLAN,
) -> None:
    """Build the layers; OpenCV takes ten minutes or more for each architecture, once."""
    try:
        described = build(read_plan(plan), architecture or [], out.resolve(), models)
    except LayerError as error:
        _ERRORS.print(f"layers: {error}", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    print_table(described)
    print(json.dumps(described))


def build(plan: Plan, only: Sequence[str], out: Path, models: Path) -> dict[str, Any]:
    """Build, prove and zip every layer and write their index; returns it. Raises LayerError, over budget too."""
    architectures = _chosen(plan, only)
    python = find_python(plan.python)
    code, model_files = stage_code(out), stage_models(models, out)
    layers: list[Built] = []
    smoke: dict[str, Any] = {}
    with _progress() as on_step:
        for name in architectures:
            machine = plan.architectures[name]
            opencv = small_opencv(machine, python=python, cache=out / "opencv", on_step=on_step)
            on_step(f"installing packages for {name}", 0, 1)
            staged = stage_packages(plan, name, out / name, python=python, opencv=opencv)
            if runs_here(machine):
                on_step(f"running the function from the layers of {name}", 0, 1)
                smoke[name] = _prove(plan, python, code, model_files, staged)
            on_step(f"zipping the layers of {name}", 0, 1)
            layers += [zip_layer(one, files, [name], out, label=f"{one}-{name}") for one, files in staged.items()]
        layers.append(zip_layer(MODELS, model_files, architectures, out, label=MODELS))
    code_bytes = unzipped_bytes(code)
    described = describe(plan, layers, code_bytes, smoke, out)
    require_within_budget(plan, described["total_bytes"])
    write_index(described, out)
    return described


def _chosen(plan: Plan, only: Sequence[str]) -> list[str]:
    if unknown := set(only) - plan.architectures.keys():
        raise LayerError(f"no such architecture: {sorted(unknown)!r}, there are {list(plan.architectures)!r}")
    return [name for name in plan.architectures if not only or name in only]


def _prove(plan: Plan, python: str, code: Path, models: Path, staged: Mapping[str, Path]) -> dict[str, Any]:
    heaviest = [code, *(folder / "python" for name, folder in staged.items() if name not in plan.apart)]
    report = smoke_test(python, paths=heaviest, models_dir=models / MODELS, memory_bytes=memory_bytes(plan.function))
    judging = [code, *(staged[name] / "python" for name in ("runtime", "identity"))]
    return {**report, "identity": smoke_test_identity(python, paths=judging)}


@contextmanager
def _progress() -> Iterator[OnStep]:
    """A line that says what is being done, with a bar that moves while OpenCV is compiled."""
    columns = (BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=_ERRORS, transient=True) as progress:
        bar = progress.add_task("")

        def on_step(line: str, done: int, steps: int) -> None:
            progress.update(bar, description=line, completed=done, total=steps)

        yield on_step


if __name__ == "__main__":
    typer.run(main)
