"""Looks for listed people in a frame: find faces, refuse the poor ones, embed the rest, search the list.

Of a face nobody is looking for, only its part in the counts leaves this module: templates are local to one call, so
they are neither stored nor logged nor in any object that outlives it. Cost: some 8 ms a frame and 16 ms a good face.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.observations import FaceCandidate, FaceReading
from chalicelib.vision.face_decoys import FaceDecoys
from chalicelib.vision.face_detection import Face, FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_quality import assess_face, refusal
from chalicelib.vision.watchlist import ScoredEntry, WatchlistSnapshot


class FaceFinder:
    """Turns a frame of a designated camera into a reading; whether looking is authorised is the caller's to know."""

    def __init__(self, detector: FaceDetector, embedder: FaceEmbedder, decoys: FaceDecoys | None = None) -> None:
        self._detector = detector
        self._embedder = embedder
        self._decoys = decoys
        self.digests = {"face_detector": detector.digest, "face_embedder": embedder.file_digest}

    def look(
        self,
        image_bgr: NDArray[np.uint8],
        snapshot: WatchlistSnapshot,
        *,
        at_utc: datetime,
        threshold: float,
        allowed_entry_ids: frozenset[str] | None = None,
    ) -> FaceReading:
        """Read an image `(h, w, 3)` against the list as it is valid at `at_utc`, at a cosine of `threshold`.

        Where nobody may be searched for, no template is made. Raises Misconfigured where the list was enrolled with
        another embedder.
        """
        snapshot.require_embedder(self._embedder.digest)
        faces = self._detector.detect(image_bgr)
        reasons = [refusal(assess_face(image_bgr, face)) for face in faces]
        refused = Counter(reason for reason in reasons if reason is not None)
        usable = [face for face, reason in zip(faces, reasons, strict=True) if reason is None]
        if not snapshot.searches_anyone(at_utc, allowed_entry_ids):
            return FaceReading(len(faces), dict(refused), ())
        templates = self._embedder.embed(image_bgr, usable)
        found = snapshot.search(templates, at_utc=at_utc, threshold=threshold, allowed_entry_ids=allowed_entry_ids)
        return FaceReading(
            len(faces),
            dict(refused),
            tuple(_candidates(usable, found, snapshot)),
            compared=len(usable),
            decoy_hits=self._decoys.hits(templates) if self._decoys else 0,
        )


def _candidates(
    faces: Sequence[Face], found: Sequence[Sequence[ScoredEntry]], snapshot: WatchlistSnapshot
) -> Iterator[FaceCandidate]:
    for face, entries in zip(faces, found, strict=True):
        for entry in entries:
            yield FaceCandidate(entry.entry_id, entry.score, face.box_xyxy, snapshot.category_of(entry.entry_id))
