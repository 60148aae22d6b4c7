"""Retention with a clock that is turned by hand: what is due goes, what is held stays, what lapsed leaves nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.deeds import Deed
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.retention import RETENTION, DataClass, is_due
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.flows.purge import Purge, Purged
from chalicelib.store.evidence_fakes import FakeEvidenceVault
from chalicelib.store.evidence_ports import Files
from chalicelib.store.law_fakes import FakeErasure
from tests.store.samples import opening, tracking
from tests.unit.happenings import kept_picture
from tests.unit.law_desk import Desk
from tests.unit.law_samples import approved, at, authorisation, hold


class Archive(Desk):
    """The desk, incidents, and the purge."""

    def __init__(self) -> None:
        super().__init__()
        self.cameras = self.incidents.cameras
        self.vault = FakeEvidenceVault()
        self.purge = Purge(
            FakeErasure(self.incidents),
            self.entries,
            self.authorisations,
            self.do_authorisation,
            self.holds,
            self.vault,
            RecordAct(self.log),
            self.clock,
        )

    def put(self, incident_id: str, changed_at_utc: datetime, **changes: Any) -> None:
        made = replace(
            opening().incident,
            id=incident_id,
            camera_ids=("tv-1",),
            changed_at_utc=changed_at_utc,
            first_seen_utc=changed_at_utc,
            last_told=None,
            due_utc=None,
            **changes,
        )
        self.incidents.incidents[incident_id] = made

    def candidate(self, incident_id: str, changed_at_utc: datetime, **changes: Any) -> None:
        values = {"status": Status.DISMISSED, **changes}
        self.put(incident_id, changed_at_utc, kind=WATCHLIST_CANDIDATE, subject="e1", **values)

    @property
    def left(self) -> set[str]:
        return set(self.incidents.incidents)


@pytest.fixture
def archive() -> Archive:
    archive = Archive()
    archive.now = at(0)
    return archive


@pytest.mark.parametrize("data_class", DataClass)
def test_each_class_is_due_at_its_term_and_not_before(data_class: DataClass) -> None:
    keep = RETENTION[data_class].keep
    if keep is None:
        assert not is_due(data_class, at(0), at(1e6), held=False)
        return
    assert is_due(data_class, at(0), at(0) + keep, held=False)
    assert keep == timedelta(0) or not is_due(data_class, at(0), at(0) + keep - timedelta(seconds=1), held=False)


@pytest.mark.parametrize("data_class", DataClass)
def test_a_hold_beats_every_term(data_class: DataClass) -> None:
    """Invariant 11."""
    assert not is_due(data_class, at(0), at(0) + timedelta(days=36500), held=True)


def test_a_candidate_that_nobody_confirmed_goes_after_a_day(archive: Archive) -> None:
    archive.candidate("c1", at(0))
    archive.now = at(23.9)
    assert archive.purge() == Purged(0, 0, 0)
    archive.now = at(24)
    assert archive.purge() == Purged(1, 0, 0)
    assert archive.left == set()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": Status.AWAITING_CONFIRMATION}, id="one that still waits for people"),
        pytest.param({"status": Status.OPEN}, id="one that people confirmed"),
    ],
)
def test_other_candidates_stay(archive: Archive, changes: dict[str, Any]) -> None:
    archive.candidate("c1", at(0), **changes)
    archive.now = at(48)
    archive.purge()
    assert archive.left == {"c1"}


def test_an_incident_goes_two_years_after_its_last_change(archive: Archive) -> None:
    archive.put("i1", at(0), status=Status.RESOLVED)
    archive.put("going-on", at(0), status=Status.OPEN)
    archive.now = at(0) + timedelta(days=730) - timedelta(seconds=1)
    assert archive.purge().incidents == 0
    archive.now = at(0) + timedelta(days=730)
    assert archive.purge().incidents == 1
    assert archive.left == {"going-on"}


def test_what_is_held_stays_until_the_hold_is_lifted(archive: Archive) -> None:
    """Invariant 11."""
    archive.candidate("c1", at(0))
    archive.holding.place(hold("incident/c1"))
    archive.now = at(72)
    assert archive.purge() == Purged(0, 0, 0)
    archive.holding.lift("h1", by="chi", purpose="order ended")
    assert archive.purge() == Purged(1, 0, 0)


def test_an_erasure_is_in_the_audit_without_who_was_looked_for(archive: Archive) -> None:
    archive.candidate("c1", at(0))
    archive.now = at(24)
    archive.purge()
    (record,) = archive.log.records
    assert (record.act.action, record.act.subject) == ("incident_erased", "incident/c1")
    assert record.act.purpose == "retention: candidates"
    assert record.act.details["camera"] == "tv-1"
    assert "e1" not in str(record.act)


def test_its_tracker_goes_with_an_incident(archive: Archive) -> None:
    change = opening(camera_id="tv-1")
    archive.incidents.commit(change, tracker=tracking(change))
    archive.incidents.incidents[change.incident.id] = replace(
        change.incident, kind=WATCHLIST_CANDIDATE, status=Status.DISMISSED, last_told=None, changed_at_utc=at(0)
    )
    archive.now = at(24)
    archive.purge()
    assert archive.cameras.trackers == {}
    assert archive.incidents.timeline(change.incident.id) == ()


def emergency(archive: Archive) -> None:
    """An emergency from noon on, that found something at one and, confirmed, at two."""
    archive.entries.commit(Deed("approved", "bình", at(0), replace(approved(), version=1)))
    archive.authorise.request(authorisation(emergency=True, valid_until_utc=at(72)))
    archive.candidate("c1", at(1), status=Status.AWAITING_CONFIRMATION)
    archive.candidate("c2", at(2), status=Status.OPEN)
    archive.candidate("before", at(-1), status=Status.AWAITING_CONFIRMATION)
    archive.put("flood", at(1), status=Status.OPEN)


def test_what_an_emergency_found_is_purged_when_nobody_approves_it_in_a_day(archive: Archive) -> None:
    emergency(archive)
    archive.now = at(23.9)
    archive.purge()
    assert {"c1", "c2"} <= archive.left
    archive.now = at(24)
    assert archive.purge().of_lapsed == 2
    assert archive.left == {"before", "flood"}
    assert archive.authorisations.current() == ()


def test_it_is_purged_at_once_when_somebody_refuses_it(archive: Archive) -> None:
    emergency(archive)
    archive.now = at(3)
    archive.authorise.refuse("a1", by="bình", purpose="no emergency")
    assert archive.purge().of_lapsed == 2


def test_it_stays_when_the_emergency_is_approved(archive: Archive) -> None:
    emergency(archive)
    archive.now = at(3)
    archive.authorise.approve("a1", by="bình", purpose="case 7")
    archive.now = at(71)
    assert archive.purge().of_lapsed == 0
    assert {"c1", "c2"} <= archive.left


def test_what_another_authorisation_allowed_as_well_stays(archive: Archive) -> None:
    emergency(archive)
    archive.authorise.request(authorisation(id="a2", valid_until_utc=at(1.5), camera_ids=("tv-1",)))
    archive.authorise.approve("a2", by="bình", purpose="case 7")
    archive.now = at(24)
    assert archive.purge().of_lapsed == 1
    assert "c1" in archive.left


def test_what_is_held_keeps_a_lapsed_emergency_open_until_it_can_be_purged(archive: Archive) -> None:
    emergency(archive)
    archive.holding.place(hold("incident/c1"))
    archive.now = at(24)
    assert archive.purge().of_lapsed == 1
    assert [one.id for one in archive.authorisations.current()] == ["a1"]
    archive.holding.lift("h1", by="chi", purpose="order ended")
    assert archive.purge().of_lapsed == 1
    assert archive.authorisations.current() == ()


def test_running_again_finds_nothing(archive: Archive) -> None:
    emergency(archive)
    archive.now = at(24)
    archive.purge()
    assert archive.purge() == Purged(0, 0, 0)


# ---- pictures -----------------------------------------------------------------------------------------------------


def photographed(archive: Archive, incident_id: str) -> None:
    archive.vault.keep(incident_id, kept_picture(), Files(b"as it was taken", b"without a face"))
    archive.vault.tell(incident_id, [kept_picture()])


def test_pictures_of_a_candidate_that_nobody_confirmed_go_after_a_day_even_while_it_waits(archive: Archive) -> None:
    """The candidate itself has a day from its last change; its pictures have one from when it opened."""
    archive.put("c1", at(20), kind=WATCHLIST_CANDIDATE, status=Status.AWAITING_CONFIRMATION, opened_at_utc=at(0))
    photographed(archive, "c1")
    archive.now = at(23.9)
    assert archive.purge() == Purged(0, 0, 0)
    archive.now = at(24.1)
    assert archive.purge() == Purged(0, 0, 0, pictures=1)
    assert not archive.vault.keeps("c1")
    assert archive.left == {"c1"}
    assert archive.log.records[-1].act.action == "pictures_erased"
    assert archive.purge() == Purged(0, 0, 0), "what is gone is erased, and recorded, once"


def test_pictures_of_an_incident_go_half_a_year_after_it_was_over(archive: Archive) -> None:
    for name, status in (("over", Status.RESOLVED), ("goes-on", Status.OPEN)):
        archive.put(name, at(0), kind="flood", status=status)
        photographed(archive, name)
    archive.now = at(24 * 180 - 1)
    assert archive.purge().pictures == 0
    archive.now = at(24 * 180)
    assert archive.purge().pictures == 1
    assert [archive.vault.keeps(name) for name in ("over", "goes-on")] == [False, True]
    assert archive.left == {"over", "goes-on"}


def test_pictures_go_with_their_incident(archive: Archive) -> None:
    archive.candidate("c1", at(0))
    photographed(archive, "c1")
    archive.now = at(24)
    archive.purge()
    assert not archive.vault.keeps("c1")


def test_a_hold_keeps_the_pictures_until_it_is_lifted(archive: Archive) -> None:
    archive.put("i1", at(0), kind="flood", status=Status.RESOLVED)
    photographed(archive, "i1")
    archive.holding.place(hold("incident/i1"))
    archive.now = at(24 * 400)
    assert archive.purge().pictures == 0
    assert archive.vault.keeps("i1")
    archive.holding.lift("h1", by="đức", purpose="case closed")
    archive.now = at(24 * 400 + 1)
    assert archive.purge().pictures == 1
