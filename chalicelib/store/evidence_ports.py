"""What keeping and showing evidence needs of the world outside, beside ports.py; each adapter has a fake."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.evidence import CameraPicture, LentPicture, Picture
from chalicelib.domain.frames import FrameRef


class Film(Protocol):
    """What a camera took, as long as its frames are there."""

    def between(self, camera_id: str, from_utc: datetime, until_utc: datetime) -> Iterator[FrameRef]:
        """A camera's frames captured in (from, until), in order."""

    def back(self, camera_id: str, from_utc: datetime, until_utc: datetime) -> Iterator[FrameRef]:
        """The same, the newest first."""


class EvidenceVault(Protocol):
    """Pictures of incidents, sealed and redacted, and the newest redacted picture of a camera."""

    def pictures(self, incident_id: str) -> tuple[Picture, ...]:
        """What is kept of an incident, by number."""

    def keep(self, incident_id: str, picture: Picture, files: "Files") -> None:
        """Put a picture's files in place of those under the same number; nobody is told of them until `tell`."""

    def tell(self, incident_id: str, pictures: Sequence[Picture]) -> None:
        """Say what is kept of an incident."""

    def original(self, incident_id: str, number: int) -> bytes:
        """A picture as it was taken; raises NotFound."""

    def keeps(self, incident_id: str) -> bool:
        """Whether anything is kept of an incident, told of or not."""

    def erase(self, incident_id: str) -> bool:
        """Delete all that is kept of an incident for good; returns whether there was anything."""

    def close(self, incident_id: str) -> None:
        """Mark an incident as one of which nothing is kept ever again."""

    def is_closed(self, incident_id: str) -> bool:
        """Whether it was."""

    def put_camera_picture(self, picture: CameraPicture, redacted: bytes) -> None:
        """Put a camera's newest picture in place of the one before."""

    def camera_picture(self, camera_id: str) -> CameraPicture | None:
        """A camera's newest picture that is kept."""


@dataclass(frozen=True, slots=True)
class Files:
    """A picture as it was taken, the one that shows no face, and of a candidate the face alone (sealed, too)."""

    original: bytes
    redacted: bytes
    face: bytes | None = None


class PictureDesk(Protocol):
    """Leave to look at one picture for a while; signing is arithmetic, so there is no fake of it."""

    def redacted(self, incident_id: str, number: int) -> LentPicture:
        """A picture of an incident that shows no face; raises Transient."""

    def original(self, incident_id: str, number: int) -> LentPicture:
        """The same as it was taken."""

    def face(self, incident_id: str, number: int) -> LentPicture:
        """A candidate's face."""

    def of_camera(self, camera_id: str) -> LentPicture:
        """A camera's newest redacted picture."""


class ReviewDesk(Protocol):
    """Leave to look at a listed person's face beside a candidate's; no fake of it either."""

    def reference(self, entry_id: str, name: str) -> LentPicture:
        """What an entry's photograph is shown as; raises Transient."""


class PictureRequests(Protocol):
    """Who would like a camera's newest picture; keep_evidence hears of it by the table's stream."""

    def ask(self, camera_id: str, at_utc: datetime) -> None:
        """Ask for a camera's newest picture."""

    def asked_utc(self, camera_id: str) -> datetime | None:
        """When it was last asked for."""
