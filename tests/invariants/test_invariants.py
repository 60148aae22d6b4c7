"""The twelve invariants of the design, one test each, through the real flows on stores held to AWS's contract.

They are proven in more detail elsewhere; here each stands alone, and fails when the guard that keeps it is taken
out (docs/law.md says which). The fifth, that nothing is left of a face that matches nobody, is also test_canary.py.
"""

import json
import pickle
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import MethodType
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.bootstrap_vision import impostor_curve
from chalicelib.domain.alerts.cap import cap
from chalicelib.domain.alerts.cloud_event import cloud_event_json
from chalicelib.domain.alerts.ngsi_ld import ngsi_ld
from chalicelib.domain.alerts.texts import email, sms
from chalicelib.domain.audit import first_break, record_to_line
from chalicelib.domain.city import FaceBudget
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.handled import Command
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.lifecycle import Action, Status
from chalicelib.domain.people import Actor, read_grants
from chalicelib.domain.permissions import Permission, Scope, may
from chalicelib.domain.watchlists import EntryValidity, add_portrait
from chalicelib.errors import Conflict, NotAllowed, Transient, WrongState
from chalicelib.flows.keep_audit import AnchorDay, RecordAct
from chalicelib.flows.purge import Purge
from chalicelib.flows.search_faces import SearchFaces
from chalicelib.flows.take_frames import TakeFrames
from chalicelib.store.evidence_fakes import FakeEvidenceVault
from chalicelib.store.fakes import FakeRejectionLog
from chalicelib.store.law_fakes import FakeAuditVault, FakeErasure
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_finder import FaceFinder
from chalicelib.vision.frame_pixels import pixels_of_file
from chalicelib.vision.sessions import load_model
from chalicelib.vision.watchlist import WatchlistSnapshot
from local.ledger import CollectingLedger
from tests.data.drawn_faces import AN, BINH, drawn_face, street_with
from tests.invariants.spellings import finds_template
from tests.unit.chain import Chain, ScriptedAnalyser
from tests.unit.law_desk import Desk
from tests.unit.law_samples import GOOD, at, authorisation, hold, wanted_entry

FACES = "tv-4"
"""Testville's camera that looks for faces."""


def test_invariant_01_every_frame_ends_exactly_once_and_the_counts_add_up() -> None:
    """Processed, rejected with a reason, or left to the queue, which dead-letters it; delivered twice, still once."""
    chain, ledger, rejections = Chain(), CollectingLedger(), FakeRejectionLog()

    def analyse(frame: FrameRef) -> object:
        if chain.frames.frames.get(frame.key) == b"stuck":
            raise Transient("the disk is full")
        return chain.analyse(frame)

    take = TakeFrames(analyse, chain.frames, rejections, ledger, chain.clock)  # type: ignore[arg-type]
    good = chain.put(0, "flood").key
    bad = {"frames/tv-1/x.jpg": "bad_key", chain.put(1, camera_id="nobodys").key: "unknown_camera"}
    gone = chain.put(2).key
    del chain.frames.frames[gone]
    bad[gone] = "missing"
    for key in (good, *bad, good):
        take("m", _told(key))
    with pytest.raises(Transient):
        take("m", _told(stuck := chain.put(3, "stuck").key))
    assert ledger.settled == {good: ("processed", ""), **{key: ("rejected", why) for key, why in bad.items()}}
    assert stuck not in ledger.settled
    assert {key: reason for key, (reason, _) in rejections.rejected.items()} == bad


def test_invariant_02_a_quiet_frame_writes_nothing_but_the_throttled_heartbeat() -> None:
    chain, writes = Chain(), Counter[str]()
    _count_writes(chain, writes)
    chain.deliver(*(chain.put(at_s) for at_s in range(0, 130, 10)))
    assert writes == {"beat": 3}
    assert not chain.cameras.trackers
    assert not chain.incidents


def test_invariant_03_duplicate_late_and_reordered_frames_count_once() -> None:
    chain = Chain()
    frames = [chain.put(5.0 * n, "flood") for n in range(3)]
    two = frames[:1] * 9 + frames[1:2] * 9
    chain.deliver(*two)
    assert not chain.incidents, "two frames, however often, are no third"
    chain.deliver(frames[2], *reversed(frames), *frames)
    (incident,) = chain.incidents
    assert len(incident.evidence) == len({one.frame_key for one in incident.evidence}) == 3
    chain.deliver(chain.put(2000), *frames)
    assert [one.status for one in chain.incidents] == [Status.RESOLVED]


def test_invariant_04_incident_and_event_are_one_write_and_an_alert_is_the_same_when_repeated() -> None:
    chain = Chain()
    frames = [chain.put(5.0 * n, "flood") for n in range(3)]
    chain.deliver(*frames[:2])
    commit, lost = chain.store.commit, list[object]()

    def crash_once(*changes: Any, **others: Any) -> None:
        if changes and not lost:
            lost.append(changes)
            raise Conflict("the answer was lost, and nothing written")
        commit(*changes, **others)

    object.__setattr__(chain.store, "commit", crash_once)
    chain.deliver(frames[2])
    (incident,) = chain.incidents
    assert [event.number for event in chain.events] == list(range(1, incident.version + 1))
    assert chain.events[-1].incident == incident
    chain.publish_all()
    chain.publish_all()
    assert [alert.id for alert in chain.bus.published] == [f"{incident.id}/1"] * 2


def test_invariant_05_a_template_that_matches_nobody_never_leaves_memory(models_dir: Path) -> None:
    """In memory the finder has it, and nothing that it returns or that is stored does."""
    made: list[NDArray[np.float32]] = []
    embedder = FaceEmbedder(load_model(models_dir, "face_embedder"))
    finder = FaceFinder(FaceDetector(load_model(models_dir, "face_detector")), embedder)
    embed = embedder.embed

    def spying(_: FaceEmbedder, image_bgr: Any, faces: Any) -> Any:
        made.extend(rows := embed(image_bgr, faces))
        return rows

    object.__setattr__(embedder, "embed", MethodType(spying, embedder))
    stranger = np.eye(1, 128, k=5, dtype=np.float32)
    listed = WatchlistSnapshot.build("v1", embedder.digest, [(_terms("stranger"), stranger)])
    chain = Chain()
    street = street_with((60, 100, drawn_face(420, AN)), (700, 100, drawn_face(420, BINH)))

    class Seeing(ScriptedAnalyser):
        def observe(self, frame: FrameRef, data: bytes, **asked: object) -> object:  # type: ignore[override]
            found = finder.look(pixels_of_file(data), listed, at_utc=frame.captured_at_utc, threshold=0.6)
            return replace(super().observe(frame, b"", **asked), faces=found)  # type: ignore[arg-type]

    object.__setattr__(chain.analyse, "analyser", Seeing())
    returned = []
    for number in range(3):
        frame = chain.put(20.0 * number, camera_id=FACES)
        chain.frames.frames[frame.key] = cv2.imencode(".png", street)[1].tobytes()
        returned.append(chain.analyse(frame))
    assert len(made) >= 2
    chain.frames.frames.clear()
    left = (
        pickle.dumps((returned, chain.cameras, chain.store, chain.bus.published))
        + json.dumps([str(one) for one in (returned, chain.events, chain.cameras.heartbeats)]).encode()
    )
    assert [spelling for row in made if (spelling := finds_template(left, row))] == []
    assert not chain.incidents


def test_invariant_06_a_candidate_reaches_no_unit_before_two_people_confirmed_it() -> None:
    chain = Chain()
    chain.deliver(*(chain.put(5.0 * n, "face:entry-1", camera_id=FACES) for n in range(3)))
    told = _told_after(chain)
    assert told() == []
    (incident,) = chain.incidents
    first = chain.command(incident.id, _confirm("an", incident.version))
    assert told() == []
    with pytest.raises(WrongState):
        chain.command(incident.id, _confirm("an", first.version))
    assert told() == []
    chain.command(incident.id, _confirm("bình", incident.version))
    assert told() == ["opened"]


def test_invariant_06_one_person_is_enough_where_the_lists_policy_says_so() -> None:
    """Whoever searches for a missing child can't wait for a second reviewer; whoever is wanted is confirmed by two."""
    for category, opens in (("missing_person", Status.OPEN), ("wanted", Status.AWAITING_CONFIRMATION)):
        chain = Chain()
        chain.deliver(*(chain.put(5.0 * n, f"face:e1@{category}", camera_id=FACES) for n in range(3)))
        (incident,) = chain.incidents
        assert incident.label == category
        assert chain.command(incident.id, _confirm("an", incident.version)).status is opens


@dataclass(frozen=True)
class _Searched:
    """What a frame taken an hour after noon on a designated camera is searched for."""

    desk: Desk
    stale: WatchlistSnapshot

    def __call__(self, hours: float = 1, camera_id: str = "tv-1") -> frozenset[str]:
        search = SearchFaces(
            lambda: self.desk.mandate, lambda: self.stale, impostor_curve, FaceBudget, self.desk.log, lambda: at(hours)
        )
        found = search(FrameRef(camera_id, at(hours), 0, "k", 1))
        return found.entry_ids if found else frozenset()


def test_invariant_07_only_entries_in_force_are_searched_and_only_inside_an_authorisation() -> None:
    """The snapshot is as stale as can be: it holds everybody as in force for ever."""
    desk = Desk()
    searched = _Searched(desk, _everybody("e1", "e2", "e3"))
    for entry_id in ("e1", "e2", "e3"):
        _enter(desk, entry_id)
    desk.watchlist.approve("e1", by="bình", purpose="case 7")
    desk.watchlist.approve("e2", by="bình", purpose="case 7")
    with pytest.raises(NotAllowed):
        desk.watchlist.approve("e3", by="an", purpose="my own")
    assert searched() == frozenset(), "no authorisation"
    desk.authorise.request(authorisation())
    assert searched() == frozenset(), "one that nobody approved"
    desk.authorise.approve("a1", by="bình", purpose="case 7")
    assert searched() == {"e1", "e2"}, "e3 is not approved"
    assert searched(camera_id="tv-9") == frozenset(), "another camera"
    assert searched(hours=-1) == frozenset(), "before the window"
    assert searched(hours=6) == frozenset(), "after the window"
    desk.now = at(0.5)
    desk.watchlist.withdraw("e2", by="an", purpose="found")
    assert searched() == {"e1"}, "e2 is withdrawn, though the snapshot knows nothing of it"
    desk.authorise.request(authorisation(id="a2", valid_from_utc=at(6), valid_until_utc=at(72)))
    desk.authorise.approve("a2", by="bình", purpose="case 7")
    assert searched(hours=23) == {"e1"}
    assert searched(hours=24) == frozenset(), "e1 has run out"


def test_invariant_08_an_alert_carries_no_image_and_no_biometric_data() -> None:
    """Of a candidate, too, in every form: numbers of an entry and an incident, for those who may look them up."""
    chain = Chain()
    chain.deliver(*(chain.put(5.0 * n, "face:entry-1", camera_id=FACES) for n in range(3)))
    (incident,) = chain.incidents
    for by in ("an", "bình"):
        chain.command(incident.id, _confirm(by, incident.version))
    chain.publish_all()
    (alert,) = chain.bus.published
    rendered = f"{cloud_event_json(alert)}\n{sms(alert)}\n{email(alert)}\n{cap(alert).decode()}\n{ngsi_ld(alert)}"
    assert not [word for word in ("template", "embedding", "box", "base64", "data:image") if word in rendered.lower()]
    assert not re.search(r"[A-Za-z0-9+/]{100,}", rendered), "nothing that long is a word"
    assert f"/incidents/{incident.id}" in rendered


def test_invariant_09_searches_and_decisions_are_in_an_audit_that_verifies_without_us() -> None:
    desk = Desk()
    _enter(desk, "e1")
    desk.watchlist.approve("e1", by="bình", purpose="case 7")
    desk.authorise.request(authorisation(emergency=True))
    _Searched(desk, _everybody("e1"))()
    desk.watchlist.withdraw("e1", by="an", purpose="found")
    acts = {(record.act.actor, record.act.action) for record in desk.log.records}
    assert acts >= {
        ("an", "entry_requested"),
        ("bình", "entry_approved"),
        ("an", "authorisation_requested"),
        ("matpho/analyse_frames", "faces_searched"),
        ("an", "entry_withdrawn"),
    }
    assert all(record.act.purpose for record in desk.log.records)
    anchor = AnchorDay(desk.log, FakeAuditVault())(at(0).date())
    lines = [record_to_line(record) for record in desk.log.read(at(0).date())]
    assert first_break(lines, anchor) is None
    for number, line in enumerate(lines):
        forged = line.replace(":00", ":01")
        assert forged != line
        assert first_break([*lines[:number], forged, *lines[number + 1 :]], anchor), "a changed record"
        assert first_break([*lines[:number], *lines[number + 1 :]], anchor), "a record left out"


def test_invariant_10_evidence_names_what_was_decided_on_and_decides_the_same_again() -> None:
    chain = Chain()
    frames = [chain.put(5.0 * n, "flood") for n in range(3)]
    chain.deliver(*frames)
    (incident,) = chain.incidents
    assert incident.provenance.config_version == chain.pack.version
    assert [one.frame_key for one in incident.evidence] == [frame.key for frame in frames]
    assert all(one.sha256 for one in incident.evidence)
    again = Chain()
    again.now, again.frames = chain.now, chain.frames
    object.__setattr__(again.analyse, "frames", chain.frames)
    again.deliver(*(frame for frame in frames if frame.key in {one.frame_key for one in incident.evidence}))
    (same,) = again.incidents
    assert (same.id, same.kind, same.evidence, same.provenance) == (
        incident.id,
        incident.kind,
        incident.evidence,
        incident.provenance,
    )


def test_invariant_11_retention_deletes_by_class_and_a_hold_beats_it() -> None:
    desk, chain = Desk(), Chain()
    purge = Purge(
        FakeErasure(chain.store),
        desk.entries,
        desk.authorisations,
        desk.do_authorisation,
        desk.holds,
        FakeEvidenceVault(),
        RecordAct(desk.log),
        desk.clock,
    )
    for number, name in enumerate(("free", "held")):
        chain.deliver(*(chain.put(60 * number + 5.0 * n, f"face:{name}", camera_id=FACES) for n in range(3)))
    chain.now += timedelta(hours=2)
    chain.sweep()
    held = next(one for one in chain.incidents if one.subject == "held")
    desk.now = chain.now + timedelta(hours=23)
    desk.holding.place(hold(f"incident/{held.id}", placed_at_utc=chain.now))
    assert purge().candidates == 0, "not due yet"
    desk.now = chain.now + timedelta(hours=24)
    assert purge().candidates == 1
    assert [one.subject for one in chain.incidents if one.kind == WATCHLIST_CANDIDATE] == ["held"]
    desk.now += timedelta(days=5)
    assert purge().candidates == 0
    desk.holding.lift("h1", by="chi", purpose="order ended")
    assert purge().candidates == 1
    assert WATCHLIST_CANDIDATE not in {one.kind for one in chain.incidents}


@pytest.mark.parametrize("permission", Permission)
def test_invariant_12_nobody_sees_or_touches_what_role_and_area_do_not_cover(permission: Permission) -> None:
    """A ward's officer may do in the own ward at most what the city's may there, and nothing elsewhere."""
    here, there = Scope(("new-town",)), Scope(("harbour",))
    ward = Actor("an", read_grants(["ward_officer@new-town"]))
    city = Actor("bình", read_grants(["city_officer@*"]))
    nobody = Actor("chi", read_grants(["ward_officer", "king@*", "ward_officer@new-town extra"]))
    assert not may(ward, permission, there)
    assert not may(ward, permission, here) or may(city, permission, here)
    assert not may(nobody, permission, here)
    assert not may(Actor("dũng"), permission)


# ---- how the story is told -------------------------------------------------------------------------------------------


def _told(key: str) -> str:
    return json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": key, "size": 9}}}]})


def _count_writes(chain: Chain, writes: Counter[str]) -> None:
    for store, name in ((chain.cameras, "beat"), (chain.cameras, "keep_traffic"), (chain.store, "commit")):
        write = getattr(store, name)

        def counted(*values: object, _write: Callable[..., object] = write, _name: str = name, **named: object) -> None:
            writes[_name] += 1
            _write(*values, **named)

        object.__setattr__(store, name, counted)


def _told_after(chain: Chain) -> Callable[[], list[str]]:
    def told() -> list[str]:
        chain.bus.published.clear()
        chain.publish_all()
        return [alert.type for alert in chain.bus.published]

    return told


def _confirm(by: str, version: int) -> Command:
    return Command(Action.CONFIRM, by, version, key=f"{by}-{version}")


def _terms(entry_id: str) -> EntryValidity:
    return EntryValidity(entry_id, "wanted", "an", "bình", at(-9999), at(9999))


def _everybody(*entry_ids: str) -> WatchlistSnapshot:
    rows = np.eye(128, dtype=np.float32)
    digest = impostor_curve().embedder_digest
    return WatchlistSnapshot.build("v1", digest, [(_terms(one), rows[n : n + 1]) for n, one in enumerate(entry_ids)])


def _enter(desk: Desk, entry_id: str) -> None:
    desk.watchlist.request(wanted_entry(id=entry_id), purpose="case 7")
    desk.do_entry(add_portrait(desk.entries.require(entry_id), GOOD, by="matpho", at_utc=at(0)), purpose="gate")
