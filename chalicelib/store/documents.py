"""Domain values as JSON documents and back, by their type hints alone: a new field needs a default and nothing here."""

from typing import Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from chalicelib.domain.cameras import Heartbeat
from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.incidents import Incident, TimelineEvent
from chalicelib.errors import InvalidInput

T = TypeVar("T")

_BYTES_AS_BASE64 = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


class Document(Generic[T]):
    """How one type of value is written down."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        # As a member of a tuple, since pydantic takes no config for a bare dataclass.
        self._adapter = TypeAdapter(tuple[kind], config=_BYTES_AS_BASE64)  # type: ignore[valid-type]

    def dump(self, value: T) -> str:
        return self._adapter.dump_json((value,)).decode()

    def load(self, text: str) -> T:
        """Raises InvalidInput naming the field that doesn't hold, never its value."""
        try:
            (value,) = self._adapter.validate_json(text)
        except ValidationError as error:
            place = ".".join(map(str, error.errors()[0]["loc"][1:]))
            raise InvalidInput(f"stored {self._kind.__name__} doesn't hold at {place!r}") from error
        return value


HEARTBEATS = Document(Heartbeat)
TRACKERS = Document(Tracker)
INCIDENTS = Document(Incident)
EVENTS = Document(TimelineEvent)
