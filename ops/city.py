"""`python -m ops.city validate|compile|explain|diff|apply|pull|subscriptions PACK`: city packs into force.

A pack that is applied holds within a minute, without a deployment; one that isn't sound changes nothing.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from pydantic_core import to_jsonable_python

from chalicelib import bootstrap
from chalicelib.domain.camera_view import differing_views
from chalicelib.domain.city import Area, CityPack
from chalicelib.domain.jurisdiction import area_at
from chalicelib.domain.pack_changes import PackChange
from chalicelib.domain.routing import explain
from chalicelib.domain.severity import SEVERITIES
from chalicelib.domain.windows import suppressed
from chalicelib.errors import InvalidInput, WrongState
from chalicelib.flows.change_city import Proposal, require_pack
from chalicelib.store import clients
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.pack_source import PACK_KEY
from chalicelib.store.packs import EDITED, pack_to_json
from chalicelib.store.subscriptions import SnsSubscriptions, beyond_limits, plan, wanted_subscriptions
from city.reading import compile_pack
from city.writing import with_views
from ops.city_tables import changes_table, counts, explanation_tables, subscriptions_table
from ops.console import table_console
from ops.deployment import AsJson, Stack, deployment, told_in_a_line
from ops.times import in_utc, time_option

app = typer.Typer(help="City packs: check, compare, and put into force.", no_args_is_help=True, add_completion=False)
Folder = Annotated[
    Path, typer.Argument(metavar="PACK", exists=True, file_okay=False, help="a folder such as city/buon-ma-thuot")
]


@app.command()
def validate(folder: Folder) -> None:
    """Tell every problem of a city pack by file and line, or that there is none."""
    pack = _compile(folder)
    print(f"{pack.id} {pack.version}: {counts(pack)}, no errors")


@app.command("compile")
def compile_to(folder: Folder, target: Annotated[Path, typer.Argument(help="the JSON file to write")]) -> None:
    """Write a checked city pack as the JSON that the functions read."""
    pack = _compile(folder)
    with told_in_a_line():
        target.write_bytes(pack_to_json(pack))
    print(f"{pack.id} {pack.version} -> {target}")


@app.command("explain")
def explain_route(
    folder: Folder,
    *,
    kind: Annotated[str, typer.Option(help="such as flood")],
    camera: Annotated[str | None, typer.Option(help="the camera that sees it")] = None,
    area: Annotated[str | None, typer.Option(help="the area it is in, instead of a camera")] = None,
    severity: Annotated[str | None, typer.Option(help="default: the kind's own")] = None,
    at: Annotated[datetime | None, time_option("in UTC unless it says otherwise")] = None,
) -> None:
    """Say of every route whether it applies, and who would be called."""
    pack = _compile(folder)
    with told_in_a_line():
        at_utc = in_utc(at) if at else datetime.now(UTC)
        place, worst = _area(pack, camera, area, at_utc), _severity(pack, kind, severity)
        told = explain(pack, kind=kind, area=place, severity=worst, at_utc=at_utc)
        window = suppressed(pack, kind=kind, area_id=place.id, camera_id=camera or "", at_utc=at_utc)
    console = table_console()
    console.print(f"{kind}, {worst}, {place.name}, {pack.local_time(at_utc):%a %Y-%m-%d %H:%M} {pack.timezone}")
    if window is not None:
        console.print(f"nothing opens: window {window.id}, {window.reason}")
    for table in explanation_tables(told):
        console.print(table)


@app.command()
def diff(folder: Folder, *, stack: Stack = None, as_json: AsJson = False) -> None:
    """Show what a city pack would change in the one in force."""
    pack = _compile(folder)
    with deployment(stack):
        proposal = bootstrap.change_city().compare(pack)
    before, changes = proposal.before, proposal.changes
    if as_json:
        told = [to_jsonable_python(one) for one in changes]
        print(json.dumps({"before": before, "after": pack.version, "changes": told, "blocked": proposal.blocked}))
        return
    console = table_console()
    console.print(f"{before or 'no pack'} -> {pack.version}: {_count(changes)}")
    if changes:
        console.print(changes_table(changes))
    for sentence in (*proposal.blocked, *_undone(proposal)):
        console.print(f"not yet: {sentence}")


@app.command()
def apply(
    folder: Folder,
    *,
    purpose: Annotated[str, typer.Option(help="what it is for, in the audit")] = "the city pack from its folder",
    undo_edits: Annotated[bool, typer.Option("--undo-edits", help="let edits of the console go")] = False,
    stack: Stack = None,
) -> None:
    """Put a city pack in force as a whole, unless incidents still need what it drops."""
    pack = _compile(folder)
    with deployment(stack):
        change = bootstrap.change_city()
        proposal = change.compare(pack)
        if not undo_edits and (undone := list(_undone(proposal))):
            raise WrongState("\n".join(undone))
        actor = _whoever_calls()
        change.put(proposal, by=actor, purpose=purpose)
        line = _said_of(proposal, actor)
    if proposal.changes or proposal.before is None:
        print(json.dumps(line, ensure_ascii=False))
    else:
        print(f"{proposal.before} is in force already")


@app.command()
def pull(folder: Folder, *, stack: Stack = None) -> None:
    """Bring what was set on cameras in the console back into the folder's cameras.yaml."""
    pack = _compile(folder)
    with deployment(stack):
        in_force = require_pack(bootstrap.pack_versions().in_force())
        if in_force.id != pack.id:
            raise InvalidInput(f"the city in force is {in_force.id!r}, not {pack.id!r}")
        edited = {one: in_force.camera(one) for one in differing_views(pack, in_force)}
        path = folder / "cameras.yaml"
        path.write_text(with_views(path.read_text(encoding="utf-8"), edited.values()), encoding="utf-8")
    print(f"{path}: {len(edited)} cameras as they are in force{': ' if edited else ''}{', '.join(edited)}")


@app.command()
def subscriptions(
    folder: Folder,
    *,
    really: Annotated[bool, typer.Option("--apply", help="do it; without it nothing is changed")] = False,
    stack: Stack = None,
) -> None:
    """Bring the alerts' subscriptions in line with the contacts of a city pack's units."""
    pack = _compile(folder)
    with deployment(stack):
        settings = bootstrap.settings()
        topic = SnsSubscriptions(
            clients.sns_client(), settings.alerts_topic_arn, clients.s3_client(), settings.config_bucket
        )
        wanted, present = wanted_subscriptions(pack), topic.present()
        others = sum(one.contact not in wanted and bool(one.policy) for one in present)
        if problems := list(beyond_limits(wanted, others=others)):
            raise InvalidInput("\n".join(problems))
        steps = plan(wanted, present, topic.managed())
        table_console().print(subscriptions_table(steps))
        if really:
            topic.apply(steps)
    print("done" if really else "nothing was changed: --apply does it")


def _compile(folder: Path) -> CityPack:
    """A sound pack, its warnings on standard error; a pack that isn't sound ends the command with all its problems."""
    try:
        compiled = compile_pack(folder)
    except InvalidInput as error:
        raise _refused(str(error)) from error
    problems = list(beyond_limits(wanted_subscriptions(compiled.pack)))
    if problems:
        raise _refused("\n".join(f"{folder / 'units.yaml'}:1: {problem}" for problem in problems))
    for warning in compiled.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return compiled.pack


def _refused(problems: str) -> typer.Exit:
    print(problems, file=sys.stderr)
    return typer.Exit(1)


def _area(pack: CityPack, camera_id: str | None, area_id: str | None, at_utc: datetime) -> Area:
    if (camera_id is None) == (area_id is None):
        raise InvalidInput("say either --camera or --area")
    if area_id is not None:
        _require(area_id, {area.id for area in pack.areas}, "area")
        return pack.area(area_id)
    camera = pack.camera(camera_id or "")
    if camera is None:
        raise InvalidInput(f"{camera_id!r} is no camera of {pack.id}")
    return area_at(pack, camera, at_utc)


def _severity(pack: CityPack, kind: str, severity: str | None) -> str:
    _require(kind, {policy.kind for policy in pack.kinds}, "kind")
    worst = severity or pack.kind(kind).severity
    _require(worst, set(SEVERITIES), "severity")
    return worst


def _require(name: str, known: set[str], what: str) -> None:
    if name not in known:
        raise InvalidInput(f"{name!r} is no {what}, only {', '.join(sorted(known))}")


def _undone(proposal: Proposal) -> Iterator[str]:
    """The cameras that were set in the console since the folder was applied, and would be set back."""
    known = proposal.known.pack
    if known is not None and known.version.endswith(EDITED):
        for camera_id in differing_views(known, proposal.pack):
            yield f"camera {camera_id!r} was set in the console: pull it into the folder first, or --undo-edits"


def _whoever_calls() -> str:
    with aws_errors("ask who applies the pack"):
        return str(boto3.client("sts").get_caller_identity()["Arn"])


def _said_of(proposal: Proposal, actor: str) -> dict[str, Any]:
    return {
        "action": "city.apply",
        "actor": actor,
        "at": bootstrap.clock().isoformat(),
        "city": proposal.pack.id,
        "before": proposal.before,
        "after": proposal.pack.version,
        "changes": len(proposal.changes),
        "object": f"s3://{bootstrap.settings().config_bucket}/{PACK_KEY}",
    }


def _count(changes: tuple[PackChange, ...]) -> str:
    def told() -> Iterator[str]:
        for what in ("added", "removed", "changed", "moved"):
            if count := sum(one.what == what for one in changes):
                yield f"{count} {what}"

    return ", ".join(told()) or "nothing changes"


if __name__ == "__main__":
    app()
