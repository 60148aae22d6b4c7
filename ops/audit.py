"""`python -m ops.audit`: a day's audit as a file, and whether such a file still says what was written.

`verify` needs no deployment and no network: the file, and the anchor that lies in the audit's bucket or was handed over
on another way, are enough.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from chalicelib import bootstrap_law
from chalicelib.domain.audit import Anchor, anchor_from_line, anchor_to_line, first_break, record_to_line
from chalicelib.errors import InvalidInput
from ops.deployment import Stack, deployment, told_in_a_line, write_for_owner

app = typer.Typer(
    help="The audit: who did what, and whether that is still what was written.",
    no_args_is_help=True,
    add_completion=False,
)

HEADER = "matpho audit 1"


@app.command()
def export(
    day: Annotated[datetime, typer.Argument(metavar="DAY", help="in UTC, as 2026-11-22", formats=["%Y-%m-%d"])],
    *,
    out: Annotated[Path | None, typer.Option(help="readable for its owner only; default: audit-DAY.jsonl")] = None,
    stack: Stack = None,
) -> None:
    """Write a day's records, chain after chain, with its anchor into a file."""
    wanted = day.date()
    path = out or Path(f"audit-{wanted}.jsonl")
    with deployment(stack):
        anchor = bootstrap_law.audit_vault().anchor(wanted)
        records = [record_to_line(record) for record in bootstrap_law.audit_log().read(wanted)]
        write_for_owner(path, "\n".join([_head(wanted, anchor), *records, ""]))
    print(f"{len(records)} records of {wanted}, {_said_of(anchor)}: {path}")


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(metavar="EXPORT", help="a file that `export` wrote")],
    *,
    anchor: Annotated[Path | None, typer.Option(help="the day's anchor, got on another way than the file")] = None,
) -> None:
    """Check every link of a file; exit code 1 names the first that doesn't hold."""
    with told_in_a_line():
        day, known, lines = _read(path)
        if anchor is not None:
            known = anchor_from_line(_text(anchor).strip())
            _require_day(known, day)
    broken = first_break(lines, known)
    if broken is not None:
        place = f"line {broken.line + 1}" if broken.line else "its end"
        print(f"broken: chain {broken.chain}, record {broken.sequence} ({place}) {broken.reason}", file=sys.stderr)
        raise typer.Exit(1)
    print(f"every link holds: {len(lines)} records of {day}, {_said_of(known)}")
    if known is None:
        print("without an anchor nobody can tell whether the last records were cut off", file=sys.stderr)


def _head(day: date, anchor: Anchor | None) -> str:
    return f"{HEADER} {day.isoformat()} {anchor_to_line(anchor) if anchor else '-'}"


def _read(path: Path) -> tuple[date, Anchor | None, list[str]]:
    """Day, anchor and records of a file; raises InvalidInput when it is no export."""
    head, _, rest = _text(path).partition("\n")
    words = head.removeprefix(f"{HEADER} ").split(" ", maxsplit=1)
    if not head.startswith(f"{HEADER} ") or len(words) != 2:
        raise InvalidInput(f"{path}: no export of the audit")
    try:
        day = date.fromisoformat(words[0])
    except ValueError as error:
        raise InvalidInput(f"{path}: {words[0]!r} is no day") from error
    anchor = None if words[1] == "-" else anchor_from_line(words[1])
    if anchor:
        _require_day(anchor, day)
    return day, anchor, rest.split("\n")[:-1] if rest.endswith("\n") else rest.split("\n")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: no text") from error


def _require_day(anchor: Anchor, day: date) -> None:
    if anchor.day != day:
        raise InvalidInput(f"the anchor is of {anchor.day}, not of {day}")


def _said_of(anchor: Anchor | None) -> str:
    if anchor is None:
        return f"not anchored yet at {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return f"anchored as {anchor.hash[:16]}…"


if __name__ == "__main__":
    app()
