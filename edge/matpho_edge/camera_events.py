"""What cameras notice themselves, in one shape for every brand. An event alerts nobody: the gateway looks closer.

A brand's adapter is a class with `events()`, entered in events.ADAPTERS under the name that edge.yaml uses. It opens
the camera's stream of events and gives a CameraEvent for each that is going on. Whatever it has no kind for it passes
over, since a burst for each of a camera's hundred notices would be no gate.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class EventKind(StrEnum):
    """The kinds that brands have in common; ONVIF's topics map onto the same."""

    MOTION = "motion"
    INTRUSION = "intrusion"
    TAMPERING = "tampering"
    FIRE = "fire"
    CROWD = "crowd"
    TRAFFIC = "traffic"


@dataclass(frozen=True, slots=True)
class CameraEvent:
    """Something that a camera noticed; `name` is the brand's own word for it."""

    kind: EventKind
    name: str


class EventAdapter(Protocol):
    """One camera's events."""

    def events(self) -> Iterator[CameraEvent]:
        """Events as they come; raises SourceFailed when the stream breaks or ends."""
