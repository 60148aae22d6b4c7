"""`python -m ops.dlq list|show|redrive|quarantine`: what to do about frames that failed over and over.

Quarantine ends a frame as rejected with the reason `quarantined`, so that the account of frames still adds up. The
object stays where it is and expires as every frame does.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated

import boto3
import typer
from rich.table import Table

from chalicelib import bootstrap
from chalicelib.domain.frame_bundles import is_bundle_key
from chalicelib.domain.frames import parse_frame_key
from chalicelib.errors import FrameRejected, InvalidInput
from chalicelib.settings import frames_queue
from ops.console import table_console
from ops.dead_letters import DeadLetter, DeadLetters
from ops.deployment import AsJson, Stack, deployment

QUARANTINED = "quarantined"
MOST = 1000

app = typer.Typer(help="Frames that failed over and over.", no_args_is_help=True, add_completion=False)
Limit = Annotated[int, typer.Option(min=1, help="look at no more letters than this")]
Ids = Annotated[list[str] | None, typer.Argument(help="letters by id, or by how an id begins")]
All = Annotated[bool, typer.Option("--all", help="every letter")]


@app.command("list")
def list_letters(*, limit: Limit = MOST, stack: Stack = None, as_json: AsJson = False) -> None:
    """List the dead letters and the frames they tell of."""
    with deployment(stack), _letters().held(limit) as letters:
        if as_json:
            print(json.dumps([_to_dict(letter) for letter in letters]))
        else:
            table_console().print(_table(letters) if letters else "No dead letters.")


@app.command()
def show(
    letter: Annotated[str, typer.Argument(help="an id, or how it begins")], *, stack: Stack = None, limit: Limit = MOST
) -> None:
    """Show one letter, and whether its frames can still be read."""
    with deployment(stack), _letters().held(limit) as letters:
        (chosen,) = _choose(letters, [letter])
        table_console().print(f"[bold]{chosen.id}[/bold] sent {chosen.sent_utc:%Y-%m-%d %H:%M:%S} UTC")
        for key, size_bytes in chosen.frames:
            table_console().print(f"{key}: {_state(key, size_bytes)}", highlight=False, soft_wrap=True)
        table_console().print(chosen.body, highlight=False, markup=False, soft_wrap=True)


@app.command()
def redrive(ids: Ids = None, *, everything: All = False, stack: Stack = None, limit: Limit = MOST) -> None:
    """Send letters to the frames queue again, once their cause is gone."""
    with deployment(stack):
        asked, queue = _asked(ids, everything=everything), _letters()
        with queue.held(limit) as letters:
            chosen = _choose(letters, asked)
            for letter in chosen:
                queue.redrive(letter)
        table_console().print(f"{len(chosen)} sent again")


@app.command()
def quarantine(ids: Ids = None, *, everything: All = False, stack: Stack = None, limit: Limit = MOST) -> None:
    """Give letters up: their frames are recorded as rejected, and nothing tries them again."""
    with deployment(stack):
        asked, queue, rejections = _asked(ids, everything=everything), _letters(), bootstrap.rejections()
        with queue.held(limit) as letters:
            chosen = _choose(letters, asked)
            for letter in chosen:
                for key in _keys(letter):
                    rejections.record(key, reason=QUARANTINED, at_utc=bootstrap.clock())
                queue.drop(letter)
        table_console().print(f"{len(chosen)} quarantined")


def _letters() -> DeadLetters:
    return DeadLetters(boto3.client("sqs"), frames_queue())


def _asked(ids: Sequence[str] | None, *, everything: bool) -> Sequence[str] | None:
    """The ids asked for, None for all; raises InvalidInput unless it is either of the two."""
    if bool(ids) == everything:
        raise InvalidInput("name letters by id, or say --all")
    return None if everything else ids


def _choose(letters: Sequence[DeadLetter], wanted: Sequence[str] | None) -> list[DeadLetter]:
    return list(letters) if wanted is None else [_find(letters, one) for one in dict.fromkeys(wanted)]


def _find(letters: Sequence[DeadLetter], beginning: str) -> DeadLetter:
    found = [letter for letter in letters if letter.id.startswith(beginning)]
    if len(found) != 1:
        raise InvalidInput(f"{len(found) or 'no'} dead letters with an id that begins {beginning!r}")
    return found[0]


def _keys(letter: DeadLetter) -> Iterator[str]:
    """The frames a letter tells of; one nobody can read is known by its own id, as take_frames would have it."""
    yield from (key for key, _ in letter.frames)
    if not letter.frames:
        yield f"message/{letter.id}"


def _state(key: str, size_bytes: int) -> str:
    try:
        if is_bundle_key(key):
            return f"{len(bootstrap.frames().open_bundle(key, size_bytes))} frames can be read"
        return f"{len(bootstrap.frames().read(parse_frame_key(key, size_bytes)))} bytes can be read"
    except FrameRejected as rejected:
        return rejected.reason


def _to_dict(letter: DeadLetter) -> dict[str, object]:
    return {"id": letter.id, "sent": letter.sent_utc.isoformat(), "frames": [key for key, _ in letter.frames]}


def _table(letters: Sequence[DeadLetter]) -> Table:
    table = Table(title=f"{len(letters)} dead letters", title_justify="left", header_style="bold")
    for column in ("id", "sent (UTC)", "frames"):
        table.add_column(column, overflow="fold")
    for letter in letters:
        table.add_row(letter.id, f"{letter.sent_utc:%Y-%m-%d %H:%M:%S}", "\n".join(_keys(letter)))
    return table


if __name__ == "__main__":
    app()
