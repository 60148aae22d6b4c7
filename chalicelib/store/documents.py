"""Domain values as JSON documents and back, by their type hints alone: a new field needs a default and nothing here."""

import zlib
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import ConfigDict, RootModel, ValidationError

from chalicelib.domain.cameras import Heartbeat
from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.evidence import CameraPicture, Picture
from chalicelib.domain.incidents import Incident, TimelineEvent
from chalicelib.domain.openings import Openings
from chalicelib.domain.recorded import RecordedBatch
from chalicelib.domain.traffic import TrafficStep
from chalicelib.errors import InvalidInput

T = TypeVar("T")


class Document(Generic[T]):
    """How one type of value is written down."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._root: type[_Root[T]] = _Root[kind]  # type: ignore[valid-type]

    def dump(self, value: T) -> str:
        return self._root(value).model_dump_json()

    def load(self, text: str) -> T:
        """Raises InvalidInput naming the field that doesn't hold, never its value."""
        try:
            return self._root.model_validate_json(text).root
        except ValidationError as error:
            place = ".".join(map(str, error.errors()[0]["loc"]))
            raise InvalidInput(f"stored {self._kind.__name__} doesn't hold at {place!r}") from error

    def pack(self, value: T) -> bytes:
        """The document in as few bytes as can be, where a kilobyte more is a write more."""
        return zlib.compress(self.dump(value).encode(), level=9)

    def unpack(self, data: bytes) -> T:
        return self.load(zlib.decompress(data).decode())


class _Root(RootModel[T]):
    """Carries the config that pydantic takes for no dataclass of somebody else's."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


HEARTBEATS = Document(Heartbeat)
TRACKERS = Document(Tracker)
INCIDENTS = Document(Incident)
EVENTS = Document(TimelineEvent)
OPENINGS = Document(Openings)
TRAFFIC = Document(TrafficStep)
RECORDED = Document(RecordedBatch)
PICTURES = Document(tuple[Picture, ...])
CAMERA_PICTURES = Document(CameraPicture)
PICTURE_REQUESTS = Document(datetime)
