"""Judge an incident's evidence once more, with the models at hand and the city pack of then.

Each sighting counted because its frame was positive; it is held against the same bytes, the same thresholds and what
was then taken off for the camera's normal. That so many sightings make an incident follows from them by a rule without
a model. What rests on several frames (a frozen picture, a car that stopped) can't be told from one and is said so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from chalicelib.domain.city import CameraProfile, CityPack
from chalicelib.domain.frame_bundles import bundle_key
from chalicelib.domain.frames import parse_frame_key
from chalicelib.domain.incidents import Evidence, Incident
from chalicelib.domain.kinds import CAMERA_FAULT, WATCHLIST_CANDIDATE
from chalicelib.domain.observations import Observation
from chalicelib.domain.scene_reference import judge_by_normal
from chalicelib.domain.signals import read_signals, scheduled
from chalicelib.errors import FrameRejected
from chalicelib.flows.analyse_frame import Analyser
from chalicelib.vision.observe import FaceSearch

SAME_SCORE = 1e-4
"""Two processors round a network's sums differently; the scores of other weights differ by far more."""


class Finding(StrEnum):
    """What came of a sighting, the best first."""

    EQUAL = "equal"
    OTHER_SCORE = "another score"
    OTHER_DECISION = "another decision"
    UNKNOWN = "can't be judged again"


@dataclass(frozen=True, slots=True)
class Again:
    """One sighting as it is judged now; `score` is None where it can't be, and `why` says what is in the way.

    `model_digests` are those that judged.
    """

    seen: Evidence
    finding: Finding
    score: float | None = None
    why: str = ""
    model_digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every sighting, and by job the digests of then and now where the models aren't the same."""

    sightings: tuple[Again, ...]
    other_models: Mapping[str, tuple[str, str]]

    @property
    def is_known(self) -> bool:
        """Whether the decision could be made again at all."""
        unknown = any(one.finding is Finding.UNKNOWN for one in self.sightings)
        return bool(self.sightings) and not unknown and not self.other_models

    @property
    def is_equal(self) -> bool:
        return self.is_known and all(one.finding is Finding.EQUAL for one in self.sightings)


@dataclass(frozen=True, slots=True)
class JudgeAgain:
    """`original` gives a frame's bytes, None where they are gone; `search` looks for one entry, None where it can't."""

    analyser: Analyser
    original: Callable[[Incident, Evidence], bytes | None]
    search: Callable[[str], FaceSearch | None]

    def __call__(self, incident: Incident, pack: CityPack) -> Explanation:
        """Judge all of an incident's evidence by the pack that was in force then."""
        sightings = tuple(self._again(incident, seen, pack) for seen in incident.evidence)
        used = {job: digest for one in sightings for job, digest in one.model_digests.items()}
        recorded = incident.provenance.model_digests
        differing = {job: (digest, used[job]) for job, digest in recorded.items() if used.get(job, digest) != digest}
        return Explanation(sightings, differing)

    def _again(self, incident: Incident, seen: Evidence, pack: CityPack) -> Again:
        try:
            frame = parse_frame_key(seen.frame_key, 0)
        except FrameRejected:
            return Again(seen, Finding.UNKNOWN, why="it is no frame: a drill's or an outage's")
        data, camera = self.original(incident, seen), pack.camera(frame.camera_id)
        if data is None:
            return Again(seen, Finding.UNKNOWN, why="its picture is erased")
        if camera is None:
            return Again(seen, Finding.UNKNOWN, why=f"the pack of then has no camera {frame.camera_id!r}")
        if sha256(data).hexdigest() != seen.sha256:
            return Again(seen, Finding.OTHER_DECISION, why="the picture is not the one that was recorded")
        profile = scheduled(pack.profile(camera), pack.local_time(frame.captured_at_utc))
        search = self.search(incident.subject) if incident.kind == WATCHLIST_CANDIDATE else None
        profile = scheduled(pack.profile(camera), pack.local_time(frame.captured_at_utc))
        observation = self.analyser.observe(frame, data, profile=profile, previous_fingerprint=None, search=search)
        return self._judged(incident, seen, observation, pack, profile)

    def _judged(
        self, incident: Incident, seen: Evidence, observation: Observation, pack: CityPack, profile: CameraProfile
    ) -> Again:
        score, digests = _score(incident, seen, observation), observation.model_digests
        if score is None:
            return Again(seen, Finding.UNKNOWN, why=_in_the_way(incident), model_digests=digests)
        reading = read_signals(
            observation,
            pack=pack,
            profile=profile,
            defaults=self.analyser.thresholds,
            frozen=False,
            excess={incident.kind: seen.excess},
        )
        positive = any((one.kind, one.subject) == (incident.kind, incident.subject) for one in reading.positives)
        if not positive:
            return Again(seen, Finding.OTHER_DECISION, score, "it would not count as a sighting", digests)
        same = abs(score - seen.score) <= SAME_SCORE
        if not same and incident.kind == WATCHLIST_CANDIDATE and bundle_key(seen.frame_key) is not None:
            return Again(seen, Finding.UNKNOWN, score, "frames of its bundle were judged together", digests)
        return Again(seen, Finding.EQUAL if same else Finding.OTHER_SCORE, score, model_digests=digests)


def _score(incident: Incident, seen: Evidence, observation: Observation) -> float | None:
    """What a frame says of the incident's kind by itself."""
    if incident.kind == CAMERA_FAULT:
        return observation.health.faults.get(incident.label)
    if incident.kind == WATCHLIST_CANDIDATE:
        faces = observation.faces.candidates if observation.faces else ()
        return max((one.score for one in faces if one.entry_id == incident.subject), default=None)
    score = observation.scene_scores.get(incident.kind)
    return None if score is None else judge_by_normal(score, seen.excess)


def _in_the_way(incident: Incident) -> str:
    if incident.kind == WATCHLIST_CANDIDATE:
        return "the entry's templates are erased, or made by another embedder"
    return "it rests on the frames before it"
