"""Look at recorded frames again, at leisure. What they show is kept and changes nothing: no incident, no alert.

Nothing that is remembered of a camera is read, so a run over old frames can't meet what goes on now (ADR 0008). The
cost: a frozen picture is only seen against the frame before, so it isn't looked for here. Nor are faces: whoever
searches the past for somebody needs an authorisation for that, and none can be given for frames of any age.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from chalicelib.domain.city import CityPack
from chalicelib.domain.frame_bundles import is_bundle_key
from chalicelib.domain.frames import FrameRef, parse_frame_key
from chalicelib.domain.observations import Observation
from chalicelib.domain.recorded import RecordedBatch, RecordedFrame
from chalicelib.domain.stillness import with_stillness
from chalicelib.errors import FrameRejected
from chalicelib.flows.analyse_frame import Analyser
from chalicelib.store.ports import FrameStore, RecordedStore


@dataclass(frozen=True, slots=True)
class ReadRecorded:
    """Reads and looks as the live path does, with the same analyser and the camera's own profile."""

    frames: FrameStore
    analyser: Analyser
    pack: Callable[[], CityPack]
    recorded: RecordedStore

    def __call__(self, run: str, frames: Sequence[tuple[str, int]]) -> None:
        """Look at frames, by key and size in bytes; raises Transient to have all of them come again."""
        looked = chain.from_iterable(self._look_into(key, size_bytes) for key, size_bytes in frames)
        self.recorded.put(RecordedBatch(run, self.analyser.thresholds, tuple(looked)))

    def _look_into(self, key: str, size_bytes: int) -> Iterator[RecordedFrame]:
        if not is_bundle_key(key):
            yield self._look(key, size_bytes)
            return
        try:
            frames = self.frames.open_bundle(key, size_bytes)
        except FrameRejected as rejected:
            yield RecordedFrame(key, rejected=rejected.reason)
        else:
            before: Observation | None = None
            for frame_key, frame_bytes in frames:
                looked = self._look(frame_key, frame_bytes, before)
                before = looked.observation or before
                yield looked

    def _look(self, key: str, size_bytes: int, before: Observation | None = None) -> RecordedFrame:
        try:
            return RecordedFrame(key, self._observe(parse_frame_key(key, size_bytes), before))
        except FrameRejected as rejected:
            return RecordedFrame(key, rejected=rejected.reason)

    def _observe(self, frame: FrameRef, before: Observation | None) -> Observation:
        pack = self.pack()
        camera = pack.camera(frame.camera_id)
        if camera is None:
            raise FrameRejected("unknown_camera", repr(frame.camera_id))
        profile = pack.profile(camera)
        observation = self.analyser.observe(
            frame,
            self.frames.read(frame),
            profile=profile,
            previous_fingerprint=None,
            search=None,
        )
        return with_stillness(observation, before, profile)
