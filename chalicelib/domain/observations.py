"""What one frame showed. Vision makes these values, rules read them; no image and no template is ever inside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.domain.frames import FrameRef

BoxXyxy = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the upright frame, origin at the top left."""

BoxRel = tuple[float, float, float, float]
"""The same in shares of the frame."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing a model saw: its label, a score in [0,1] and where."""

    label: str
    score: float
    box_xyxy: BoxXyxy


@dataclass(frozen=True, slots=True)
class ZoneReading:
    """How full a part of the road is: the share of its area under vehicles and of its length under a row of them.

    Where `standing` is known of the frame, only vehicles that stand make a row. Both in [0,1].
    """

    occupancy: float
    queue: float


@dataclass(frozen=True, slots=True)
class TrafficReading:
    """How full the road is: counts by label, and the share of the road zone under vehicles, in [0,1].

    `vehicles` is the best guess at how many are in view, the faintly seen ones included. `zones` are the road's named
    parts, `standing` is the share of vehicles on the road that haven't moved, None where one frame alone can't tell.
    """

    counts: Mapping[str, int]
    occupancy: float
    vehicles: float = 0.0
    zones: Mapping[str, ZoneReading] = field(default_factory=dict)
    standing: float | None = None


class Hint(StrEnum):
    """Why to look twice at a candidate: mouth or eyes are hidden, or it is a picture of a face, on a poster maybe."""

    COVERED = "covered"
    DARK_GLASSES = "dark_glasses"
    STANDS_STILL = "stands_still"


@dataclass(frozen=True, slots=True)
class FaceCandidate:
    """A face that resembles a watchlist entry: cosine in [-1,1], never a match before people confirmed it.

    `category` is the list that the entry is on, which says how many people have to. One `by_burst` passed with several
    frames together, whose mean is the score.
    """

    entry_id: str
    score: float
    box_xyxy: BoxXyxy
    category: str = ""
    hints: tuple[Hint, ...] = ()
    by_burst: bool = False


@dataclass(frozen=True, slots=True)
class FaceReading:
    """What looking for listed people gave; `refused` counts faces by the quality gate's reason.

    Of `compared` faces, `decoy_hits` comparisons with faces of nobody came out alike (chalicelib.domain.decoys). In a
    burst, `looks` are all that may be part of one, candidates or not, and `streaks` the scores of those that go on, by
    entry: both are never stored and never told.
    """

    seen: int
    refused: Mapping[str, int]
    candidates: tuple[FaceCandidate, ...]
    compared: int = 0
    decoy_hits: int = 0
    looks: tuple[FaceCandidate, ...] = field(default=(), repr=False)
    streaks: Mapping[str, tuple[float, ...]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """How well the camera sees: each fault's score in [0,1] and a small fingerprint to notice a frozen picture."""

    faults: Mapping[str, float]
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one frame showed, with what is needed to decide the same again.

    `scene_heat` says by kind where in the view it is, as chalicelib.domain.heat reads it.
    """

    frame: FrameRef
    sha256: str
    image_wh: tuple[int, int]
    health: CameraHealth
    scene_scores: Mapping[str, float] = field(default_factory=dict)
    detections: tuple[Detection, ...] = ()
    traffic: TrafficReading | None = None
    faces: FaceReading | None = None
    model_digests: Mapping[str, str] = field(default_factory=dict)
    scene_heat: Mapping[str, str] = field(default_factory=dict)
