"""`python -m ops.openapi`: the API's description in OpenAPI 3.1, for whoever makes a client of it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.api.openapi import describe
from chalicelib.api.routes import endpoints
from ops.deployment import told_in_a_line


def main(path: Annotated[Path | None, typer.Argument(help="where to write it; prints it unless told")] = None) -> None:
    """Write the document that GET /openapi.json answers."""
    text = json.dumps(describe(endpoints()), indent=2, ensure_ascii=False)
    if path is None:
        print(text)
    else:
        with told_in_a_line():
            path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
