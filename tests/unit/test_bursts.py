"""From a bundle of near misses to a candidate, through the flow; and that what doesn't become one is kept nowhere."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.domain.frame_bundles import bundle_key
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.identity import BurstThresholds
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.observations import FaceCandidate, FaceReading, Observation
from chalicelib.flows.count_faces import CountFaces
from chalicelib.flows.take_frames import TakeFrames
from chalicelib.store.documents import HEARTBEATS, INCIDENTS, TRACKERS
from chalicelib.store.fakes import FakeRejectionLog
from chalicelib.vision.observe import FaceSearch
from chalicelib.vision.watchlist import WatchlistSnapshot
from edge.matpho_edge.bundles import make_bundle
from local.ledger import CollectingLedger
from tests.unit.chain import Chain, ScriptedAnalyser

DAY = "frames/tv-4/2026/03/01"
BURST = BurstThresholds(single=0.6, mean=0.5, looks=4)
ENTRY = "entry-77"


class NearMisses(ScriptedAnalyser):
    """Sees an entry so alike as a frame's bytes say."""

    def observe(self, frame: FrameRef, data: bytes, *, search: FaceSearch | None, **options: object) -> Observation:
        seen = super().observe(frame, b"", search=search, **options)  # type: ignore[arg-type]
        assert search is not None
        score = float(data)
        looks = (FaceCandidate(ENTRY, score, (0, 0, 50, 50), "wanted"),) if score else ()
        passed = tuple(look for look in looks if look.score >= search.threshold)
        return replace(seen, faces=FaceReading(1, {}, passed, compared=1, looks=looks if search.burst else ()))


def search_for(frame: FrameRef) -> FaceSearch:
    snapshot = WatchlistSnapshot.build("v1", "e5", [])
    return FaceSearch(snapshot, BURST.single, frozenset({ENTRY}), BURST if bundle_key(frame.key) else None)


@pytest.fixture
def chain() -> Chain:
    chain = Chain()
    chain.analyse = replace(chain.analyse, analyser=NearMisses(), face_search=search_for)
    return chain


def take(chain: Chain, key: str, data: bytes) -> None:
    """As a message that names the object; the clock stands after all of it."""
    chain.frames.frames[key] = data
    chain.now = datetime(2026, 3, 1, 9, tzinfo=UTC)
    taking = TakeFrames(
        CountFaces(chain.analyse, lambda _: None), chain.frames, FakeRejectionLog(), CollectingLedger(), chain.clock
    )
    taking("m1", f'{{"Records": [{{"eventName": "ObjectCreated:Put", "s3": {{"object": {{"key": "{key}"}}}}}}]}}')


def bundle(*scores: float) -> bytes:
    return make_bundle([(f"08000{n}000Z-{n}.jpg", str(score).encode()) for n, score in enumerate(scores)])


def test_a_burst_whose_mean_passes_is_a_candidate_that_awaits_people(chain: Chain) -> None:
    """No look of it would have passed by itself, and three positives of five frames were never there."""
    take(chain, f"{DAY}/080000000Z-0.tar", bundle(0.5, 0.52, 0.49, 0.51))
    (incident,) = chain.incidents
    assert (incident.subject, incident.status) == (ENTRY, Status.AWAITING_CONFIRMATION)
    (shown,) = incident.evidence
    assert shown.frame_key == f"{DAY}/080000000Z-0.tar/080003000Z-3.jpg"
    assert shown.score == pytest.approx(0.505)


def test_a_bundle_that_comes_twice_is_one_candidate(chain: Chain) -> None:
    for _ in range(2):
        take(chain, f"{DAY}/080000000Z-0.tar", bundle(0.5, 0.52, 0.49, 0.51))
    assert [incident.version for incident in chain.incidents] == [1]


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param((0.5, 0.52, 0.49), id="a burst that isn't whole"),
        pytest.param((0.5, 0.52, 0.45, 0.49), id="a mean that is too low"),
        pytest.param((0.5, 0.52, 0.0, 0.52, 0.52), id="a look that was lost in between"),
    ],
)
def test_of_who_nearly_passes_nothing_is_kept(chain: Chain, scores: tuple[float, ...]) -> None:
    """Not a tracker, not a score, not the entry's name in the heartbeat: who isn't a candidate was never seen."""
    take(chain, f"{DAY}/080000000Z-0.tar", bundle(*scores))
    kept = [TRACKERS.dump(one) for one in chain.cameras.trackers.values()]
    kept += [HEARTBEATS.dump(one) for one in chain.cameras.heartbeats.values()]
    kept += [INCIDENTS.dump(one) for one in chain.incidents]
    assert kept, "the camera was heard of, so something was looked at here"
    assert not any(ENTRY in text or str(score) in text for text in kept for score in scores if score)


def test_frames_that_come_alone_are_no_burst(chain: Chain) -> None:
    """What one invocation saw, the next one must not know."""
    for n in range(4):
        take(chain, f"{DAY}/08000{n}000Z-{n}.jpg", b"0.55")
    assert not chain.incidents
    assert not chain.cameras.trackers


def test_bursts_are_said_to_live_in_memory_only() -> None:
    """The decision is on record where the module says it is."""
    record = Path(__file__).parents[2] / "docs" / "adr" / "0018-bursts-in-memory.md"
    assert "memory" in record.read_text(encoding="utf-8")
