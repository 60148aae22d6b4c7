"""Looks for listed people in a frame: find faces, refuse the poor ones, embed the rest, search the list.

Who resembles somebody at a glance is looked at once more, as thoroughly as who is enrolled, and only that look decides:
of a thousand listed a quarter fewer are missed (.054 for .070), for 45 ms of each face that needs it, of strangers with
a thousand listed three in a hundred.

Of a face nobody is looking for, only its part in the counts leaves this module: templates are local to one call, so
they are neither stored nor logged nor in any object that outlives it. Cost: some 8 ms a frame and 16 ms a good face.
"""

from collections import Counter
from datetime import datetime
from functools import partial

from chalicelib.domain.observations import FaceCandidate, FaceReading, Hint
from chalicelib.vision.boxes import Float32
from chalicelib.vision.face_alignment import align_face
from chalicelib.vision.face_cover import covers
from chalicelib.vision.face_decoys import FaceDecoys
from chalicelib.vision.face_detection import Face, FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_quality import assess_face, refusal
from chalicelib.vision.frame_pixels import FramePixels, Image
from chalicelib.vision.watchlist import WatchlistSnapshot

GLANCE_MARGIN = 0.07
"""So much less alike may somebody be at a glance: with a thousand of LFW listed, nobody is lost by it who is found."""


class FaceFinder:
    """Turns a frame of a designated camera into a reading; whether looking is authorised is the caller's to know."""

    def __init__(self, detector: FaceDetector, embedder: FaceEmbedder, decoys: FaceDecoys | None = None) -> None:
        self._detector = detector
        self._embedder = embedder
        self._decoys = decoys
        self.digests = {"face_detector": detector.digest, "face_embedder": embedder.file_digest}

    def look(
        self,
        frame: FramePixels,
        snapshot: WatchlistSnapshot,
        *,
        at_utc: datetime,
        threshold: float,
        faintest: float | None = None,
        allowed_entry_ids: frozenset[str] | None = None,
    ) -> FaceReading:
        """Read a frame against the list as it is valid at `at_utc`, at a cosine of `threshold`.

        In a burst all from `faintest` on are told as looks.
        Where nobody may be searched for, no template is made. Raises Misconfigured where the list was enrolled with
        another embedder.
        """
        snapshot.require_embedder(self._embedder.digest)
        faces = self._detector.detect_in(frame)
        reasons = [refusal(assess_face(frame.whole_bgr, face)) for face in faces]
        refused = Counter(reason for reason in reasons if reason is not None)
        usable = [face for face, reason in zip(faces, reasons, strict=True) if reason is None]
        if not usable or not snapshot.searches_anyone(at_utc, allowed_entry_ids):
            return FaceReading(len(faces), dict(refused), ())
        search = partial(snapshot.search, at_utc=at_utc, allowed_entry_ids=allowed_entry_ids)
        templates = self._embedder.embed(frame.whole_bgr, usable)
        lowest = threshold if faintest is None else faintest
        near = search(templates, threshold=lowest - GLANCE_MARGIN)
        alike = [face for face, entries in zip(usable, near, strict=True) if entries]
        seen_again = ((face, *self._look_again(frame.whole_bgr, face)) for face in alike)
        looks = tuple(
            FaceCandidate(one.entry_id, one.score, face.box_xyxy, snapshot.category_of(one.entry_id), worn)
            for face, template, worn in seen_again
            for one in search(template, threshold=lowest)[0]
        )
        return FaceReading(
            len(faces),
            dict(refused),
            tuple(look for look in looks if look.score >= threshold),
            compared=len(usable),
            decoy_hits=self._decoys.hits(templates) if self._decoys else 0,
            looks=() if faintest is None else looks,
        )

    def _look_again(self, image_bgr: Image, face: Face) -> tuple[Float32, tuple[Hint, ...]]:
        """A template `(1, dim)` from both looks, and what hides a part of the face."""
        closely = self._detector.look_closely(image_bgr, face)
        template = self._embedder.embed_thoroughly(image_bgr, (face, closely))
        return template, covers(align_face(image_bgr, closely))
