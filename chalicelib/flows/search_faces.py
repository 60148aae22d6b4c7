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
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.mandate import Mandate
from chalicelib.domain.thresholds import ImpostorCurve, face_threshold
from chalicelib.errors import MatphoError, Misconfigured, Transient
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
        threshold = face_threshold(self.curve(), list_size=len(snapshot.templates), **asdict(self.budget()))
        return FaceSearch(snapshot, threshold, permitted.entry_ids)

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
