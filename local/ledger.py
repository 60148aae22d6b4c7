"""The account of frames, kept in memory so that a replay can say what became of each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.flows.take_frames import PROCESSED


@dataclass(slots=True)
class CollectingLedger:
    """How each frame ended, by key: a frame that is delivered twice counts once."""

    settled: dict[str, tuple[str, str]] = field(default_factory=dict)

    def note(self, key: str, *, outcome: str, reason: str = "") -> None:
        self.settled[key] = (outcome, reason)

    @property
    def processed(self) -> int:
        return sum(outcome == PROCESSED for outcome, _ in self.settled.values())

    @property
    def rejected(self) -> Mapping[str, int]:
        """Counts by reason."""
        return Counter(reason for outcome, reason in self.settled.values() if outcome != PROCESSED)
