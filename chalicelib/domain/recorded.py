"""What recorded frames showed: kept as observations, so that any policy can be held against them, now or later."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.observations import Observation


@dataclass(frozen=True, slots=True)
class RecordedFrame:
    """A frame that was looked at again, or the reason why it couldn't be."""

    key: str
    observation: Observation | None = None
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class RecordedBatch:
    """The frames of one message of a run; `thresholds` are the defaults of the models that looked."""

    run: str
    thresholds: Mapping[str, float]
    frames: tuple[RecordedFrame, ...]
