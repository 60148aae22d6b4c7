"""`python -m ops.replay --prefix frames/CAMERA/`: have recorded frames looked at again, on the low-priority path.

Nothing is opened and nobody is told: `python -m ops.recorded RUN` says what would have been (ADR 0008). The same
command goes on where it stopped. It feeds only as fast as frames are taken, and waits while live frames do.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import boto3
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from chalicelib import bootstrap
from chalicelib.errors import InvalidInput
from chalicelib.settings import frames_queue, recorded_queue, reports_bucket
from chalicelib.store.aws_errors import aws_errors
from ops.dead_letters import DeadLetters
from ops.deployment import Stack, deployment
from ops.feeding import Place, Wanted, feed, list_frames
from ops.times import in_utc, time_option

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_sqs import SQSClient

MOST_LIVE_WAITING = 50
MOST_RECORDED_WAITING = 100
LOOK_AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Room:
    """Waits until live frames flow and the recorded ones that were fed before are nearly done."""

    live: DeadLetters
    recorded: DeadLetters
    sleep: Callable[[float], None] = time.sleep

    def wait(self) -> None:
        while self.live.count().waiting > MOST_LIVE_WAITING or self.recorded.count().waiting > MOST_RECORDED_WAITING:
            self.sleep(LOOK_AGAIN_S)


def main(
    *,
    prefix: Annotated[str, typer.Option(help="how the frames' keys begin, such as frames/bmt-0001/2026/03/")],
    run: Annotated[str, typer.Option(help="a name for what is found")] = "replay",
    since: Annotated[datetime | None, time_option("captured from then on, in UTC unless it says otherwise")] = None,
    until: Annotated[datetime | None, time_option("captured before then")] = None,
    stack: Stack = None,
) -> None:
    """Queue recorded frames to be looked at again."""
    with deployment(stack):
        require_run(run)
        if not prefix.startswith("frames/"):
            raise InvalidInput(f"frames lie under 'frames/', not under {prefix!r}")
        wanted = Wanted(prefix, in_utc(since) if since else None, in_utc(until) if until else None)
        print(f"{_replay(run, wanted)} frames queued; `python -m ops.recorded {run}` tells what they show")


def require_run(run: str) -> None:
    """Raise InvalidInput unless a run's name can be part of a key."""
    if not run or not run.replace("-", "").replace("_", "").isalnum() or not run.isascii():
        raise InvalidInput(f"a run is named with letters, digits, - and _, not {run!r}")


def _replay(run: str, wanted: Wanted) -> int:
    s3, sqs = boto3.client("s3"), boto3.client("sqs")
    room = Room(DeadLetters(sqs, frames_queue()), DeadLetters(sqs, recorded_queue()))
    place = Place(s3, reports_bucket(), run, wanted)
    frames = list_frames(s3, bootstrap.settings().frames_bucket, wanted, after=place.read())
    total = 0
    columns = SpinnerColumn(), TextColumn("{task.completed:.0f} frames queued"), TextColumn("{task.elapsed:.0f} s")
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("queue", total=None)
        for count in feed(run, frames, place, send=_sender(sqs), wait_for_room=room.wait):
            total += count
            progress.advance(task, count)
    return total


def _sender(sqs: "SQSClient") -> Callable[[str], None]:
    url = sqs.get_queue_url(QueueName=recorded_queue())["QueueUrl"]

    def send(body: str) -> None:
        with aws_errors("queue recorded frames"):
            sqs.send_message(QueueUrl=url, MessageBody=body)

    return send


if __name__ == "__main__":
    typer.run(main)
