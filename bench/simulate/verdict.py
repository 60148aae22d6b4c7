"""Holds what came of an hour against the script: every breach of what a city was promised, in a sentence."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

from bench.simulate.city import SimulatedCity
from bench.simulate.script import Happening
from chalicelib.domain.incidents import EventType, Incident
from chalicelib.domain.kinds import (
    CAMERA_FAULT,
    CONGESTION,
    FIRE_SMOKE,
    FLOOD,
    GARBAGE,
    WATCHLIST_CANDIDATE,
)

SWEEP_EVERY = timedelta(minutes=1)
CALLED = {
    FIRE_SMOKE: {"ioc", "fire", "ward_police", "city_police"},
    FLOOD: {"ioc", "drainage", "ward_police"},
    CONGESTION: {"ioc", "traffic", "ward_police"},
    GARBAGE: {"ioc", "environment", "ward_police"},
    WATCHLIST_CANDIDATE: {"ioc", "city_police", "ward_police"},
    CAMERA_FAULT: {"ioc", "technical"},
}
"""Whom each kind concerns, written down apart from the city's routes."""


def find_breaches(city: SimulatedCity) -> tuple[str, ...]:
    """Everything that is not as it must be."""
    return tuple(breach for check in _CHECKS for breach in check(city))


def _every_frame_is_accounted_for(city: SimulatedCity) -> Iterator[str]:
    settled = city.ledger.processed + sum(city.ledger.rejected.values())
    if settled != city.put:
        yield f"{city.put} frames were put in, {settled} are accounted for"


def _every_happening_is_one_incident(city: SimulatedCity) -> Iterator[str]:
    found = Counter(map(city.happening, city.incidents.incidents.values()))
    yield from (f"{count} incidents for {_told(one)}" for one, count in found.items() if one and count > 1)
    yield from (f"no incident for {_told(one)}" for one in city.script.happenings if one not in found)


def _nothing_else_is_an_incident(city: SimulatedCity) -> Iterator[str]:
    for incident in city.incidents.incidents.values():
        if city.happening(incident) is None:
            yield f"{incident.id}: {incident.kind} at {', '.join(incident.camera_ids)} is in no script"


def _all_that_see_it_have_joined(city: SimulatedCity) -> Iterator[str]:
    for incident, happening in _paired(city):
        if set(incident.camera_ids) != set(happening.camera_ids):
            yield f"{incident.id}: seen by {incident.camera_ids}, not {happening.camera_ids}"
        if incident.exercise is not happening.exercise:
            yield f"{incident.id}: exercise is {incident.exercise}"


def _the_right_units_are_called(city: SimulatedCity) -> Iterator[str]:
    units = {unit.id: unit for unit in city.pack.units}
    for incident, happening in _paired(city):
        first = next(event for event in city.timeline(incident) if event.type is EventType.OPENED)
        called = {units[one].role for one in first.incident.routed.units}
        drilling = {unit.role for unit in units.values() if unit.drills}
        expected = CALLED[happening.kind] & drilling if happening.exercise else CALLED[happening.kind]
        if not (called <= expected and (happening.exercise or called == expected)):
            yield f"{incident.id}: called {sorted(called)}, not {sorted(expected)}"
        if not all(units[one].covers(incident.place.area_id) for one in first.incident.routed.units):
            yield f"{incident.id}: called a unit of another area"


def _steps_are_taken_at_their_deadlines(city: SimulatedCity) -> Iterator[str]:
    for incident, happening in _paired(city):
        timeline = city.timeline(incident)
        for before, event in pairwise(timeline):
            due, steps = before.incident.due_utc, {EventType.ESCALATED, EventType.UNANSWERED}
            if event.type in steps and (due is None or not due <= event.at_utc < due + SWEEP_EVERY):
                yield f"{event.id}: {event.type.value} at {event.at_utc:%H:%M:%S}, due {due:%H:%M:%S}"
        unanswered = any(event.type is EventType.ESCALATED for event in timeline)
        overdue = incident.due_utc is not None and incident.due_utc + SWEEP_EVERY < city.script.until_utc
        if overdue or (happening.answered_after_s is not None and unanswered and happening.answered_after_s < 60):
            yield f"{incident.id}: {'overdue' if overdue else 'climbed though it was answered'}"


def _every_event_is_told_and_nothing_more(city: SimulatedCity) -> Iterator[str]:
    events = [event for incident in city.incidents.incidents.values() for event in city.timeline(incident)]
    due, published = {event.id for event in events if event.is_told}, {alert.id for alert in city.bus.published}
    yield from (f"{one}: not told" for one in sorted(due - published))
    yield from (f"{one}: told, which nobody may hear" for one in sorted(published - due))


def _drills_reach_only_who_drills(city: SimulatedCity) -> Iterator[str]:
    drills = {incident.id for incident, happening in _paired(city) if happening.exercise}
    for alert in city.bus.published:
        is_drill = alert.id.partition("/")[0] in drills
        if any(one.startswith("drill/") is not is_drill for one in alert.audience):
            yield f"{alert.id}: goes to {alert.audience}"


def _nobody_hears_of_a_candidate_before_two_confirmed_it(city: SimulatedCity) -> Iterator[str]:
    for incident, happening in _paired(city):
        if happening.kind != WATCHLIST_CANDIDATE:
            continue
        for event in city.timeline(incident):
            if event.is_told and len({one.by for one in event.incident.handling.reviews}) < 2:
                yield f"{event.id}: told before two people confirmed it"


_CHECKS: tuple[Callable[[SimulatedCity], Iterator[str]], ...] = (
    _every_frame_is_accounted_for,
    _every_happening_is_one_incident,
    _nothing_else_is_an_incident,
    _all_that_see_it_have_joined,
    _the_right_units_are_called,
    _steps_are_taken_at_their_deadlines,
    _every_event_is_told_and_nothing_more,
    _drills_reach_only_who_drills,
    _nobody_hears_of_a_candidate_before_two_confirmed_it,
)


def _paired(city: SimulatedCity) -> Iterator[tuple[Incident, Happening]]:
    for incident in city.incidents.incidents.values():
        happening = city.happening(incident)
        if happening is not None:
            yield incident, happening


def _told(happening: Happening) -> str:
    drill = "drill of " if happening.exercise else ""
    return f"{drill}{happening.kind} at {happening.camera_ids[0]} from {happening.from_utc:%H:%M:%S}"
