"""The spool keeps what passed, in order of worth and age when it is full, and counts whatever it gives up."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.frame_bundles import read_bundle
from edge.matpho_edge.config import Bundling, SpoolBounds
from edge.matpho_edge.errors import SpoolFailed
from edge.matpho_edge.frames import MAX_OBJECT_BYTES, Passed, Position, Worth
from edge.matpho_edge.spool import Load, Parcel, Spool
from edge.matpho_edge.spool_file import BROKEN, FILE
from tests.edge.cloud import START

DAY = "frames/cam-1/2026/03/01/"
FRAME_BYTES = 100_000 - 1024
"""With what a bundle adds, ten of these make a megabyte."""


@contextmanager
def spool(folder: Path, *, frames: int = 1, max_mb: float = 100, max_age_h: float = 1) -> Iterator[Spool]:
    bounds = SpoolBounds(folder=folder, max_mb=max_mb, max_age_h=max_age_h)
    with closing(Spool(bounds, Bundling(frames=frames, wait_s=10))) as opened:
        yield opened


def frame(at_s: float, worth: Worth = Worth.MOTION, *, camera_id: str = "cam-1", index: int | None = None) -> Passed:
    position = None if index is None else Position("street.mp4", index)
    return Passed(camera_id, START + timedelta(seconds=at_s), worth, bytes(FRAME_BYTES), position)


def put(one: Spool, *frames: Passed) -> list[str | None]:
    """Put frames when they were captured."""
    return [one.put(passed, passed.captured_at_utc) for passed in frames]


def claim(one: Spool, at_s: float, *, flush: bool = False) -> Parcel | None:
    return one.claim(START + timedelta(seconds=at_s), flush=flush)


def settle_all(one: Spool, at_s: float) -> list[str]:
    """Deliver everything; the keys of the objects in the order of their delivery."""
    keys = []
    while (parcel := claim(one, at_s, flush=True)) is not None:
        one.delivered(parcel)
        keys.append(parcel.key)
    return keys


def outcomes(one: Spool, camera_id: str = "cam-1") -> dict[str, int]:
    return {outcome: frames for (camera, outcome), frames in one.counts().items() if camera == camera_id}


def test_a_frame_is_delivered_once_and_gone(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        (key,) = put(one, frame(0))
        parcel = claim(one, 0)
        assert parcel is not None
        assert (parcel.key, parcel.body) == (key, bytes(FRAME_BYTES))
        one.delivered(parcel)
        assert claim(one, 0) is None
        assert outcomes(one) == {"passed": 1, "delivered": 1}
        assert one.load() == Load(0, 0, 0, None)


def test_what_was_not_delivered_outlives_the_process_with_its_key_and_counts(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        keys = put(one, frame(0), frame(1))
        claim(one, 1)  # and no word of what became of it
    with spool(tmp_path) as one:
        assert sorted(settle_all(one, 2)) == keys
        assert outcomes(one) == {"passed": 2, "delivered": 2}


def test_the_newest_goes_first(tmp_path: Path) -> None:
    """After an outage what goes on now must not wait for what is over."""
    with spool(tmp_path) as one:
        keys = put(one, *(frame(at_s) for at_s in range(5)))
        assert settle_all(one, 5) == keys[::-1]


def test_a_resting_camera_keeps_no_other_waiting(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        put(one, frame(0, camera_id="cam-1"), frame(1, camera_id="cam-2"))
        parcel = one.claim(START, resting={"cam-2"})
        assert parcel is not None
        assert parcel.camera_id == "cam-1"


def test_of_a_camera_one_object_at_a_time_is_under_way(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        put(one, frame(0, camera_id="cam-1"), frame(1, camera_id="cam-1"), frame(2, camera_id="cam-2"))
        under_way = [claim(one, 3), claim(one, 3)]
        assert [parcel and parcel.camera_id for parcel in under_way] == ["cam-2", "cam-1"]
        assert claim(one, 3) is None
        assert under_way[1] is not None
        one.delivered(under_way[1])
        following = claim(one, 3)
        assert following is not None
        assert following.camera_id == "cam-1"


def test_frames_of_one_instant_have_keys_of_their_own(tmp_path: Path) -> None:
    """A clock that was set back comes by the same millisecond twice."""
    with spool(tmp_path) as one:
        assert put(one, frame(0), frame(0)) == [f"{DAY}080000000Z-1.jpg", f"{DAY}080000000Z-2.jpg"]


def test_a_full_spool_gives_up_what_is_worth_least_and_then_what_is_oldest(tmp_path: Path) -> None:
    proofs, motions = (
        [frame(10 * n + base, worth) for n in range(5)] for base, worth in ((0, Worth.PROOF), (5, Worth.MOTION))
    )
    with spool(tmp_path, max_mb=0.6) as one:
        keys = put(one, *(passed for pair in zip(proofs, motions, strict=True) for passed in pair))
        kept = {key for key in keys[1::2] if key} | {keys[8]}
        assert set(settle_all(one, 50)) == kept
        assert outcomes(one) == {"passed": 10, "delivered": 6, "shed_for_space": 4}


def test_what_is_worth_least_is_given_up_even_if_it_came_last(tmp_path: Path) -> None:
    with spool(tmp_path, max_mb=0.2) as one:
        motions = put(one, frame(0), frame(1))
        put(one, frame(2, Worth.PROOF))
        assert sorted(settle_all(one, 3)) == motions


def test_the_disk_holds_no_more_than_it_should(tmp_path: Path) -> None:
    with spool(tmp_path, max_mb=1) as one:
        for at_s in range(200):
            put(one, frame(at_s))
            assert one.load().size_bytes <= 1_000_000
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 6_000_000


def test_what_is_too_old_is_given_up_whatever_it_is_worth(tmp_path: Path) -> None:
    with spool(tmp_path, max_age_h=1) as one:
        _, young = put(one, frame(0, Worth.EVENT), frame(1800, Worth.PROOF))
        assert settle_all(one, 3601) == [young]
        assert outcomes(one) == {"passed": 2, "delivered": 1, "shed_for_age": 1}


def test_what_is_under_way_is_never_given_up(tmp_path: Path) -> None:
    """It would be counted as shed and arrive all the same."""
    with spool(tmp_path, max_mb=0.2) as one:
        put(one, frame(0, Worth.PROOF))
        parcel = claim(one, 0)
        assert parcel is not None
        put(one, *(frame(at_s) for at_s in range(1, 5)), frame(7200))
        one.delivered(parcel)
        assert outcomes(one) == {"passed": 6, "delivered": 1, "shed_for_space": 3, "shed_for_age": 1}
        assert one.load().frames == 1


def end(one: Spool, step: str, parcel: Parcel) -> None:
    if step == "fail":
        one.release(parcel)
    else:
        {"deliver": one.delivered, "refuse": one.refused}[step](parcel)


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["put", "deliver", "refuse", "fail", "restart"]),
            st.integers(0, 900),
            st.sampled_from(Worth),
        ),
        max_size=40,
    ),
    frames=st.sampled_from([1, 3]),
)
@settings(max_examples=30, deadline=None)
def test_whatever_happens_each_frame_that_passed_has_one_end_or_waits(
    steps: list[tuple[str, int, Worth]], frames: int
) -> None:
    now_s = 0
    with TemporaryDirectory() as folder, ExitStack() as life:
        one = life.enter_context(spool(Path(folder), frames=frames, max_mb=0.5))
        for step, waited_s, worth in steps:
            now_s += waited_s
            if step == "restart":
                life.close()
                one = life.enter_context(spool(Path(folder), frames=frames, max_mb=0.5))
            elif step == "put":
                put(one, frame(now_s, worth))
            elif (parcel := claim(one, now_s)) is not None:
                end(one, step, parcel)
            ends = outcomes(one)
            assert ends.pop("passed", 0) == sum(ends.values()) + one.load().frames


def test_what_the_store_refuses_is_counted_and_gone(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        put(one, frame(0))
        parcel = claim(one, 0)
        assert parcel is not None
        one.refused(parcel)
        assert outcomes(one) == {"passed": 1, "refused": 1}
        assert claim(one, 0) is None


def test_a_recording_read_again_after_a_crash_is_not_taken_twice(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        put(one, frame(0, index=0), frame(4, index=20))
        settle_all(one, 5)
    with spool(tmp_path) as one:
        again = put(one, frame(0, index=0), frame(4, index=20), frame(6, index=30))
        assert again == [None, None, f"{DAY}080006000Z-3.jpg"]
        assert outcomes(one)["passed"] == 3


def test_another_recording_begins_anew(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        put(one, frame(4, index=20))
        other = Passed("cam-1", START, Worth.MOTION, b"jpeg", Position("other.mp4", 0))
        assert one.put(other, START) == f"{DAY}080000000Z-2.jpg"


def bundled(parcel: Parcel | None) -> list[str]:
    assert parcel is not None
    return list(read_bundle(parcel.key, parcel.body))


def test_a_bundle_goes_when_it_is_full(tmp_path: Path) -> None:
    with spool(tmp_path, frames=3) as one:
        keys = put(one, *(frame(at_s) for at_s in range(4)))
        assert bundled(claim(one, 4)) == keys[:3]


def test_a_bundle_goes_when_its_first_frame_has_waited_enough(tmp_path: Path) -> None:
    with spool(tmp_path, frames=3) as one:
        keys = put(one, frame(0), frame(9))
        assert claim(one, 9.999) is None
        assert bundled(claim(one, 10)) == keys
        (late,) = put(one, frame(10))
        assert late == f"{DAY}080010000Z-3.tar/080010000Z-3.jpg"


def test_a_bundle_under_way_takes_no_more_frames(tmp_path: Path) -> None:
    with spool(tmp_path, frames=3) as one:
        (first,) = put(one, frame(0))
        parcel = claim(one, 1, flush=True)
        assert parcel is not None
        assert bundled(parcel) == [first]
        one.release(parcel)
        (second,) = put(one, frame(2))
        assert bundled(claim(one, 2.5, flush=True)) == [second]


def test_a_bundle_holds_one_camera_and_one_day(tmp_path: Path) -> None:
    midnight_s = 16 * 3600.0
    with spool(tmp_path, frames=9, max_age_h=99) as one:
        put(one, frame(midnight_s - 1), frame(midnight_s + 1), frame(midnight_s + 2, camera_id="cam-2"))
        assert sorted(settle_all(one, midnight_s + 3)) == [
            f"{DAY}235959000Z-1.tar",
            "frames/cam-1/2026/03/02/000001000Z-2.tar",
            "frames/cam-2/2026/03/02/000002000Z-1.tar",
        ]


def test_a_bundle_grows_no_larger_than_the_chain_takes(tmp_path: Path) -> None:
    large = [Passed("cam-1", START + timedelta(seconds=n), Worth.MOTION, bytes(9_000_000)) for n in range(3)]
    with spool(tmp_path, frames=3) as one:
        put(one, *large)
        parcels = [claim(one, 3, flush=True)]
        assert parcels[0] is not None
        one.delivered(parcels[0])
        parcels.append(claim(one, 3, flush=True))
        assert [len(bundled(parcel)) for parcel in parcels] == [1, 2]
        assert all(parcel is not None and len(parcel.body) <= MAX_OBJECT_BYTES for parcel in parcels)


def test_a_bundle_of_a_clock_that_was_set_back_still_goes(tmp_path: Path) -> None:
    with spool(tmp_path, frames=3) as one:
        keys = put(one, frame(3600))
        assert bundled(claim(one, 0)) == keys


def test_a_spool_of_single_frames_goes_on_as_one_of_bundles(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        (single,) = put(one, frame(0))
    with spool(tmp_path, frames=3) as one:
        put(one, frame(1))
        assert settle_all(one, 2) == [f"{DAY}080001000Z-2.tar", single]


def test_a_second_gateway_on_the_same_spool_is_told_so(tmp_path: Path) -> None:
    with spool(tmp_path), pytest.raises(SpoolFailed, match="locked"), spool(tmp_path):
        pass


def test_a_spool_that_the_disk_has_broken_is_put_aside(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        put(one, frame(0))
    broken = b"no spool" + (tmp_path / FILE).read_bytes()[8:]
    (tmp_path / FILE).write_bytes(broken)
    with spool(tmp_path) as one:
        assert put(one, frame(1)) == [f"{DAY}080001000Z-1.jpg"]
    assert (tmp_path / BROKEN).read_bytes() == broken


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolFailed, match="file"), spool(tmp_path / "file" / "spool"):
        pass
