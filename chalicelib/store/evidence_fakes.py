"""Evidence's ports in memory; one suite holds both them and the adapters to the contracts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.evidence import CameraPicture, Picture
from chalicelib.domain.frames import FrameRef, parse_frame_key
from chalicelib.errors import NotFound
from chalicelib.store.evidence_ports import Files
from chalicelib.store.fakes import FakeFrameStore


@dataclass
class FakeFilm:
    """The frames of a store in memory; bundles are the adapter's to open."""

    frames: FakeFrameStore

    def between(self, camera_id: str, from_utc: datetime, until_utc: datetime) -> Iterator[FrameRef]:
        refs = [parse_frame_key(key, len(data)) for key, data in sorted(self.frames.frames.items())]
        return iter([one for one in refs if one.camera_id == camera_id and from_utc < one.captured_at_utc < until_utc])

    def back(self, camera_id: str, from_utc: datetime, until_utc: datetime) -> Iterator[FrameRef]:
        return reversed(list(self.between(camera_id, from_utc, until_utc)))


@dataclass
class FakeEvidenceVault:
    """Files and lists by incident, the newest pictures by camera."""

    files: dict[tuple[str, int], Files] = field(default_factory=dict)
    told: dict[str, tuple[Picture, ...]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    of_cameras: dict[str, tuple[CameraPicture, bytes]] = field(default_factory=dict)

    def pictures(self, incident_id: str) -> tuple[Picture, ...]:
        return self.told.get(incident_id, ())

    def keep(self, incident_id: str, picture: Picture, files: Files) -> None:
        self.files[incident_id, picture.number] = files

    def tell(self, incident_id: str, pictures: Sequence[Picture]) -> None:
        self.told[incident_id] = tuple(pictures)

    def original(self, incident_id: str, number: int) -> bytes:
        if (incident_id, number) not in self.files:
            raise NotFound(f"picture {number} of incident {incident_id!r} is not kept")
        return self.files[incident_id, number].original

    def keeps(self, incident_id: str) -> bool:
        return incident_id in self.told or any(key[0] == incident_id for key in self.files)

    def erase(self, incident_id: str) -> bool:
        mine = [key for key in self.files if key[0] == incident_id]
        for key in mine:
            del self.files[key]
        return self.told.pop(incident_id, None) is not None or bool(mine)

    def close(self, incident_id: str) -> None:
        self.closed.add(incident_id)

    def is_closed(self, incident_id: str) -> bool:
        return incident_id in self.closed

    def put_camera_picture(self, picture: CameraPicture, redacted: bytes) -> None:
        self.of_cameras[picture.camera_id] = picture, redacted

    def camera_picture(self, camera_id: str) -> CameraPicture | None:
        return self.of_cameras[camera_id][0] if camera_id in self.of_cameras else None


@dataclass
class FakePictureRequests:
    """The time of the last request by camera."""

    asked: dict[str, datetime] = field(default_factory=dict)

    def ask(self, camera_id: str, at_utc: datetime) -> None:
        self.asked[camera_id] = at_utc

    def asked_utc(self, camera_id: str) -> datetime | None:
        return self.asked.get(camera_id)
