"""`python -m ops.cameras`: which cameras are offline, blind, or were never seen.

A camera is judged by its last heartbeat and by whether an incident of its own is going on, so it costs one batch read a
hundred cameras and no scan. Frames come at the latest every few seconds and a heartbeat is written once a minute: some
minutes of silence are enough.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from chalicelib import bootstrap
from chalicelib.domain.cameras import Heartbeat
from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.kinds import CAMERA_FAULT
from ops.console import table_console
from ops.deployment import AsJson, Stack, deployment

OFFLINE_AFTER_S = 300


class Condition(StrEnum):
    NEVER_SEEN = "never seen"
    OFFLINE = "offline"
    BLIND = "blind"
    SEEING = "seeing"


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """How a camera is doing: when it was last heard of, and what is wrong with its picture."""

    camera: Camera
    condition: Condition
    heard_utc: datetime | None
    fault: str


def judge_cameras(
    pack: CityPack,
    heard: Mapping[str, Heartbeat],
    faults: Mapping[str, str],
    *,
    now_utc: datetime,
    offline_after_s: float = OFFLINE_AFTER_S,
) -> tuple[CameraStatus, ...]:
    """Every camera of the city, the worst first; `faults` is what is wrong with the picture, by camera id."""
    silent_since_utc = now_utc - timedelta(seconds=offline_after_s)

    def judge(camera: Camera) -> CameraStatus:
        heartbeat, fault = heard.get(camera.id), faults.get(camera.id)
        if heartbeat is None:
            return CameraStatus(camera, Condition.NEVER_SEEN, None, "")
        offline = heartbeat.captured_at_utc < silent_since_utc
        seeing = Condition.SEEING if fault is None else Condition.BLIND
        condition = Condition.OFFLINE if offline else seeing
        return CameraStatus(camera, condition, heartbeat.captured_at_utc, fault or "")

    worst_first = list(Condition)
    return tuple(sorted(map(judge, pack.cameras), key=lambda one: (worst_first.index(one.condition), one.camera.id)))


def read_cameras(*, offline_after_s: float = OFFLINE_AFTER_S) -> tuple[CameraStatus, ...]:
    """Judge the cameras of the deployment as they are now."""
    pack = bootstrap.city_packs().current()
    heard = bootstrap.cameras().last_heard(camera.id for camera in pack.cameras)
    return judge_cameras(pack, heard, _faults(), now_utc=bootstrap.clock(), offline_after_s=offline_after_s)


def main(
    *,
    offline_after_s: Annotated[float, typer.Option(min=60, help="silent for longer than this is offline")] = (
        OFFLINE_AFTER_S
    ),
    everything: Annotated[bool, typer.Option("--all", help="those that see, too")] = False,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """List the cameras that are offline, blind, or were never seen."""
    with deployment(stack):
        cameras = read_cameras(offline_after_s=offline_after_s)
        shown = [one for one in cameras if everything or one.condition is not Condition.SEEING]
        if as_json:
            print(json.dumps([_to_dict(one) for one in shown], ensure_ascii=False))
        else:
            table_console().print(_table(shown) if shown else f"All {len(cameras)} cameras see.")


def _faults() -> dict[str, str]:
    """What is wrong with each camera that has a fault going on, in the incident's own word."""
    tracked = [one for one in bootstrap.cameras().tracked_incidents() if one.kind == CAMERA_FAULT]
    incidents = {one.camera_id: bootstrap.incidents().get(one.incident_id or "") for one in tracked}
    return {camera_id: incident.label for camera_id, incident in incidents.items() if incident}


def _to_dict(one: CameraStatus) -> dict[str, object]:
    heard = one.heard_utc.isoformat() if one.heard_utc else None
    return {"camera": one.camera.id, "condition": one.condition, "heard": heard, "fault": one.fault}


def _table(shown: Iterable[CameraStatus]) -> Table:
    table = Table(header_style="bold")
    for column in ("camera", "place", "condition", "last heard (UTC)"):
        table.add_column(column, overflow="fold")
    for one in shown:
        condition = f"{one.condition} ({one.fault})" if one.fault else one.condition
        heard = f"{one.heard_utc:%Y-%m-%d %H:%M:%S}" if one.heard_utc else "never"
        table.add_row(one.camera.id, one.camera.name, condition, heard)
    return table


if __name__ == "__main__":
    typer.run(main)
