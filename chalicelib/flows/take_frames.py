"""Settle every frame a queue message names: analysed, or rejected with a reason, or back to the queue.

A bundle's frames are settled one by one under their own keys, as if each had been an object.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from chalicelib.domain.frame_bundles import is_bundle_key
from chalicelib.domain.frames import FrameRef, parse_frame_key
from chalicelib.domain.observations import Observation
from chalicelib.errors import FrameRejected, InvalidInput
from chalicelib.store.frame_events import parse_frame_message
from chalicelib.store.ports import Clock, FrameStore, Ledger, RejectionLog

PROCESSED = "processed"
REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class TakeFrames:
    """The ledger hears of every frame that is settled; what raises is settled by a later delivery or dead-lettered."""

    analyse: Callable[[FrameRef], Observation]
    frames: FrameStore
    rejections: RejectionLog
    ledger: Ledger
    clock: Clock

    def __call__(self, message_id: str, body: str) -> None:
        """Settle one message's frames; raises Transient to have the whole message delivered again."""
        try:
            frames = parse_frame_message(body)
        except InvalidInput:
            self._reject(f"message/{message_id}", "bad_message")
            return
        _run_all(self._settle_object, frames)

    def _settle_object(self, key: str, size_bytes: int) -> None:
        if not is_bundle_key(key):
            self._settle(key, size_bytes)
            return
        try:
            frames = self.frames.open_bundle(key, size_bytes)
        except FrameRejected as rejected:
            self._reject(key, rejected.reason)
        else:
            _run_all(self._settle, frames)

    def _settle(self, key: str, size_bytes: int) -> None:
        try:
            self.analyse(parse_frame_key(key, size_bytes))
        except FrameRejected as rejected:
            self._reject(key, rejected.reason)
        else:
            self.ledger.note(key, outcome=PROCESSED)

    def _reject(self, key: str, reason: str) -> None:
        self.rejections.record(key, reason=reason, at_utc=self.clock())
        self.ledger.note(key, outcome=REJECTED, reason=reason)


def _run_all(settle: Callable[[str, int], None], frames: Sequence[tuple[str, int]]) -> None:
    """In order and whatever becomes of the others; what was raised is raised when all had their turn."""
    with ExitStack() as turns:
        for frame in reversed(frames):
            turns.callback(settle, *frame)
