"""From scores to yes or no: what an observation says about each kind, at the thresholds, hours and masks in force."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from chalicelib.domain.cameras import FAULT_THRESHOLD, FROZEN, OTHER_VIEW
from chalicelib.domain.city import EVERYWHERE, CameraProfile, CityPack
from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.footing import foot_rel, is_masked, vehicles_in
from chalicelib.domain.heat import extent
from chalicelib.domain.hours import covers
from chalicelib.domain.kinds import CAMERA_FAULT, CONGESTION, WATCHLIST_CANDIDATE
from chalicelib.domain.observations import BoxRel, BoxXyxy, FaceCandidate, Hint, Observation
from chalicelib.domain.polygons import Point
from chalicelib.domain.scene_reference import judge_by_normal

DEGRADED_FROM = 0.25
"""A lens at half of a fault sees poorly: of 177 ordinary streets none comes near, of 310 incidents one in a hundred."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A positive: `subject` keeps several of one kind apart (a watchlist entry), `label` says it closer (a fault).

    `extent` is the share of the picture or road it fills, 0 where nobody knows; `spot_rel` where it touches the ground,
    in shares of the picture from the top left. `heat` is the map of where a scene is, `excess` what the camera's normal
    took off the logit of the model's score, `hints` what a face wears. One that `confirms` is several frames in one.
    """

    kind: str
    score: float
    subject: str = ""
    label: str = ""
    extent: float = 0.0
    spot_rel: Point | None = None
    box_rel: BoxRel | None = None
    heat: str = ""
    excess: float = 0.0
    hints: tuple[Hint, ...] = ()
    confirms: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Every positive of one frame, and the kinds that were looked for at all: only those can be called quiet.

    `degraded` says that the camera saw poorly, or an old picture, or another view than its own.
    """

    positives: tuple[Signal, ...]
    looked_for: frozenset[str]
    degraded: bool = False

    def quiet(self, trackers: Collection[Tracker]) -> frozenset[str]:
        """The kinds that a clear look didn't find and that aren't going on: they may teach what is normal here."""
        going_on = {one.kind for one in trackers if one.is_active} | {one.kind for one in self.positives}
        return frozenset() if self.degraded or CAMERA_FAULT in going_on else self.looked_for - going_on


def read_signals(
    observation: Observation,
    *,
    pack: CityPack,
    profile: CameraProfile,
    defaults: Mapping[str, float],
    frozen: bool,
    excess: Mapping[str, float],
) -> Reading:
    """Hold an observation against the thresholds: the camera's own, else the city's, else the model's default.

    `frozen` says whether a picture equal to the last one has been so for long enough to be a fault, `excess` by kind
    what the camera's normal takes off a score. A kind outside its schedule wasn't looked for, whatever the frame shows.
    """
    local = pack.local_time(observation.frame.captured_at_utc)
    looked_for = frozenset(kind for kind in _looked_for(observation) if is_scheduled(profile, kind, local))
    judged = {kind: judge_by_normal(score, excess.get(kind, 0.0)) for kind, score in observation.scene_scores.items()}
    scenes = (
        _scene(kind, score, observation, profile, excess)
        for kind, score in judged.items()
        if score >= _threshold(kind, pack, profile, defaults)
    )
    faults = _fault_signals(observation, frozen=frozen)
    positives = (*scenes, *faults, *_candidate_signals(observation, profile))
    seen = tuple(signal for signal in positives if signal.kind in looked_for)
    return Reading(seen, looked_for, degraded=frozen or _is_degraded(observation))


def is_scheduled(profile: CameraProfile, kind: str, local: datetime) -> bool:
    """Whether a kind is looked for at a moment on the city's clock."""
    mine = [one for one in profile.schedules if kind in one.kinds or EVERYWHERE in one.kinds]
    return not mine or any(covers(hours, local) for one in mine for hours in one.hours)


def scheduled(profile: CameraProfile, local: datetime) -> CameraProfile:
    """The profile without what isn't looked for at a moment on the city's clock, so that no model looks for it."""
    if not profile.schedules:
        return profile
    scenes = tuple(kind for kind in profile.scenes if is_scheduled(profile, kind, local))
    return replace(profile, scenes=scenes, faces=profile.faces and is_scheduled(profile, WATCHLIST_CANDIDATE, local))


def box_rel(box_xyxy: BoxXyxy, image_wh: tuple[int, int]) -> BoxRel:
    """A box in shares of the picture."""
    (left, top, right, bottom), (width, height) = box_xyxy, image_wh
    return left / width, top / height, right / width, bottom / height


def _threshold(kind: str, pack: CityPack, profile: CameraProfile, defaults: Mapping[str, float]) -> float:
    of_city = pack.kind(kind).threshold
    return profile.thresholds.get(kind, defaults[kind] if of_city is None else of_city)


def _scene(
    kind: str, score: float, observation: Observation, profile: CameraProfile, excess: Mapping[str, float]
) -> Signal:
    if kind == CONGESTION:
        return _congestion(observation, profile, score)
    heat = observation.scene_heat.get(kind, "")
    return Signal(kind, score, extent=extent(heat), heat=heat, excess=excess.get(kind, 0.0))


def _congestion(observation: Observation, profile: CameraProfile, score: float) -> Signal:
    """It fills what vehicles cover of the road, and stands in the midst of them."""
    extent = observation.traffic.occupancy if observation.traffic else 0.0
    on_road = vehicles_in(profile.road_zone_rel, observation, profile, CONGESTION)
    feet = [foot_rel(one.box_xyxy, observation.image_wh) for one in on_road]
    spot = (median(x for x, _ in feet), median(y for _, y in feet)) if feet else None
    return Signal(CONGESTION, score, extent=extent, spot_rel=spot)


def _fault_signals(observation: Observation, *, frozen: bool) -> Iterator[Signal]:
    """The worst fault speaks for the camera, so that a lens half covered at night is one incident and not two."""
    faults = [(fault, score) for fault, score in observation.health.faults.items() if fault != FROZEN or frozen]
    fault, score = max(faults, key=lambda item: item[1], default=("", 0.0))
    if score >= FAULT_THRESHOLD:
        yield Signal(CAMERA_FAULT, score, label=fault)


def _is_degraded(observation: Observation) -> bool:
    faults = {fault: score for fault, score in observation.health.faults.items() if fault != FROZEN}
    return any(score >= (FAULT_THRESHOLD if fault in OTHER_VIEW else DEGRADED_FROM) for fault, score in faults.items())


def _candidate_signals(observation: Observation, profile: CameraProfile) -> Iterator[Signal]:
    """Each entry by its best face that isn't masked."""
    best: dict[str, FaceCandidate] = {}
    for one in observation.faces.candidates if observation.faces else ():
        masked = is_masked(profile, WATCHLIST_CANDIDATE, foot_rel(one.box_xyxy, observation.image_wh))
        if not masked and (one.entry_id not in best or one.score > best[one.entry_id].score):
            best[one.entry_id] = one
    for entry_id, one in best.items():
        yield Signal(
            WATCHLIST_CANDIDATE,
            one.score,
            subject=entry_id,
            label=one.category,
            spot_rel=foot_rel(one.box_xyxy, observation.image_wh),
            box_rel=box_rel(one.box_xyxy, observation.image_wh),
            hints=one.hints,
            confirms=one.by_burst,
        )


def _looked_for(observation: Observation) -> frozenset[str]:
    faces = {WATCHLIST_CANDIDATE} if observation.faces else set()
    return frozenset({*observation.scene_scores, CAMERA_FAULT, *faces})
