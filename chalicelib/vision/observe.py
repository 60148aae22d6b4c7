"""Looks at one frame with what its camera's profile asks for; the only place that knows every sensor.

A frame is decoded once. The camera's health comes first: through a covered, dark or over-exposed lens nothing else is
worth a model's time, and a hand before the lens must not become a flood.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.domain.city import CameraProfile
from chalicelib.domain.footing import foot_rel, is_masked, masks_of
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.identity import BurstThresholds
from chalicelib.domain.kinds import CONGESTION, WATCHLIST_CANDIDATE
from chalicelib.domain.observations import Detection, FaceReading, Observation, TrafficReading
from chalicelib.vision.boxes import Float32
from chalicelib.vision.camera_health import assess_health, is_blind
from chalicelib.vision.face_finder import FaceFinder
from chalicelib.vision.frame_pixels import FramePixels, pixels_of_file
from chalicelib.vision.masks import by_masks, hide
from chalicelib.vision.scenes import SceneClassifier
from chalicelib.vision.vehicle_count import FAINT, CountHead, load_count_head
from chalicelib.vision.vehicles import VEHICLES, VehicleDetector, read_traffic
from chalicelib.vision.watchlist import WatchlistSnapshot
from chalicelib.vision.zones import read_zones


@dataclass(frozen=True, slots=True)
class FaceSearch:
    """Who is searched for, and from which cosine on a face is a candidate; `burst` where frames are judged together.

    `entry_ids` are those that may be searched now: a late frame must not search an entry that has expired since.
    """

    snapshot: WatchlistSnapshot
    threshold: float
    entry_ids: frozenset[str]
    burst: BurstThresholds | None = None


@dataclass(frozen=True, slots=True)
class Analyser:
    """Every sensor, each built once a process.

    What finds faces is asked for at the first frame whose faces are searched: most cameras are not designated, and
    without its models a process starts 60 ms sooner.
    """

    scenes: SceneClassifier
    vehicles: VehicleDetector
    faces: Callable[[], FaceFinder]
    count_head: CountHead = field(default_factory=load_count_head)

    @property
    def thresholds(self) -> Mapping[str, float]:
        return self.scenes.thresholds

    @property
    def typical_logits(self) -> Mapping[str, float]:
        return self.scenes.typical_logits

    def observe(
        self,
        frame: FrameRef,
        data: bytes,
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,
        search: FaceSearch | None,
    ) -> Observation:
        """All that a frame's bytes show; raises FrameRejected when they are no picture that can be trusted."""
        pixels = pixels_of_file(data)
        sha256 = hashlib.sha256(data).hexdigest()
        health = assess_health(pixels, previous_fingerprint=previous_fingerprint)
        if is_blind(health):
            return Observation(frame, sha256, pixels.wh, health)
        scene_scores, scene_heat, whole = self._scenes(pixels, profile)
        detections, traffic = self._traffic(pixels, profile, whole)
        return Observation(
            frame,
            sha256,
            pixels.wh,
            health,
            scene_scores=scene_scores,
            detections=detections,
            traffic=traffic,
            faces=self._faces(pixels, frame, profile, search),
            model_digests=self._digests(profile, search),
            scene_heat=scene_heat,
        )

    def _scenes(
        self, pixels: FramePixels, profile: CameraProfile
    ) -> tuple[dict[str, float], dict[str, str], Float32 | None]:
        """The scores, where they come from, and the features of the whole picture for whoever else wants them.

        The encoder looks once for all kinds that see the same of the picture: normally once.
        """
        scores: dict[str, float] = {}
        heat: dict[str, str] = {}
        whole: Float32 | None = None
        for polygons_rel, kinds in by_masks(profile, profile.scenes).items():
            views = self.scenes.look_at(hide(pixels.small_bgr, polygons_rel))
            scores |= self.scenes.judge(views, kinds)
            heat |= self.scenes.heat(views, kinds)
            whole = views.whole if whole is None else whole
        return scores, heat, whole

    def _traffic(
        self, pixels: FramePixels, profile: CameraProfile, whole: Float32 | None
    ) -> tuple[tuple[Detection, ...], TrafficReading | None]:
        if not profile.vehicles:
            return (), None
        wh = pixels.wh
        finds = self.vehicles.find(pixels.small_bgr, from_score=FAINT, in_wh=wh)
        seen = [one for one in finds if not is_masked(profile, CONGESTION, foot_rel(one.box_xyxy, wh))]
        sure = self.vehicles.sure(seen)
        reading = read_traffic(sure, image_wh=wh, road_zone_rel=profile.road_zone_rel)
        zones = read_zones(sure, image_wh=wh, profile=profile)
        vehicles = [one for one in seen if one.label in VEHICLES]
        count = self.count_head.count(vehicles, image_wh=wh, view_features=whole)
        return self.vehicles.sure(finds), replace(reading, vehicles=count, zones=zones)

    def _faces(
        self, pixels: FramePixels, frame: FrameRef, profile: CameraProfile, search: FaceSearch | None
    ) -> FaceReading | None:
        if not profile.faces or search is None:
            return None
        return self.faces().look(
            pixels.hiding(masks_of(profile, WATCHLIST_CANDIDATE)),
            search.snapshot,
            at_utc=frame.captured_at_utc,
            threshold=search.threshold,
            faintest=search.burst.faintest if search.burst else None,
            allowed_entry_ids=search.entry_ids,
        )

    def _digests(self, profile: CameraProfile, search: FaceSearch | None) -> dict[str, str]:
        """What really ran, and nothing else: the evidence must name the models that decided."""
        used: dict[str, str] = {}
        if profile.scenes:
            used |= self.scenes.digests
        if profile.vehicles:
            used |= self.vehicles.digests
        if profile.faces and search is not None:
            used |= self.faces().digests
        return used
