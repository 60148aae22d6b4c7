"""Cameras that don't see: when one counts as offline, and how long each was blind."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO

from chalicelib.domain.cameras import Heartbeat
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import Incident
from chalicelib.domain.jurisdiction import area_at
from chalicelib.domain.kinds import CAMERA_FAULT

COLUMNS = ("camera", "phường/ward", "phút mù/blind min")

OFFLINE = "offline"
OFFLINE_AFTER = timedelta(minutes=5)
"""Five beats missed: a link that drops for a moment is nobody's business."""


@dataclass(frozen=True, slots=True)
class BlindTime:
    """How many minutes of a span cameras of one area saw nothing that could be trusted."""

    camera_id: str
    area: str
    minutes: int


def offline(
    camera_ids: Iterable[str],
    heard: Mapping[str, Heartbeat],
    *,
    at_utc: datetime,
    after: timedelta = OFFLINE_AFTER,
) -> tuple[str, ...]:
    """Cameras that were heard of once and then no more; one that was never heard of isn't connected yet."""
    return tuple(one for one in camera_ids if one in heard and at_utc - heard[one].captured_at_utc >= after)


def blind_times(
    incidents: Iterable[Incident], pack: CityPack, *, from_utc: datetime, until_utc: datetime
) -> tuple[BlindTime, ...]:
    """Blind minutes by camera, the worst first, of faults that began and ended in a span or reached into it."""
    seconds: Counter[str] = Counter()
    for incident in incidents:
        if incident.kind == CAMERA_FAULT:
            until = until_utc if incident.is_live else min(incident.last_seen_utc, until_utc)
            overlap = (until - max(incident.first_seen_utc, from_utc)).total_seconds()
            for camera_id in incident.camera_ids:
                seconds[camera_id] += max(0, round(overlap))
    times = (_blind(camera_id, lost, pack, from_utc) for camera_id, lost in seconds.most_common() if lost)
    return tuple(times)


def to_csv(times: Iterable[BlindTime]) -> bytes:
    """A line a camera, then one a ward; UTF-8 with the mark that spreadsheets need."""
    listed = tuple(times)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows((one.camera_id, one.area, one.minutes) for one in listed)
    writer.writerows(("", area, minutes) for area, minutes in minutes_by_area(listed).items())
    return text.getvalue().encode("utf-8-sig")


def minutes_by_area(times: Iterable[BlindTime]) -> Mapping[str, int]:
    """The blind minutes of each ward, over all of its cameras."""
    minutes: Counter[str] = Counter()
    for time in times:
        minutes[time.area] += time.minutes
    return dict(minutes.most_common())


def _blind(camera_id: str, seconds: int, pack: CityPack, at_utc: datetime) -> BlindTime:
    area = area_at(pack, pack.camera(camera_id), at_utc)
    return BlindTime(camera_id, area.name, -(-seconds // 60))
