"""Any event that units may be told, as an alert: what every format must be able to say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.domain.alerts.model import Alert, alert_of
from chalicelib.domain.alerts.words import MEANINGS
from chalicelib.domain.city import EVERYWHERE
from chalicelib.domain.incidents import Handling, Place, Reason, Told
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.severity import SEVERITIES
from tests.unit.happenings import PACK, opened

calm = settings(deadline=None)
"""A busy machine makes no format wrong."""

names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=90)
instants = st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
places = st.builds(
    Place,
    area_id=st.sampled_from(("new-town", "harbour", EVERYWHERE)),
    area_name=names,
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
)


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    """Any event that units are told, of any incident; the timeline's rules are somebody else's test."""
    event, at, first = opened().event, draw(instants), draw(instants)
    before = draw(st.none() | st.builds(Told, number=st.just(1), at_utc=instants))
    number = draw(st.integers(1, 500))
    incident = replace(
        event.incident,
        kind=draw(st.sampled_from([policy.kind for policy in PACK.kinds])),
        subject=draw(st.sampled_from(("", "entry-of-somebody"))),
        label=draw(names | st.just("")),
        place=draw(places),
        camera_ids=draw(st.sampled_from((("tv-1",), ("tv-1", "gone"), ("tv-5", "tv-6", "tv-2")))),
        children=draw(st.sampled_from(((), ("a", "b")))),
        parent_id=draw(st.sampled_from((None, "20260301-parent"))),
        severity=draw(st.sampled_from(SEVERITIES)),
        status=draw(st.sampled_from([status for status in Status if status is not Status.AWAITING_CONFIRMATION])),
        exercise=draw(st.booleans()),
        first_seen_utc=first,
        last_seen_utc=first + timedelta(seconds=draw(st.integers(0, 9000))),
        due_utc=draw(st.none() | instants),
        handling=Handling(dismissed_because=draw(st.none() | st.sampled_from(Reason))),
        last_told=Told(number, at),
    )
    told = draw(st.sampled_from(sorted(MEANINGS)))
    return alert_of(replace(event, number=number, type=told, at_utc=at, incident=incident, replaces=before), PACK)
