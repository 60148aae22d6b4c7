"""Everything around the models for a frame that shows nothing: from the queue's message to the ledger, on the fakes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.speed.clock import Work, median_ms
from bench.speed.peers.matpho_search import snapshot_of
from bench.speed.search import random_units
from bench.speed.stages import NOW_UTC, frame_of
from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.city import CameraProfile, CityPack, FaceBudget
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.kinds import SCENE_KINDS
from chalicelib.domain.mandate import Mandate
from chalicelib.domain.observations import CameraHealth, FaceReading, Observation, TrafficReading
from chalicelib.domain.thresholds import parse_impostor_curve
from chalicelib.flows.analyse_frame import AnalyseFrame
from chalicelib.flows.follow_sightings import FollowSightings
from chalicelib.flows.search_faces import SearchFaces
from chalicelib.flows.take_frames import TakeFrames
from chalicelib.store.fakes import FakeCameraStore, FakeFrameStore, FakeIncidentStore, FakeRejectionLog
from chalicelib.store.law_fakes import FakeAuditLog
from chalicelib.vision.observe import FaceSearch
from local.ledger import CollectingLedger

CURVE = parse_impostor_curve(Path("chalicelib/vision/heads/impostors_sface.json").read_bytes())
FRAMES = 200
CAMERAS = (1, 554, 5_000)
LISTS = (100, 10_000, 100_000)
_SPACING = timedelta(milliseconds=100)


@dataclass
class _SeesNothing:
    """An analyser without models."""

    thresholds: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(SCENE_KINDS, 0.5))
    typical_logits: Mapping[str, float] = field(default_factory=dict)

    def observe(
        self,
        frame: FrameRef,
        data: bytes,  # noqa: ARG002  # nothing to see
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,  # noqa: ARG002
        search: FaceSearch | None,
    ) -> Observation:
        return Observation(
            frame,
            "0" * 64,
            (1920, 1080),
            CameraHealth({"frozen": 0.0, "dark": 0.0}, b"street"),
            scene_scores=dict.fromkeys(profile.scenes, 0.01),
            traffic=TrafficReading({}, 0.0) if profile.vehicles else None,
            faces=FaceReading(0, {}, ()) if search else None,
        )


class _CountingCameras(FakeCameraStore):
    """Counts what is written of cameras."""

    writes = 0

    def beat(self, heartbeat: Any) -> None:
        self.writes += 1
        super().beat(heartbeat)


def time_quiet(pack: CityPack, *, rounds: int) -> dict[str, Any]:
    """Milliseconds a frame by the number of cameras, and on a designated camera by the length of the list."""
    return {
        "cameras": {str(count): _time(_grown(pack, count), listed=0, rounds=rounds) for count in CAMERAS},
        "listed": {str(count): _time(pack, listed=count, rounds=rounds) for count in LISTS},
        "writes": _writes(pack),
    }


def quiet_frame(pack: CityPack, *, listed: int = 0) -> Work:
    """One quiet frame after the other, the same few again and again; of a designated camera where people are listed."""
    take, messages, _cameras = _chain(pack, _search_faces(pack, listed) if listed else None)
    turn = cycle(messages)
    return lambda: take("", next(turn))


def _time(pack: CityPack, *, listed: int, rounds: int) -> float:
    return round(median_ms(quiet_frame(pack, listed=listed), rounds=rounds * FRAMES), 4)


def _writes(pack: CityPack) -> int:
    """What twenty seconds of quiet frames write once the camera was heard of."""
    take, messages, cameras = _chain(pack, None)
    take("first", messages[0])
    cameras.writes = 0
    for number, message in enumerate(messages[1:]):
        take(str(number), message)
    return cameras.writes


def _chain(pack: CityPack, search: SearchFaces | None) -> tuple[TakeFrames, list[str], _CountingCameras]:
    """The flow on fakes, and messages of a camera in the middle of the pack's list, a tenth of a second apart."""
    camera = pack.cameras[len(pack.cameras) // 2]
    if search is not None:
        profiles = tuple(replace(one, faces=True) for one in pack.profiles)
        pack = replace(pack, profiles=profiles)
    cameras, frames = _CountingCameras(), FakeFrameStore()
    follow = FollowSightings(cameras, FakeIncidentStore(cameras), _clock)
    face_search = search or (lambda _: None)
    analyse = AnalyseFrame(frames, cameras, follow, _SeesNothing(), lambda: pack, face_search, _clock)
    refs = [frame_of(b"street", number=100 * number, camera_id=camera.id) for number in range(FRAMES)]
    frames.frames |= {one.key: b"street" for one in refs}
    take = TakeFrames(analyse, frames, FakeRejectionLog(), CollectingLedger(), _clock)
    return take, [_message(one) for one in refs], cameras


def _search_faces(pack: CityPack, listed: int) -> SearchFaces:
    snapshot = replace(snapshot_of(random_units(listed, seed=3)), embedder_digest=CURVE.embedder_digest)
    camera = pack.cameras[len(pack.cameras) // 2]
    until_utc = NOW_UTC + timedelta(days=1)
    authorisation = Authorisation(
        "a1", "case", "law", (camera.id,), ("missing",), NOW_UTC - timedelta(days=1), until_utc, "unit", "lan",
        NOW_UTC - timedelta(days=1), approved_by="minh", approved_at_utc=NOW_UTC - timedelta(days=1),
    )  # fmt: skip
    mandate = Mandate(NOW_UTC, (authorisation,), snapshot.entries)
    return SearchFaces(lambda: mandate, lambda: snapshot, lambda: CURVE, FaceBudget, FakeAuditLog(), _clock)


def _grown(pack: CityPack, cameras: int) -> CityPack:
    """The city with so many cameras, each a copy of one that it has."""
    known = pack.cameras
    return replace(pack, cameras=tuple(replace(known[n % len(known)], id=f"cam-{n}") for n in range(cameras)))


def _clock() -> datetime:
    return NOW_UTC + timedelta(minutes=1)


def _message(frame: FrameRef) -> str:
    """As S3 announces an object."""
    created = {"eventName": "ObjectCreated:Put", "s3": {"object": {"key": frame.key, "size": frame.size_bytes}}}
    return json.dumps({"Records": [created]})
