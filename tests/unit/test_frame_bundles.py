"""Several frames in one object: what is taken apart, what is refused, and that each frame is settled by itself."""

import io
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from chalicelib.domain.frame_bundles import MAX_FRAMES, bundle_key, is_bundle_key, read_bundle
from chalicelib.domain.frames import FrameRef, parse_frame_key
from chalicelib.domain.observations import CameraHealth, Observation
from chalicelib.errors import FrameRejected, Transient
from chalicelib.flows.take_frames import TakeFrames
from chalicelib.store.fakes import FakeFrameStore, FakeRejectionLog
from edge.matpho_edge.bundles import make_bundle
from local.ledger import CollectingLedger
from tests.unit.chain import START

BUNDLE = "frames/tv-1/2026/03/01/080000000Z-1.tar"
NAMES = [f"08000{n}000Z-{n + 1}.jpg" for n in range(3)]
KEYS = [f"{BUNDLE}/{name}" for name in NAMES]


def bundle(*names: str, data: bytes = b"jpeg") -> bytes:
    return make_bundle([(name, data) for name in names])


def ustar(change: Callable[[tarfile.TarInfo], None], *, form: int = tarfile.USTAR_FORMAT) -> bytes:
    """An archive of one member that isn't as a gateway writes it."""
    member = tarfile.TarInfo(NAMES[0])
    member.size = 4
    change(member)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=form) as tar:
        tar.addfile(member, io.BytesIO(b"jpeg"))
    return archive.getvalue()


def sized(size: bytes) -> bytes:
    """An archive whose only header gives another size, with a checksum that holds."""
    whole = bundle(NAMES[0])
    header = whole[:124] + size + whole[124 + len(size) : 148] + b" " * 8 + whole[156:512]
    return header[:148] + f"{sum(header):06o}\0 ".encode() + header[156:] + whole[512:]


def test_frames_are_found_under_their_own_keys_in_order_byte_for_byte() -> None:
    pictures = [(name, bytes([n]) * (512 * n + n)) for n, name in enumerate(NAMES)]
    assert list(read_bundle(BUNDLE, make_bundle(pictures)).items()) == [
        (f"{BUNDLE}/{name}", data) for name, data in pictures
    ]


def test_a_header_that_is_sealed_anew_is_taken() -> None:
    """So that wrong sizes are refused for what they say."""
    assert read_bundle(BUNDLE, sized(b"00000000004")) == {KEYS[0]: b"jpeg"}


def test_the_key_of_a_bundled_frame_tells_camera_instant_sequence_and_bundle() -> None:
    frame = parse_frame_key(KEYS[1], 4)
    assert (frame.camera_id, f"{frame.captured_at_utc:%Y-%m-%d %H:%M:%S}", frame.sequence) == (
        "tv-1",
        "2026-03-01 08:00:01",
        2,
    )
    assert bundle_key(KEYS[1]) == BUNDLE


@pytest.mark.parametrize(
    ("key", "is_one"),
    [
        (BUNDLE, True),
        (KEYS[0], False),
        ("frames/tv-1/2026/03/01/080000000Z-1.jpg", False),
        ("frames/tv-1/2026/03/01/../080000000Z-1.tar", False),
        (BUNDLE + "\n", False),
    ],
)
def test_only_the_archive_itself_is_a_bundle(key: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_bundle_key(key) is is_one


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes(1024), id="an archive without frames"),
        pytest.param(b"\xff\xd8\xff" * 400, id="a picture"),
        pytest.param(bundle(*NAMES)[:514], id="one that is cut short in a frame"),
        pytest.param(bundle(*NAMES)[:1100], id="one that is cut short in a header"),
        pytest.param(bundle(NAMES[0], NAMES[0]), id="a name twice"),
        pytest.param(bundle(*(f"08000{n}000Z-{n}.jpg" for n in range(MAX_FRAMES + 1))), id="a frame too many"),
        pytest.param(ustar(lambda one: setattr(one, "type", tarfile.SYMTYPE)), id="a link"),
        pytest.param(ustar(lambda one: setattr(one, "type", tarfile.DIRTYPE)), id="a folder"),
        pytest.param(ustar(lambda one: setattr(one, "name", "x" * 120 + "/y.jpg")), id="a name in two parts"),
        pytest.param(ustar(lambda one: None, form=tarfile.GNU_FORMAT), id="the dialect of GNU, which knows holes"),
        pytest.param(sized(b"77777777777"), id="a size of eight gigabytes"),
        pytest.param(sized(b"-0000000001"), id="a size below zero"),
        pytest.param(b"1" + bundle(NAMES[0])[1:], id="a checksum that doesn't hold"),
    ],
)
def test_whatever_is_irregular_is_refused_whole(data: bytes) -> None:
    with pytest.raises(FrameRejected) as refused:
        read_bundle(BUNDLE, data)
    assert refused.value.reason == "bad_bundle"


@dataclass
class Taking:
    """The flow on fakes, and every frame that was analysed, in order."""

    busy: Sequence[str] = ()
    frames: FakeFrameStore = field(default_factory=FakeFrameStore)
    rejections: FakeRejectionLog = field(default_factory=FakeRejectionLog)
    ledger: CollectingLedger = field(default_factory=CollectingLedger)
    analysed: list[str] = field(default_factory=list)
    neighbours: list[tuple[str | None, bool]] = field(default_factory=list)

    def analyse(self, frame: FrameRef, *, before: Observation | None = None, leads: bool = False) -> Observation:
        self.analysed.append(frame.key)
        self.neighbours.append((before.frame.key if before else None, leads))
        data = self.frames.read(frame)
        if not data:
            raise FrameRejected("empty")
        if frame.key in self.busy:
            raise Transient("S3 is busy")
        return Observation(frame, "00", (640, 480), CameraHealth({}, b""))

    def take(self, key: str) -> None:
        take = TakeFrames(self.analyse, self.frames, self.rejections, self.ledger, lambda: START)
        record = f'{{"eventName": "ObjectCreated:Post", "s3": {{"object": {{"key": "{key}", "size": 1}}}}}}'
        take("message-1", f'{{"Records": [{record}]}}')


def test_each_frame_of_a_bundle_is_counted_once_by_its_own_key_however_often_it_comes() -> None:
    taking = Taking()
    taking.frames.frames[BUNDLE] = bundle(*NAMES)
    for _ in range(2):
        taking.take(BUNDLE)
    assert taking.analysed == KEYS * 2
    assert taking.ledger.settled == dict.fromkeys(KEYS, ("processed", ""))


def test_each_frame_of_a_bundle_is_shown_what_the_one_before_it_showed() -> None:
    taking = Taking()
    taking.frames.frames[BUNDLE] = bundle(*NAMES)
    taking.take(BUNDLE)
    assert taking.neighbours == [(None, True), (KEYS[0], False), (KEYS[1], False)]


def test_one_after_a_bad_frame_is_shown_the_last_good_one() -> None:
    taking = Taking()
    taking.frames.frames[BUNDLE] = make_bundle([(NAMES[0], b"jpeg"), (NAMES[1], b""), (NAMES[2], b"jpeg")])
    taking.take(BUNDLE)
    assert taking.neighbours[-1] == (KEYS[0], False)


def test_a_bad_frame_loses_no_other() -> None:
    taking = Taking()
    taking.frames.frames[BUNDLE] = make_bundle([(NAMES[0], b""), ("what.exe", b"jpeg"), (NAMES[2], b"jpeg")])
    taking.take(BUNDLE)
    assert taking.ledger.settled == {
        KEYS[0]: ("rejected", "empty"),
        f"{BUNDLE}/what.exe": ("rejected", "bad_key"),
        KEYS[2]: ("processed", ""),
    }


def test_a_frame_that_must_come_again_keeps_none_of_the_others_waiting() -> None:
    taking = Taking(busy=[KEYS[0]])
    taking.frames.frames[BUNDLE] = bundle(*NAMES)
    with pytest.raises(Transient):
        taking.take(BUNDLE)
    assert taking.ledger.settled == dict.fromkeys(KEYS[1:], ("processed", ""))


@pytest.mark.parametrize(("held", "reason"), [(b"no archive", "bad_bundle"), (None, "missing")])
def test_a_bundle_that_cannot_be_opened_is_rejected_by_its_own_key(held: bytes | None, reason: str) -> None:
    taking = Taking()
    if held is not None:
        taking.frames.frames[BUNDLE] = held
    taking.take(BUNDLE)
    assert taking.ledger.settled == {BUNDLE: ("rejected", reason)}
    assert taking.rejections.rejected[BUNDLE][0] == reason
