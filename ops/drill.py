"""`python -m ops.drill`: start an exercise that only those hear of who take part in drills, and end it."""

from typing import Annotated

import typer

from chalicelib import bootstrap
from chalicelib.domain.incidents import Incident
from chalicelib.domain.lifecycle import Status
from chalicelib.errors import InvalidInput
from ops.deployment import Stack, deployment


def main(
    *,
    kind: Annotated[str | None, typer.Option(help="what the exercise is about, such as fire_smoke")] = None,
    camera: Annotated[str | None, typer.Option(help="where it is, by the camera that would see it")] = None,
    severity: Annotated[str | None, typer.Option(help="minor, moderate, severe, extreme; default: the kind's")] = None,
    end: Annotated[str | None, typer.Option(metavar="INCIDENT", help="sound the all-clear of an exercise")] = None,
    stack: Stack = None,
) -> None:
    """Start an exercise (--kind, --camera), or end one (--end)."""
    with deployment(stack):
        if end and not (kind or camera or severity):
            print(f"{bootstrap.drill().end(end).id} is over")
        elif kind and camera and not end:
            print(_told(bootstrap.drill().start(kind=kind, camera_id=camera, severity=severity)))
        else:
            raise InvalidInput("say what to practise with --kind and --camera, or what to end with --end")


def _told(incident: Incident) -> str:
    held = "once people confirm it, " if incident.status is Status.AWAITING_CONFIRMATION else ""
    return (
        f"{incident.id}\n"
        f"An exercise: {held}it goes to {', '.join(incident.routed.units)} and escalates until it is acknowledged.\n"
        f"The all-clear: python -m ops.drill --end {incident.id}"
    )


if __name__ == "__main__":
    typer.run(main)
