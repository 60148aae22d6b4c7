"""What every store of the law promises, in memory and on moto alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.audit import Act, Anchor, Record, first_break, head_of, link, record_to_line
from chalicelib.domain.mandate import mandate
from chalicelib.domain.retention import lift_hold, place_hold
from chalicelib.domain.subject_requests import (
    Because,
    ReportLine,
    RequestState,
    Seen,
    Thing,
    Wish,
    answer_request,
    receive_request,
    report_erasure,
)
from chalicelib.domain.watchlists import CATEGORIES, approve_entry, forget_portraits, request_entry, withdraw_entry
from chalicelib.errors import Conflict, NotFound
from chalicelib.store.erasure import DynamoErasure
from chalicelib.store.fakes import FakeIncidentStore
from chalicelib.store.held_frames import S3HeldFrames
from chalicelib.store.law_fakes import FakeErasure
from chalicelib.store.law_ports import Erasure
from chalicelib.store.mandates import MANDATE_KEY, mandate_from_json
from tests.store.conftest import BUCKET as FRAMES
from tests.store.conftest import Cloud, World
from tests.store.law_world import AUDIT_BUCKET, BUCKET, LawWorld, fake_law_world, moto_law_world
from tests.store.samples import at as moment
from tests.store.samples import opening, tracking
from tests.unit.law_samples import GOOD, NOON, approved, at, granted, hold, subject_request, wanted_entry

pytestmark = pytest.mark.xdist_group("store")

DAY = NOON.date()


@pytest.fixture(params=["fake", "moto"])
def law(request: pytest.FixtureRequest) -> LawWorld:
    return fake_law_world() if request.param == "fake" else moto_law_world(request.getfixturevalue("cloud"))


def act(actor: str = "an", hours: float = 0) -> Act:
    return Act(actor, "vụ 7", "frame_viewed", "incident/1", at(hours), {"reason": "xem lại"})


def chain(law: LawWorld, length: int, actor: str = "an") -> list[Record]:
    written: list[Record] = []
    for number in range(length):
        written.append(link(act(actor, number / 60), written[-1] if written else None))
        law.log.append(written[-1])
    return written


# ---- the audit ----------------------------------------------------------------------------------------------------


def test_a_chain_is_read_as_it_was_written_past_its_ninth_record(law: LawWorld) -> None:
    written = chain(law, 12)
    assert law.log.head(written[0].chain) == written[-1]
    assert list(law.log.read(DAY)) == written
    assert first_break(map(record_to_line, law.log.read(DAY)), None) is None


def test_a_chain_that_is_not_there_has_no_head(law: LawWorld) -> None:
    assert law.log.head("2026-03-01/0") is None
    assert list(law.log.read(DAY)) == []


def test_no_record_takes_the_place_of_another(law: LawWorld) -> None:
    (first,) = chain(law, 1)
    with pytest.raises(Conflict):
        law.log.append(link(act(hours=5), None))
    assert law.log.head(first.chain) == first


def test_what_is_noted_is_remembered_and_is_no_record(law: LawWorld) -> None:
    assert not law.log.noted("k")
    law.log.note("k")
    law.log.note("k")
    assert law.log.noted("k")
    assert not law.log.noted("k2")
    assert list(law.log.read(DAY)) == []


def test_the_first_anchor_of_a_day_stands(law: LawWorld) -> None:
    written = chain(law, 2)
    first = Anchor(DAY, (head_of(written[-1]),), "")
    assert law.vault.anchor(DAY) is None
    law.vault.keep(first, written)
    law.vault.keep(Anchor(DAY, (), "forged"), ())
    assert law.vault.anchor(DAY) == first


def test_an_anchored_day_lies_locked_with_its_records(cloud: Cloud) -> None:
    law = moto_law_world(cloud)
    written = chain(law, 2)
    law.vault.keep(Anchor(DAY, (head_of(written[-1]),), ""), written)
    body = cloud.s3.get_object(Bucket=AUDIT_BUCKET, Key="records/2026/03/01.jsonl")["Body"].read().decode()
    assert body.splitlines() == list(map(record_to_line, written))


def test_a_record_of_the_audit_expires_after_five_years(cloud: Cloud) -> None:
    law = moto_law_world(cloud)
    chain(law, 1)
    (item,) = cloud.items("audit")
    assert float(item["expires_at"]["N"]) > NOON.timestamp() + timedelta(days=1800).total_seconds()


# ---- entries, authorisations, holds ---------------------------------------------------------------------------------


def test_a_record_and_its_deeds_come_back_as_they_went_in(law: LawWorld) -> None:
    asked = request_entry(replace(wanted_entry(), portraits=(GOOD,)), CATEGORIES[1])
    agreed = approve_entry(asked.after, by="bình", at_utc=at(1))
    for deed in (asked, agreed):
        law.entries.commit(deed)
    assert law.entries.get("e1") == law.entries.require("e1") == agreed.after
    assert law.entries.deeds("e1") == (asked, agreed)


def test_what_is_not_there_is_none_has_no_deeds_and_can_not_be_required(law: LawWorld) -> None:
    assert law.entries.get("e1") is None
    assert law.entries.deeds("e1") == ()
    with pytest.raises(NotFound, match="e1"):
        law.entries.require("e1")


def test_of_two_deeds_on_one_record_the_second_conflicts_and_leaves_nothing(law: LawWorld) -> None:
    asked = request_entry(replace(wanted_entry(), portraits=(GOOD,)), CATEGORIES[1])
    law.entries.commit(asked)
    first = approve_entry(asked.after, by="bình", at_utc=at(1))
    law.entries.commit(first)
    for late in (withdraw_entry(asked.after, by="an", at_utc=at(2)), asked):
        with pytest.raises(Conflict):
            law.entries.commit(late)
    assert law.entries.get("e1") == first.after
    assert law.entries.deeds("e1") == (asked, first)


def test_kinds_with_one_id_do_not_meet(law: LawWorld) -> None:
    law.entries.commit(request_entry(wanted_entry(id="1"), CATEGORIES[1]))
    law.holds.commit(place_hold(hold(id="1")))
    assert law.authorisations.get("1") is None
    assert [one.subject for one in law.holds.current()] == ["entry/e1"]


def test_what_is_over_leaves_the_current_and_stays_in_the_ledger(law: LawWorld) -> None:
    placed = place_hold(hold())
    law.holds.commit(placed)
    law.holds.commit(lift_hold(placed.after, by="chi", at_utc=at(1)))
    assert law.holds.current() == ()
    assert [one.id for one in law.holds.over()] == ["h1"]


def test_an_entry_stays_current_until_its_portraits_are_gone(law: LawWorld) -> None:
    asked = request_entry(replace(wanted_entry(), portraits=(GOOD,)), CATEGORIES[1])
    ended = withdraw_entry(asked.after, by="an", at_utc=at(1))
    law.entries.commit(asked)
    law.entries.commit(ended)
    assert [one.id for one in law.entries.current()] == ["e1"]
    law.entries.commit(forget_portraits(ended.after, by="matpho", at_utc=at(2)))
    assert law.entries.current() == ()
    assert len(law.entries.deeds("e1")) == 3


def test_the_last_changed_comes_first(law: LawWorld) -> None:
    for number, hours in enumerate((2, 0, 1)):
        entry = wanted_entry(id=f"e{number}", requested_at_utc=at(hours))
        law.entries.commit(request_entry(entry, CATEGORIES[1]))
    assert [one.id for one in law.entries.current()] == ["e0", "e2", "e1"]


# ---- the mandate ---------------------------------------------------------------------------------------------------


def test_a_mandate_replaces_only_the_one_that_was_seen(law: LawWorld) -> None:
    first, second = (mandate([granted()], [], at_utc=at(hours)) for hours in (0, 1))
    assert law.board.seen() == ""
    law.board.put(first, seen="")
    seen = law.board.seen()
    law.board.put(second, seen=seen)
    for stale in ("", seen):
        with pytest.raises(Conflict):
            law.board.put(first, seen=stale)


def test_a_mandate_is_read_as_it_was_published(cloud: Cloud) -> None:
    law = moto_law_world(cloud)
    drawn = mandate([granted()], [approved()], at_utc=at(1))
    law.board.put(drawn, seen="")
    body = cloud.s3.get_object(Bucket=BUCKET, Key=MANDATE_KEY)["Body"].read()
    assert mandate_from_json(body) == drawn


# ---- biometrics ----------------------------------------------------------------------------------------------------


def test_portraits_and_templates_of_one_entry_are_erased_and_no_others(law: LawWorld) -> None:
    for entry_id in ("e1", "e10"):
        law.put_portrait(entry_id, "1.jpg", b"picture")
        law.biometrics.keep_template(entry_id, "1.jpg", b"template")
    assert law.biometrics.portraits("e1") == ("1.jpg",)
    assert law.biometrics.portrait("e1", "1.jpg") == b"picture"
    law.biometrics.erase("e1")
    assert law.biometrics.portraits("e1") == ()
    assert law.biometrics.templates("e1") == {}
    assert law.biometrics.templates("e10") == {"1.jpg": b"template"}
    with pytest.raises(NotFound):
        law.biometrics.portrait("e1", "1.jpg")


def test_a_snapshot_replaces_the_one_before(cloud: Cloud) -> None:
    law = moto_law_world(cloud)
    for snapshot in (b"old", b"new"):
        law.biometrics.publish(snapshot)
    assert cloud.s3.get_object(Bucket=BUCKET, Key="watchlists/current.npz")["Body"].read() == b"new"


# ---- people's own requests ------------------------------------------------------------------------------------------


def test_a_request_is_read_back_as_it_was_with_its_report(law: LawWorld) -> None:
    seen = Seen("tv-1", NOON, at(1))
    received = receive_request(subject_request(Wish.ERASE, entries=("e1",), sightings=(seen,)))
    law.requests.commit(received)
    ordered = answer_request(received.after, answer="", by="dung", at_utc=at(1))
    law.requests.commit(ordered)
    line = ReportLine("camera/tv-1", Thing.FRAMES, False, Because.EXPIRES, at(73))
    law.requests.commit(report_erasure(ordered.after, (line,), by="matpho", at_utc=at(2)))
    assert law.requests.current() == ()
    (known,) = law.requests.over()
    assert (known.report, known.sightings, known.state) == ((line,), (seen,), RequestState.ANSWERED)


# ---- holds ----------------------------------------------------------------------------------------------------------


def test_held_frames_are_copied_where_nothing_expires_and_released_alone(cloud: Cloud) -> None:
    held = S3HeldFrames(cloud.s3, FRAMES)
    cloud.s3.put_object(Bucket=FRAMES, Key="frames/a.jpg", Body=b"a")
    assert held.keep("h1", ["frames/a.jpg", "frames/gone.jpg"]) == 1
    assert held.keep("h10", ["frames/a.jpg"]) == 1
    held.release("h1")
    keys = [one["Key"] for one in cloud.s3.list_objects_v2(Bucket=FRAMES)["Contents"]]
    assert sorted(keys) == ["frames/a.jpg", "held/h10/frames/a.jpg"]


def test_holds_are_found_by_when_their_last_frame_was_copied(cloud: Cloud) -> None:
    held = S3HeldFrames(cloud.s3, FRAMES)
    for key in ("frames/a.jpg", "frames/b.jpg"):
        cloud.s3.put_object(Bucket=FRAMES, Key=key, Body=b"a")
    held.keep("h1", ["frames/a.jpg", "frames/b.jpg"])
    now = datetime.now(UTC)
    assert held.made_between(now - timedelta(hours=1), now + timedelta(hours=1)) == ("h1",)
    assert held.made_between(now - timedelta(days=2), now - timedelta(hours=1)) == ()


# ---- erasure --------------------------------------------------------------------------------------------------------


def test_an_erased_incident_leaves_no_timeline_and_no_tracker(world: World) -> None:
    erasure = _erasure_of(world)
    changes = [opening(seconds, camera_id=f"cam-{seconds}") for seconds in (0, 30)]
    for change in changes:
        world.incidents.commit(change, tracker=tracking(change))
    erasure.erase(changes[0].incident)
    assert world.incidents.get(changes[0].incident.id) is None
    assert world.incidents.timeline(changes[0].incident.id) == ()
    assert world.cameras.load("cam-0", fresh=True).trackers == ()
    assert world.incidents.get(changes[1].incident.id) is not None
    assert len(world.cameras.load("cam-30", fresh=True).trackers) == 1


def test_incidents_are_listed_by_their_last_change_from_and_until(world: World) -> None:
    for seconds in (0, 30, 60):
        change = opening(seconds, camera_id=f"cam-{seconds}")
        world.incidents.commit(change, tracker=tracking(change))
    listed = _erasure_of(world).changed_between(moment(30), moment(60))
    assert [one.camera_ids[0] for one in listed] == ["cam-30"]


def _erasure_of(world: World) -> Erasure:
    if isinstance(world.incidents, FakeIncidentStore):
        return FakeErasure(world.incidents)
    return DynamoErasure("incidents", "cameras")
