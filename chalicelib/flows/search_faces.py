"""Whether, for whom and how alike a frame's faces are searched: nobody outside an authorisation, and never unaudited.

What it costs a frame is next to nothing: mandate, snapshot and threshold are kept in memory, and the period of a search
is recorded once an hour for each camera, authorisation and version of the list.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC

from chalicelib.domain.audit import Act
from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.city import FaceBudget
from chalicelib.domain.frame_bundles import bundle_key
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.identity import BurstThresholds, burst_thresholds
from chalicelib.domain.mandate import Mandate
from chalicelib.domain.thresholds import ImpostorCurve, OwnThreshold, face_threshold, own_threshold
from chalicelib.errors import InvalidInput, MatphoError, Misconfigured, Transient
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.law_ports import AuditLog
from chalicelib.store.ports import Clock
from chalicelib.vision.observe import FaceSearch
from chalicelib.vision.watchlist import WatchlistSnapshot

ACTOR = "matpho/analyse_frames"


@dataclass(frozen=True, slots=True)
class SearchFaces:
    """What a frame's faces are searched against; None where nobody may be searched for, so that no face is touched."""

    mandate: Callable[[], Mandate | None]
    snapshot: Callable[[], WatchlistSnapshot | None]
    curve: Callable[[], ImpostorCurve]
    budget: Callable[[], FaceBudget]
    log: AuditLog
    clock: Clock
    own: Callable[[], OwnThreshold | None] = lambda: None
    count_refused: Callable[[str], None] = lambda _: None
    _known: set[str] = field(default_factory=set)

    def __call__(self, frame: FrameRef) -> FaceSearch | None:
        """Raises Misconfigured where the list and the impostor curve come from different embedders."""
        mandate, snapshot = self.mandate(), self.snapshot()
        if mandate is None or snapshot is None:
            return None
        permitted = mandate.permitted(frame.camera_id, captured_at_utc=frame.captured_at_utc, now_utc=self.clock())
        if not snapshot.searches_anyone(self.clock(), permitted.entry_ids):
            return None
        snapshot.require_embedder(self.curve().embedder_digest)
        for authorisation in permitted.authorisations:
            self._record(frame, authorisation, snapshot.version)
        threshold, burst = self._thresholds(frame, list_size=len(snapshot.templates))
        return FaceSearch(snapshot, threshold, permitted.entry_ids, burst)

    def _thresholds(self, frame: FrameRef, *, list_size: int) -> tuple[float, BurstThresholds | None]:
        """Of a single look, and of a burst where frames come together; a threshold of one's own knows no bursts."""
        own = self._own(list_size)
        if own is not None:
            return own, None
        curve, budget = self.curve(), self.budget()

        def threshold_at(false_alerts_per_day: float) -> float:
            asked = asdict(budget) | {"false_alerts_per_day": false_alerts_per_day}
            return face_threshold(curve, list_size=list_size, **asked)

        if bundle_key(frame.key) is None:
            return threshold_at(budget.false_alerts_per_day), None
        burst = burst_thresholds(threshold_at, budget.false_alerts_per_day)
        return burst.single, burst

    def _own(self, list_size: int) -> float | None:
        """The list's own threshold while its evaluation carries it; the one worked out holds as soon as not."""
        own = self.own()
        if own is None:
            return None
        try:
            return own_threshold(own, self.curve(), list_size=list_size)
        except InvalidInput as refused:
            self._refuse(str(refused))
            return None

    def _refuse(self, why: str) -> None:
        """Said once a process for each reason."""
        key = f"own/{why}"
        if key not in self._known:
            self.count_refused(why)
            self._known.add(key)

    def _record(self, frame: FrameRef, authorisation: Authorisation, version: str) -> None:
        """The record comes before the note: a crash between them leaves a record too many, never one too few."""
        hour = f"{frame.captured_at_utc.astimezone(UTC):%Y-%m-%dT%H}"
        key = f"{hour}/{frame.camera_id}/{authorisation.id}/{version}"
        if key in self._known:
            return
        if not self.log.noted(key):
            details = {"authorisation": authorisation.id, "list_version": version, "hour": hour}
            subject = f"camera/{frame.camera_id}"
            RecordAct(self.log)(Act(ACTOR, authorisation.purpose, "faces_searched", subject, self.clock(), details))
            self.log.note(key)
        self._known.add(key)


@dataclass(frozen=True, slots=True)
class SearchWherePossible:
    """A list that can't be read must not keep a fire from being seen: the faces of that frame are given up, counted.

    The frame is done with then, and its faces are not searched later.
    """

    search: Callable[[FrameRef], FaceSearch | None]
    count_unsearched: Callable[[FrameRef, MatphoError], None]

    def __call__(self, frame: FrameRef) -> FaceSearch | None:
        """What a frame's faces are searched against; None where nobody may be, or nothing can be read."""
        try:
            return self.search(frame)
        except (Transient, Misconfigured) as error:
            self.count_unsearched(frame, error)
            return None
