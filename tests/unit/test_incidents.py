"""Every change of an incident is numbered, and a candidate waits for people however quiet it gets."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.confirmation import Sighting
from chalicelib.domain.incidents import (
    EVIDENCE_KEPT,
    Change,
    EventType,
    Place,
    Provenance,
    Routed,
    Status,
    grow,
    open_incident,
    resolve,
)

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
LATER = START + timedelta(minutes=9)


def sighting(at_s: float) -> Sighting:
    at = START + timedelta(seconds=at_s)
    return Sighting(at, 0, positive=True, score=0.9, frame_key=f"frames/{at_s}", sha256="00")


def opened(*, held_for_review: bool = False, camera_id: str = "cam-1", count: int = 3) -> Change:
    return open_incident(
        camera_id=camera_id,
        kind="flood",
        subject="",
        label="",
        sightings=tuple(sighting(5.0 * n) for n in range(count)),
        place=Place("w-1", "Phường 1", 12.6, 108.0),
        severity="severe",
        routed=Routed(("ioc", "drainage"), ("all", "route flood")),
        held_for_review=held_for_review,
        provenance=Provenance({"scene_encoder": "aa"}, "1"),
        at_utc=START,
    )


def test_opening_is_event_one_and_keeps_the_frames_that_confirmed_it() -> None:
    incident, event = opened().incident, opened().event
    assert (event.number, event.type, event.id) == (1, EventType.OPENED, f"{incident.id}/1")
    assert [one.frame_key for one in incident.evidence] == ["frames/0.0", "frames/5.0", "frames/10.0"]
    assert (incident.first_seen_utc, incident.last_seen_utc) == (START, START + timedelta(seconds=10))


def test_the_same_sightings_give_the_same_id_and_another_camera_another() -> None:
    assert opened().incident.id == opened().incident.id
    assert opened().incident.id != opened(camera_id="cam-2").incident.id


def test_growing_tells_of_the_newest_frame_and_keeps_evidence_bounded() -> None:
    change = opened(count=EVIDENCE_KEPT)
    grown = grow(change.incident, sighting(600), at_utc=LATER)
    assert (grown.event.number, grown.event.type) == (2, EventType.UPDATED)
    assert len(grown.incident.evidence) == EVIDENCE_KEPT
    assert grown.incident.evidence[-1].frame_key == "frames/600"


def test_a_late_frame_never_moves_the_last_sight_back() -> None:
    change = opened()
    assert grow(change.incident, sighting(-60), at_utc=LATER).incident.last_seen_utc == change.incident.last_seen_utc


def test_quiet_resolves_an_open_incident() -> None:
    ended = resolve(opened().incident, last_seen_utc=LATER, at_utc=LATER)
    assert ended is not None
    assert (ended.incident.status, ended.event.type, ended.event.number) == (Status.RESOLVED, EventType.RESOLVED, 2)


def test_quiet_never_resolves_a_candidate_that_awaits_people() -> None:
    held = opened(held_for_review=True).incident
    assert held.status is Status.AWAITING_CONFIRMATION
    assert resolve(held, last_seen_utc=LATER, at_utc=LATER) is None
