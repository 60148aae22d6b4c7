"""`python -m city check|compile`: what a person does with a city pack."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.city import CityPack
from chalicelib.errors import InvalidInput
from chalicelib.store.packs import pack_to_json
from city.reading import read_pack

app = typer.Typer(help="Check and compile city packs.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="a folder such as city/buon-ma-thuot")]


@app.command()
def check(folder: Folder) -> None:
    """Tell every error in a city pack, or that there is none."""
    pack = _read(folder)
    typer.echo(f"{pack.id} {pack.version}: {len(pack.cameras)} cameras, {len(pack.areas)} areas, no errors")


@app.command("compile")
def compile_pack(folder: Folder, target: Annotated[Path, typer.Argument(help="the JSON file to write")]) -> None:
    """Write a checked city pack as the JSON the functions read."""
    pack = _read(folder)
    target.write_bytes(pack_to_json(pack))
    typer.echo(f"{pack.id} {pack.version} -> {target}")


def _read(folder: Path) -> CityPack:
    try:
        return read_pack(folder)
    except InvalidInput as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    app()
