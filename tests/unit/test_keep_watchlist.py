"""From an uploaded photograph to a snapshot, and back to nothing when the entry ends."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.domain.watchlists import EntryStatus
from chalicelib.errors import FrameRejected
from chalicelib.flows.enrol_portraits import EnrolPortraits, Gate, PublishSnapshot
from chalicelib.flows.erase_ended import EraseEnded
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.law_fakes import FakeBiometrics
from chalicelib.vision.enrolment import Listed
from chalicelib.vision.watchlist import WatchlistSnapshot
from tests.unit.law_desk import Desk
from tests.unit.law_samples import at, hold, wanted_entry

ROW = np.eye(1, 128, dtype=np.float32)


class Office(Desk):
    """The desk, and what keeps the watchlist every minute; a photograph passes unless it says why not."""

    def __init__(self) -> None:
        super().__init__()
        self.biometrics = FakeBiometrics()
        self.digest = "sface-1"
        self.looked = 0
        self.unlike: str | None = None
        self.held_against = (0, 0)
        gate = Gate(lambda: self.embed, self.against, lambda: self.snapshot, lambda: self.digest)
        self.enrol = EnrolPortraits(self.entries, self.do_entry, self.biometrics, gate, self.crop, self.clock)
        self.publish_snapshot = PublishSnapshot(
            self.entries, self.biometrics, lambda: self.snapshot, lambda: self.digest, self.clock
        )
        self.erase = EraseEnded(
            self.entries, self.do_entry, self.holds, self.biometrics, RecordAct(self.log), self.clock
        )

    def embed(self, photo: bytes) -> NDArray[np.float32]:
        self.looked += 1
        if photo.startswith(b"bad:"):
            raise FrameRejected(photo[4:].decode())
        return ROW

    def crop(self, photo: bytes) -> bytes:
        return b"the face in " + photo

    def against(self, template: NDArray[np.float32], listed: Listed) -> str | None:
        self.held_against = len(listed.own), len(listed.others)
        return self.unlike

    def tick(self) -> None:
        """What app.py does every minute."""
        self.erase()
        self.enrol()
        self.publish_snapshot()

    @property
    def snapshot(self) -> WatchlistSnapshot | None:
        return WatchlistSnapshot.from_bytes(self.biometrics.snapshot) if self.biometrics.snapshot else None

    @property
    def searched(self) -> list[str]:
        return [one.entry_id for one in self.snapshot.entries] if self.snapshot else []


@pytest.fixture
def office() -> Office:
    office = Office()
    office.watchlist.request(wanted_entry(), purpose="case 7")
    office.biometrics.photographs["e1", "1.jpg"] = b"a good one"
    office.tick()
    return office


@pytest.fixture
def listed(office: Office) -> Office:
    office.watchlist.approve("e1", by="bình", purpose="case 7")
    office.tick()
    return office


def test_a_good_photograph_is_enrolled_with_the_embedders_digest(office: Office) -> None:
    (portrait,) = office.entries.require("e1").portraits
    assert portrait.accepted
    assert portrait.embedder_digest == "sface-1"
    assert portrait.sha256 == hashlib.sha256(b"a good one").hexdigest()


def test_a_poor_one_is_refused_with_the_reason_and_no_template_is_made(office: Office) -> None:
    office.biometrics.photographs["e1", "2.jpg"] = b"bad:blurred"
    office.tick()
    assert {one.name: one.refused for one in office.entries.require("e1").portraits} == {
        "1.jpg": "",
        "2.jpg": "blurred",
    }
    assert list(office.biometrics.templates("e1")) == ["1.jpg"]


def test_of_a_photograph_that_passed_its_face_is_kept_for_who_judges_candidates(office: Office) -> None:
    """Of one that didn't nothing is."""
    office.biometrics.photographs["e1", "2.jpg"] = b"bad:blurred"
    office.tick()
    assert office.biometrics.reviews == {("e1", "1.jpg"): b"the face in a good one"}


def test_a_photograph_is_held_against_its_entry_and_all_others(listed: Office) -> None:
    listed.watchlist.request(wanted_entry(id="e2"), purpose="case 8")
    listed.biometrics.photographs["e2", "1.jpg"] = b"of another"
    listed.tick()
    assert listed.held_against == (0, 1)
    listed.unlike = "unlike_entry"
    listed.biometrics.photographs["e2", "2.jpg"] = b"of a third"
    listed.tick()
    assert listed.held_against == (1, 1)
    assert [one.refused for one in listed.entries.require("e2").portraits] == ["", "unlike_entry"]


def test_a_photograph_is_looked_at_once(office: Office) -> None:
    office.biometrics.photographs["e1", "2.jpg"] = b"bad:dark"
    for _ in range(3):
        office.tick()
    assert office.looked == 2


def test_nobody_is_searched_for_before_the_approval(office: Office) -> None:
    assert office.searched == []
    office.watchlist.approve("e1", by="bình", purpose="case 7")
    office.tick()
    assert office.searched == ["e1"]


def test_a_photograph_that_comes_after_the_approval_is_never_searched(listed: Office) -> None:
    """Whoever could slip one in could have anybody searched for under an approved name."""
    listed.biometrics.photographs["e1", "9.jpg"] = b"somebody else"
    listed.tick()
    assert list(listed.biometrics.templates("e1")) == ["1.jpg"]


def test_a_photograph_that_was_exchanged_is_refused_when_it_is_looked_at_anew(listed: Office) -> None:
    listed.biometrics.photographs["e1", "1.jpg"] = b"somebody else"
    listed.digest = "sface-2"
    listed.tick()
    (portrait,) = listed.entries.require("e1").portraits
    assert portrait.refused == "changed_since_approval"
    assert listed.searched == []


def test_another_embedder_has_every_photograph_embedded_anew(listed: Office) -> None:
    listed.digest = "sface-2"
    listed.tick()
    assert listed.snapshot is not None
    assert listed.snapshot.embedder_digest == "sface-2"
    assert listed.searched == ["e1"]


def test_the_snapshot_is_left_alone_while_nothing_changes(listed: Office) -> None:
    before = listed.biometrics.snapshot
    assert listed.publish_snapshot() is False
    assert listed.biometrics.snapshot is before


@pytest.mark.parametrize("hours", [1, 24], ids=["withdrawn", "run out"])
def test_photographs_templates_and_the_snapshots_row_go_when_an_entry_ends(listed: Office, hours: int) -> None:
    listed.now = at(hours)
    if hours < 24:
        listed.watchlist.withdraw("e1", by="an", purpose="found")
    listed.tick()
    assert listed.biometrics.entries() == frozenset()
    assert listed.searched == []
    entry = listed.entries.require("e1")
    assert entry.status is (EntryStatus.WITHDRAWN if hours < 24 else EntryStatus.EXPIRED)
    assert entry.portraits == ()
    assert [deed.name for deed in listed.entries.deeds("e1")][-1] == "erased"


def test_the_ledger_keeps_who_asked_and_who_approved_after_the_erasure(listed: Office) -> None:
    listed.now = at(24)
    listed.tick()
    entry = listed.entries.require("e1")
    assert (entry.requested_by, entry.approved_by, entry.legal_basis) == ("an", "bình", "QĐ 12/2026")
    assert [one.act.action for one in listed.log.records][-2:] == ["entry_expired", "entry_erased"]


def test_a_request_that_nobody_decides_on_is_erased_too(office: Office) -> None:
    office.now = at(0) + timedelta(days=7)
    office.tick()
    assert office.biometrics.entries() == frozenset()


def test_a_hold_keeps_the_photographs_and_not_the_search(listed: Office) -> None:
    """Invariant 11: a hold beats the term, and never puts anybody back under search."""
    listed.holding.place(hold("entry/e1"))
    listed.now = at(24)
    listed.tick()
    assert listed.biometrics.portraits("e1") == ("1.jpg",)
    assert listed.searched == []
    listed.holding.lift("h1", by="chi", purpose="order ended")
    listed.tick()
    assert listed.biometrics.entries() == frozenset()


def test_what_is_uploaded_after_the_end_goes_as_well(listed: Office) -> None:
    listed.watchlist.withdraw("e1", by="an", purpose="found")
    listed.tick()
    listed.biometrics.photographs["e1", "late.jpg"] = b"a late upload"
    listed.biometrics.photographs["nobody", "1.jpg"] = b"of no entry at all"
    listed.tick()
    assert listed.biometrics.entries() == frozenset()


def test_entries_stand_in_the_snapshot_as_they_are_valid(listed: Office) -> None:
    listed.now = at(1)
    listed.watchlist.renew("e1", hours=48, by="bình", purpose="second day")
    listed.tick()
    assert listed.snapshot is not None
    (terms,) = listed.snapshot.entries
    assert terms == listed.entries.require("e1").terms
    assert replace(terms, withdrawn_at_utc=None).searchable(at(48))
