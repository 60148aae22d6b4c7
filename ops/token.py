"""`python -m ops.token`: a token for the API on this laptop, for whoever one wants to be."""

import sys
from typing import Annotated

import typer

from chalicelib.domain.people import read_grants
from local.issuer import KEY_FILE, read_issuer


def main(
    grants: Annotated[list[str], typer.Argument(help="role@area or role@area/kind, `*` for the whole city")],
    *,
    subject: Annotated[str, typer.Option(help="who it is")] = "somebody",
    unit: Annotated[list[str] | None, typer.Option(help="a unit that it acts for")] = None,
    camera: Annotated[list[str] | None, typer.Option(help="a camera whose frames a gateway brings")] = None,
) -> None:
    """Print a token that `python -m local.serve` takes for half a day."""
    for grant in grants:
        if not read_grants([grant]):
            raise _refused(f"{grant!r} is no grant: write role@area or role@area/kind, such as ward_officer@new-town")
    try:
        issuer = read_issuer(KEY_FILE)
    except FileNotFoundError:
        raise _refused("no API has run on this laptop yet: start it with `python -m local.serve`") from None
    print(issuer.token(subject, grants=grants, units=unit or (), cameras=camera or ()))


def _refused(why: str) -> typer.Exit:
    print(why, file=sys.stderr)
    return typer.Exit(2)


if __name__ == "__main__":
    typer.run(main)
