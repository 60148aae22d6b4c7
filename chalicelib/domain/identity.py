"""One person over several frames: the mean of a burst may pass at a lower cosine than any single look.

A stranger's likeness to an entry changes from frame to frame, so a mean strays less than one look does; who is really
listed keeps his likeness. The frames of a burst resemble each other, though: with a correlation of r between two looks
at one stranger, the mean of m varies by (1 + (m - 1)·r) / m of one look's variance. Strangers' cosines lie in a bell
around zero (chalicelib.vision.face_space), so the threshold shrinks by the root of that.

A burst is consecutive frames of one bundle. What nearly passes is known from frame to frame of it and to nobody else:
it is stored nowhere, and gone with the bundle (docs/adr/0018-bursts-in-memory.md).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.frames import parse_frame_key
from chalicelib.domain.incidents import Evidence
from chalicelib.domain.observations import BoxRel, FaceCandidate, FaceReading, Hint, Observation

LOOKS = 4
CORRELATION = 0.85
"""Between two looks at one stranger in a burst: .85 where one photograph of LFW was moved, blurred, lit and compressed
anew, .69 between different photographs of one person. The higher, the more careful."""

LOOK_STRAY = 0.1
"""A look that falls so far below the mean that a burst must reach ends the burst: few do who are really listed."""

STANDS_STILL = timedelta(minutes=5)
MOST_STRAY = 0.05


@dataclass(frozen=True, slots=True)
class BurstThresholds:
    """The cosine that a single look must reach, or the mean of a whole burst of `looks`."""

    single: float
    mean: float
    looks: int

    @property
    def faintest(self) -> float:
        """The cosine below which a look is no part of a burst."""
        return min(self.single, self.mean - LOOK_STRAY)


def burst_thresholds(
    threshold_at: Callable[[float], float], false_alerts_per_day: float, *, looks: int = LOOKS
) -> BurstThresholds:
    """Both thresholds, each within half of the budget, so that they keep it together whatever they have in common.

    `threshold_at` gives a single look's threshold for a budget (`face_threshold`, all else given). Means are judged
    once a burst and not once a look, so for the same alerts a day each may err `looks` times as often.
    """
    half = false_alerts_per_day / 2
    shrunk = math.sqrt((1 + (looks - 1) * CORRELATION) / looks)
    return BurstThresholds(threshold_at(half), threshold_at(half * looks) * shrunk, looks)


def with_burst(observation: Observation, before: Observation | None, thresholds: BurstThresholds) -> Observation:
    """The observation with those as candidates whose burst ends here and passes, beside those who pass by themselves.

    `before` is what the frame before in the bundle showed; an entry that wasn't in sight there begins anew, as it does
    after a whole burst.
    """
    if observation.faces is None:
        return observation
    seen_before = before.faces.streaks if before and before.faces else {}
    best = _best_by_entry(observation.faces.looks)
    streaks = {entry_id: (*seen_before.get(entry_id, ()), look.score) for entry_id, look in best.items()}
    by_burst = [
        replace(best[entry_id], score=_mean(streak), by_burst=True)
        for entry_id, streak in streaks.items()
        if _mean_passes(streak, thresholds)
    ]
    going_on = {entry_id: streak for entry_id, streak in streaks.items() if len(streak) < thresholds.looks}
    return replace(observation, faces=_told(observation.faces, by_burst, going_on))


@dataclass(frozen=True, slots=True)
class Look:
    """Where an entry's candidate was at one instant."""

    at_utc: datetime
    box_rel: BoxRel


def hints(evidence: Sequence[Evidence]) -> tuple[Hint, ...]:
    """What should make those who judge a candidate look twice: what most pictures show, and a face that never moves."""
    worn = [hint for hint in Hint if 2 * sum(hint in one.hints for one in evidence) > len(evidence)]
    looks: dict[str, list[Look]] = {}
    for one in evidence:
        if one.box_rel is not None:
            camera_id = parse_frame_key(one.frame_key, 0).camera_id
            looks.setdefault(camera_id, []).append(Look(one.captured_at_utc, one.box_rel))
    still = any(map(stands_still, looks.values()))
    return (*worn, *((Hint.STANDS_STILL,) if still else ()))


def stands_still(looks: Sequence[Look]) -> bool:
    """Whether it must be a picture of a face, on a poster or a screen: nobody holds his face so for minutes.

    True where looks, in their order, span `STANDS_STILL`, and no edge of the box strays by more than a twentieth of the
    face's side.
    """
    if len(looks) < 2 or looks[-1].at_utc - looks[0].at_utc < STANDS_STILL:
        return False
    left, top, right, bottom = looks[0].box_rel
    sides = (right - left, bottom - top) * 2
    edges = zip(*(look.box_rel for look in looks), strict=True)
    return all(max(edge) - min(edge) <= MOST_STRAY * side for edge, side in zip(edges, sides, strict=True))


def _best_by_entry(looks: Sequence[FaceCandidate]) -> dict[str, FaceCandidate]:
    """A person has one face: of several that resemble an entry in one frame, the likest is the look at it."""
    return {one.entry_id: one for one in sorted(looks, key=lambda one: one.score)}


def _mean_passes(streak: Sequence[float], thresholds: BurstThresholds) -> bool:
    return len(streak) == thresholds.looks and _mean(streak) >= thresholds.mean


def _mean(streak: Sequence[float]) -> float:
    return math.fsum(streak) / len(streak)


def _told(
    reading: FaceReading, by_burst: Sequence[FaceCandidate], going_on: Mapping[str, tuple[float, ...]]
) -> FaceReading:
    passed = {one.entry_id for one in by_burst}
    by_themselves = (one for one in reading.candidates if one.entry_id not in passed)
    return replace(reading, candidates=(*by_burst, *by_themselves), looks=(), streaks=going_on)
