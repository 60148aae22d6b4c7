"""`python -m ops.status`: the state of a deployment on one screen, for whoever comes on duty or answers an alarm."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import boto3
import typer
from rich.table import Table

from chalicelib import bootstrap
from chalicelib.settings import frames_queue
from ops.cameras import read_cameras
from ops.console import table_console
from ops.dead_letters import DeadLetters
from ops.deployment import AsJson, Stack, deployment


@dataclass(frozen=True, slots=True)
class Status:
    """Everything by name and number; `incidents` are those going on, by kind."""

    stage: str
    city: str
    config_version: str
    frames_waiting: int
    frames_in_work: int
    dead_letters: int
    cameras: dict[str, int]
    incidents: dict[str, int]


def read_status() -> Status:
    """Look at the deployment as it is now. SQS counts approximately."""
    pack = bootstrap.city_packs().current()
    queue = DeadLetters(boto3.client("sqs"), frames_queue()).count()
    return Status(
        stage=bootstrap.settings().stage,
        city=pack.id,
        config_version=pack.version,
        frames_waiting=queue.waiting,
        frames_in_work=queue.in_work,
        dead_letters=queue.dead,
        cameras=_counted(one.condition.value for one in read_cameras()),
        incidents=_counted(one.kind for one in bootstrap.incidents().live()),
    )


def main(*, stack: Stack = None, as_json: AsJson = False) -> None:
    """Show queues, cameras and incidents at a glance."""
    with deployment(stack):
        status = read_status()
    if as_json:
        print(json.dumps(asdict(status), ensure_ascii=False))
    else:
        table_console().print(_table(status))


def _counted(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _table(status: Status) -> Table:
    table = Table(title=f"matpho {status.stage}", title_justify="left", show_header=False)
    for name, value in asdict(status).items():
        if name != "stage":
            table.add_row(name.replace("_", " "), _told(value))
    return table


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{count} {name}" for name, count in value.items()) or "none"
    return str(value)


if __name__ == "__main__":
    typer.run(main)
