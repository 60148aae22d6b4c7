"""Recorded frames: looked at as live ones are, and judged by the live rules, unheard by them (ADR 0008)."""

import random
from dataclasses import replace

import pytest

from chalicelib.domain.recorded import RecordedBatch
from chalicelib.errors import Transient
from chalicelib.flows.judge_recorded import judge_recorded
from chalicelib.flows.read_recorded import ReadRecorded
from chalicelib.store.fakes import FakeRecordedStore
from edge.matpho_edge.bundles import make_bundle
from tests.unit.chain import Chain, ScriptedAnalyser

SHOWN = ["", "flood", "flood", "flood", "flood", "", ""]
SPACING_S = 10


class Archive(Chain):
    """The chain, with what looks at recorded frames beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.recorded = FakeRecordedStore()
        self.read = ReadRecorded(self.frames, ScriptedAnalyser(), lambda: self.pack, self.recorded)

    def look(self, shown: list[str], *, camera_id: str = "tv-1") -> None:
        for number, script in enumerate(shown):
            frame = self.put(number * SPACING_S, script, camera_id=camera_id)
            self.read("run", [(frame.key, frame.size_bytes)])

    @property
    def batches(self) -> list[RecordedBatch]:
        return list(self.recorded.read("run"))


@pytest.fixture
def archive() -> Archive:
    return Archive()


def test_looking_at_recorded_frames_leaves_no_trace_in_what_is_live(archive: Archive) -> None:
    archive.look(SHOWN)
    assert (archive.incidents, archive.cameras.heartbeats, archive.cameras.trackers) == ((), {}, {})


def test_recorded_frames_are_the_incident_that_live_frames_would_be(archive: Archive) -> None:
    archive.look(SHOWN)
    (judged,) = judge_recorded(archive.batches, archive.pack)
    live = Chain()
    live.deliver(*(live.put(number * SPACING_S, script) for number, script in enumerate(SHOWN)))
    (opened,) = live.incidents
    assert judged.id == opened.id
    assert (judged.evidence, judged.routed, judged.place) == (opened.evidence, opened.routed, opened.place)


def test_the_frames_of_a_bundle_are_looked_at_like_any_others(archive: Archive) -> None:
    bundle = "frames/tv-1/2026/03/01/080000000Z-0.tar"
    shown = [(f"0800{10 * n:02}000Z-{n}.jpg", script.encode()) for n, script in enumerate(["flood"] * 3)]
    archive.frames.frames |= {bundle: make_bundle(shown), "frames/tv-1/2026/03/01/090000000Z-9.tar": b"no archive"}
    archive.read("run", [(bundle, 1), ("frames/tv-1/2026/03/01/090000000Z-9.tar", 1)])
    (batch,) = archive.batches
    assert [frame.rejected for frame in batch.frames] == ["", "", "", "bad_bundle"]
    (judged,) = judge_recorded(archive.batches, archive.pack)
    assert [one.frame_key for one in judged.evidence] == [f"{bundle}/{name}" for name, _ in shown]


def test_neither_the_order_of_messages_nor_a_repeat_changes_the_judgement(archive: Archive) -> None:
    archive.look(SHOWN)
    shuffled = [*archive.batches, *archive.batches]
    random.Random(7).shuffle(shuffled)  # noqa: S311  # an order, no secret
    assert judge_recorded(shuffled, archive.pack) == judge_recorded(archive.batches, archive.pack)


def test_a_proposed_policy_is_held_against_the_same_observations(archive: Archive) -> None:
    archive.look(SHOWN)
    strict = tuple(replace(kind, positives=5) if kind.kind == "flood" else kind for kind in archive.pack.kinds)
    assert judge_recorded(archive.batches, replace(archive.pack, kinds=strict)) == ()


def test_frames_that_can_not_be_looked_at_are_kept_with_the_reason(archive: Archive) -> None:
    gone = archive.put(0)
    del archive.frames.frames[gone.key]
    stranger = archive.put(0, camera_id="nobodys")
    archive.read("run", [(gone.key, 9), (stranger.key, 9), ("frames/x.txt", 9)])
    (batch,) = archive.batches
    assert [frame.rejected for frame in batch.frames] == ["missing", "unknown_camera", "bad_key"]
    assert judge_recorded([batch], archive.pack) == ()


def test_a_camera_that_the_pack_dropped_is_passed_over(archive: Archive) -> None:
    archive.look(SHOWN)
    without = replace(archive.pack, cameras=tuple(one for one in archive.pack.cameras if one.id != "tv-1"))
    assert judge_recorded(archive.batches, without) == ()


def test_a_failure_that_may_pass_brings_the_message_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = archive.put(0)

    def busy(*_: object, **__: object) -> bytes:
        raise Transient("S3 is busy")

    monkeypatch.setattr(archive.frames, "read", busy)
    with pytest.raises(Transient):
        archive.read("run", [(frame.key, 9)])
    assert archive.batches == []
