"""Settle every frame a queue message names: analysed, or rejected with a reason, or back to the queue.

A bundle's frames are settled one by one under their own keys, as if each had been an object, and each is shown what the
one before it showed.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from chalicelib.domain.frame_bundles import is_bundle_key
from chalicelib.domain.frames import FrameRef, parse_frame_key
from chalicelib.domain.observations import Observation
from chalicelib.errors import FrameRejected, InvalidInput
from chalicelib.store.frame_events import parse_frame_message
from chalicelib.store.ports import Clock, FrameStore, Ledger, RejectionLog

PROCESSED = "processed"
REJECTED = "rejected"


class Analyse(Protocol):
    """Looks at one frame; chalicelib.flows.analyse_frame.AnalyseFrame."""

    def __call__(self, frame: FrameRef, *, before: Observation | None = None, leads: bool = False) -> Observation:
        """`before` is what the frame before it in its bundle showed, `leads` says that others follow in it."""


@dataclass(frozen=True, slots=True)
class TakeFrames:
    """The ledger hears of every frame that is settled; what raises is settled by a later delivery or dead-lettered."""

    analyse: Analyse
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
            self._settle(key, size_bytes, self.analyse)
            return
        try:
            frames = self.frames.open_bundle(key, size_bytes)
        except FrameRejected as rejected:
            self._reject(key, rejected.reason)
        else:
            self._settle_bundle(frames)

    def _settle_bundle(self, frames: Sequence[tuple[str, int]]) -> None:
        before: Observation | None = None

        def settle(key: str, size_bytes: int) -> None:
            nonlocal before
            leads = len(frames) > 1 and key == frames[0][0]
            before = self._settle(key, size_bytes, partial(self.analyse, before=before, leads=leads)) or before

        _run_all(settle, frames)

    def _settle(self, key: str, size_bytes: int, analyse: Callable[[FrameRef], Observation]) -> Observation | None:
        try:
            observation = analyse(parse_frame_key(key, size_bytes))
        except FrameRejected as rejected:
            self._reject(key, rejected.reason)
            return None
        self.ledger.note(key, outcome=PROCESSED)
        return observation

    def _reject(self, key: str, reason: str) -> None:
        self.rejections.record(key, reason=reason, at_utc=self.clock())
        self.ledger.note(key, outcome=REJECTED, reason=reason)


def _run_all(settle: Callable[[str, int], None], frames: Sequence[tuple[str, int]]) -> None:
    """In order and whatever becomes of the others; what was raised is raised when all had their turn."""
    with ExitStack() as turns:
        for frame in reversed(frames):
            turns.callback(settle, *frame)
