"""Whom a function searches for: nobody but inside an authorisation, at a cosine worked out, and never unaudited."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pytest

from chalicelib import bootstrap_vision
from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.city import FaceBudget
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.mandate import Mandate
from chalicelib.domain.thresholds import Evaluation, OwnThreshold
from chalicelib.domain.watchlists import EntryValidity
from chalicelib.errors import MatphoError, Misconfigured, Transient
from chalicelib.flows.search_faces import SearchFaces, SearchWherePossible
from chalicelib.store.law_fakes import FakeAuditLog
from chalicelib.vision.watchlist import WatchlistSnapshot
from tests.unit.law_samples import granted

NOW = datetime(2026, 3, 1, 13, 0, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
CURVE = bootstrap_vision.impostor_curve()
BUNDLE = "frames/tv-1/2026/03/01/125900000Z-0.tar"
FRAME = FrameRef("tv-1", NOW - MINUTE, 0, "frames/tv-1/x.jpg", 9)


def entry(entry_id: str, *, until: datetime, category: str = "wanted") -> EntryValidity:
    return EntryValidity(entry_id, category, "officer-a", "officer-b", NOW - 9 * DAY, until)


IN_FORCE = entry("in-force", until=NOW + DAY)
EXPIRED = entry("expired-since-the-frame", until=NOW - MINUTE / 2)
OTHER_LIST = entry("on-another-list", until=NOW + DAY, category="missing_person")
EVERYBODY = (IN_FORCE, EXPIRED, OTHER_LIST)


def snapshot(*entries: EntryValidity, digest: str = CURVE.embedder_digest) -> WatchlistSnapshot:
    template = np.eye(1, 128, dtype=np.float32)
    return WatchlistSnapshot.build("v1", digest, [(one, template) for one in entries])


def search(
    mandate: Mandate | None,
    published: WatchlistSnapshot | None,
    *,
    log: FakeAuditLog | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
) -> SearchFaces:
    return SearchFaces(
        lambda: mandate, lambda: published, lambda: CURVE, FaceBudget, FakeAuditLog() if log is None else log, clock
    )


def mandate(*entries: EntryValidity, given: Authorisation | None = None) -> Mandate:
    return Mandate(NOW, (given or granted(),), entries)


def test_only_entries_in_force_on_authorised_lists_are_searched() -> None:
    """Invariant 7: what was valid when the frame was taken may have expired since."""
    found = search(mandate(*EVERYBODY), snapshot(*EVERYBODY))(FRAME)
    assert found is not None
    assert found.entry_ids == {"in-force"}
    assert found.threshold > CURVE.floor


@pytest.mark.parametrize(
    ("asked", "published"),
    [
        pytest.param(None, snapshot(IN_FORCE), id="without a mandate"),
        pytest.param(mandate(IN_FORCE), None, id="without a list"),
        pytest.param(Mandate(NOW, (), (IN_FORCE,)), snapshot(IN_FORCE), id="without an authorisation"),
        pytest.param(
            mandate(IN_FORCE, given=granted(camera_ids=("tv-9",))), snapshot(IN_FORCE), id="for another camera"
        ),
        pytest.param(mandate(IN_FORCE, given=granted(valid_until_utc=NOW)), snapshot(IN_FORCE), id="after its window"),
        pytest.param(mandate(), snapshot(IN_FORCE), id="withdrawn, though the snapshot is stale"),
        pytest.param(mandate(IN_FORCE), snapshot(EXPIRED), id="with nobody to search for"),
    ],
)
def test_no_face_is_looked_at(asked: Mandate | None, published: WatchlistSnapshot | None) -> None:
    """Invariant 7: the face code is not even called, and so nothing is in the audit."""
    log = FakeAuditLog()
    assert search(asked, published, log=log)(FRAME) is None
    assert log.records == []


def test_a_list_of_another_embedder_stops_the_function() -> None:
    with pytest.raises(Misconfigured, match="another"):
        search(mandate(IN_FORCE), snapshot(IN_FORCE, digest="another"))(FRAME)


def test_the_period_of_a_search_is_recorded_once_an_hour_with_its_purpose() -> None:
    """Invariant 9; whichever instance sees the camera first in that hour writes it down."""
    log = FakeAuditLog()
    first, second = (search(mandate(IN_FORCE), snapshot(IN_FORCE), log=log) for _ in range(2))
    for find in (first, first, second):
        find(FRAME)
    (record,) = log.records
    assert (record.act.action, record.act.purpose, record.act.subject) == ("faces_searched", "case 7", "camera/tv-1")
    assert record.act.details["authorisation"] == "a1"
    assert record.act.details["list_version"] == "v1"
    later = FrameRef("tv-1", NOW + 60 * MINUTE, 0, "k", 9)
    search(mandate(IN_FORCE), snapshot(IN_FORCE), log=log, clock=lambda: NOW + 61 * MINUTE)(later)
    assert len(log.records) == 2


def test_what_can_not_be_audited_is_not_searched() -> None:
    class Down(FakeAuditLog):
        def noted(self, key: str) -> bool:
            raise Transient("down")

    with pytest.raises(Transient):
        search(mandate(IN_FORCE), snapshot(IN_FORCE), log=Down())(FRAME)


@pytest.mark.parametrize(
    "error", [Transient("S3 is down"), Misconfigured("the list doesn't hold")], ids=["down", "broken"]
)
def test_a_list_that_can_not_be_read_keeps_no_scene_from_being_seen(error: MatphoError) -> None:
    counted: list[tuple[FrameRef, MatphoError]] = []

    def fail(_: FrameRef) -> None:
        raise error

    where_possible = SearchWherePossible(fail, lambda frame, why: counted.append((frame, why)))
    assert where_possible(FRAME) is None
    assert counted == [(FRAME, error)]


def test_the_frames_function_searches_where_it_can() -> None:
    assert SearchWherePossible(search(mandate(IN_FORCE), snapshot(IN_FORCE)), lambda *_: None)(FRAME) is not None


EVALUATION = Evaluation("EV-7", "lan", NOW, CURVE.embedder_digest, 0.5, 200, 5_000, 1)
OWN = OwnThreshold(0.52, "minh", EVALUATION)


def _just(own: OwnThreshold) -> OwnThreshold:
    return own


def test_a_list_is_searched_at_its_own_threshold_as_long_as_an_evaluation_carries_it() -> None:
    """As soon as the list outgrows what was evaluated, the one worked out holds again, and it is said once."""
    refused: list[str] = []
    given, published = mandate(IN_FORCE), snapshot(IN_FORCE)
    worked_out = search(given, published)(FRAME)
    assert worked_out is not None
    outgrown = replace(OWN, evaluation=replace(EVALUATION, list_size=0))
    for own, expected in ((OWN, 0.52), (outgrown, worked_out.threshold)):
        looking = replace(search(given, published), own=partial(_just, own), count_refused=refused.append)
        assert [one.threshold for one in (looking(FRAME), looking(FRAME)) if one] == [expected, expected]
    assert [why.partition(": ")[2] for why in refused] == ["it was evaluated on 0 of 1 templates"]


def test_frames_of_a_bundle_share_the_budget_with_their_bursts() -> None:
    """A single look must be likelier there than in a frame by itself, the mean of a burst need not."""
    looking = search(mandate(IN_FORCE), snapshot(IN_FORCE))
    alone = looking(FRAME)
    in_bundle = looking(replace(FRAME, key=f"{BUNDLE}/125900000Z-0.jpg"))
    assert alone is not None
    assert in_bundle is not None
    assert in_bundle.burst is not None
    assert alone.burst is None
    assert in_bundle.burst.mean < alone.threshold < in_bundle.threshold == in_bundle.burst.single
    assert in_bundle.burst.faintest < in_bundle.burst.mean
