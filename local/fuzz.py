"""`make fuzz`: schemathesis calls the API over HTTP with whatever its description allows, and with what it doesn't.

It looks for faults of ours (5xx), answers that the description doesn't know, wrong input taken, and routes that forget
to ask who calls. One check is left out: that all which fits the schema is taken. A cursor of another query, or an end
before the beginning, fits it and is refused all the same.
"""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.telemetry import logger
from city.reading import read_pack
from local.issuer import new_issuer
from local.serve import serving

CITY = Path(__file__).parent.parent / "city" / "testville"
GRANTS = ("city_officer@*", "reviewer@*", "gateway@*", "data_protection_officer@*", "administrator@*")
"""Together they get into every route."""


def main(
    *,
    runner: Annotated[Path, typer.Option(help="the schemathesis to run")],
    examples: Annotated[int, typer.Option(help="calls made up for each operation")] = 50,
    seed: Annotated[int, typer.Option(help="the same seed makes the same calls")] = 1,
) -> None:
    """Call everything; exits as schemathesis does."""
    logger.setLevel("CRITICAL")
    issuer = new_issuer()
    token = issuer.token("fuzz", grants=GRANTS, cameras=["tv-1"])
    with serving(read_pack(CITY), issuer, port=0, sample=True) as address:
        command = [str(runner), "run", f"{address}/openapi.json", "--header", f"Authorization: Bearer {token}"]
        command += ["--checks", "all", "--exclude-checks", "positive_data_acceptance", "--continue-on-failure"]
        command += ["--phases", "examples,coverage,fuzzing", "--max-examples", str(examples), "--seed", str(seed)]
        done = subprocess.run([*command, "--no-color"], check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    typer.run(main)
