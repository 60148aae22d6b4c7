"""From scores to yes or no: what an observation says about each kind, at the thresholds in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chalicelib.domain.cameras import FAULT_THRESHOLD, FROZEN
from chalicelib.domain.city import CameraProfile, CityPack
from chalicelib.domain.kinds import CAMERA_FAULT, WATCHLIST_CANDIDATE
from chalicelib.domain.observations import Observation


@dataclass(frozen=True, slots=True)
class Signal:
    """A positive: `subject` keeps several of one kind apart (a watchlist entry), `label` says it closer (a fault)."""

    kind: str
    score: float
    subject: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Every positive of one frame, and the kinds that were looked for at all: only those can be called quiet."""

    positives: tuple[Signal, ...]
    looked_for: frozenset[str]


def read_signals(
    observation: Observation,
    *,
    pack: CityPack,
    profile: CameraProfile,
    defaults: Mapping[str, float],
    frozen: bool,
) -> Reading:
    """Hold an observation against the thresholds: the camera's own, else the city's, else the model's default.

    `frozen` says whether a picture equal to the last one has been so for long enough to be a fault.
    """
    scenes = _scene_signals(observation, pack, profile, defaults)
    positives = (*scenes, *_fault_signals(observation, frozen=frozen), *_candidate_signals(observation))
    return Reading(positives, _looked_for(observation))


def _scene_signals(
    observation: Observation, pack: CityPack, profile: CameraProfile, defaults: Mapping[str, float]
) -> Iterator[Signal]:
    for kind, score in observation.scene_scores.items():
        of_city = pack.kind(kind).threshold
        threshold = profile.thresholds.get(kind, defaults[kind] if of_city is None else of_city)
        if score >= threshold:
            yield Signal(kind, score)


def _fault_signals(observation: Observation, *, frozen: bool) -> Iterator[Signal]:
    """The worst fault speaks for the camera, so that a lens half covered at night is one incident and not two."""
    faults = [(fault, score) for fault, score in observation.health.faults.items() if fault != FROZEN or frozen]
    fault, score = max(faults, key=lambda item: item[1], default=("", 0.0))
    if score >= FAULT_THRESHOLD:
        yield Signal(CAMERA_FAULT, score, label=fault)


def _candidate_signals(observation: Observation) -> Iterator[Signal]:
    best: dict[str, float] = {}
    for candidate in observation.faces.candidates if observation.faces else ():
        best[candidate.entry_id] = max(candidate.score, best.get(candidate.entry_id, -1.0))
    for entry_id, score in best.items():
        yield Signal(WATCHLIST_CANDIDATE, score, subject=entry_id)


def _looked_for(observation: Observation) -> frozenset[str]:
    faces = {WATCHLIST_CANDIDATE} if observation.faces else set()
    return frozenset({*observation.scene_scores, CAMERA_FAULT, *faces})
