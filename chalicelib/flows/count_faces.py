"""Counts what faces were compared with decoys, so that the rate at which strangers resemble somebody is known live."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.frames import FrameRef
from chalicelib.domain.observations import FaceReading, Observation


@dataclass(frozen=True, slots=True)
class CountFaces:
    """Around what analyses a frame: a frame in which no face was compared counts nothing and costs nothing."""

    analyse: Callable[..., Observation]
    count: Callable[[FaceReading], None]

    def __call__(self, frame: FrameRef, **surroundings: Any) -> Observation:
        observation = self.analyse(frame, **surroundings)
        if observation.faces is not None and observation.faces.compared:
            self.count(observation.faces)
        return observation
