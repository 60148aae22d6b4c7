"""Photographs of entries become templates, or are refused with the reason; then the snapshot that is searched is made.

A template is made once a photograph and embedder, and only here: what the API's functions handle are photographs that
somebody uploaded, and words.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from chalicelib.domain.watchlists import Entry, EntryStatus, Portrait, add_portrait
from chalicelib.errors import FrameRejected
from chalicelib.flows.do_deeds import DoDeed
from chalicelib.store.law_ports import Biometrics, DeedStore
from chalicelib.store.ports import Clock
from chalicelib.vision.boxes import Float32
from chalicelib.vision.enrolment import Listed
from chalicelib.vision.watchlist import WatchlistSnapshot

ACTOR = "matpho/keep_watchlist"
PURPOSE = "watchlist"

NO_ROWS: Float32 = np.zeros((0, 128), np.float32)

Enroller = Callable[[bytes], Float32]
"""A photograph's bytes to one unit row `(1, dim)`; raises FrameRejected with what the quality gate has against it."""


class Published(Protocol):
    """The snapshot that is searched now."""

    def __call__(self) -> WatchlistSnapshot | None: ...


@dataclass(frozen=True, slots=True)
class Gate:
    """What a photograph has to pass; the enroller is only built when there is one to look at."""

    enroller: Callable[[], Enroller]
    against_listed: Callable[[Float32, Listed], str | None]
    published: Published
    embedder_digest: Callable[[], str]

    def __call__(self, photo: bytes, entry_id: str, own: Float32) -> Float32:
        """Raises FrameRejected where quality, the entry's `own` templates or other entries are against it."""
        template = self.enroller()(photo)
        reason = self.against_listed(template, Listed(own, self._others(entry_id)))
        if reason is not None:
            raise FrameRejected(reason)
        return template

    def _others(self, entry_id: str) -> Float32:
        snapshot = self.published()
        if snapshot is None or snapshot.embedder_digest != self.embedder_digest():
            return NO_ROWS
        mine = [entry.entry_id == entry_id for entry in snapshot.entries]
        others: Float32 = snapshot.templates[~np.asarray(mine, dtype=bool)[snapshot.owners]]
        return others


@dataclass(frozen=True, slots=True)
class EnrolPortraits:
    """Looks at photographs that nobody has looked at yet with the embedder in use.

    Of an accepted one `crop` makes what whoever judges a candidate is shown: the face alone, and small.
    """

    entries: DeedStore[Entry]
    do: DoDeed[Entry]
    biometrics: Biometrics
    gate: Gate
    crop: Callable[[bytes], bytes]
    clock: Clock

    def __call__(self) -> int:
        """Enrol what is new; returns how many photographs were looked at."""
        now = self.clock()
        return sum(self._enrol(entry) for entry in self.entries.current() if not entry.over(now))

    def _enrol(self, entry: Entry) -> int:
        digest, looked = self.gate.embedder_digest(), 0
        known = {portrait.name: portrait for portrait in entry.portraits}
        for name in self.biometrics.portraits(entry.id):
            before = known.get(name)
            if before and (before.refused or before.embedder_digest == digest):
                continue
            if before is None and entry.status is EntryStatus.APPROVED:
                continue  # nobody approved it, so it is never searched, and goes with the entry
            portrait = self._look(entry, name, before, digest)
            deed = add_portrait(entry, portrait, by=ACTOR, at_utc=self.clock())
            entry = self.do(deed, purpose=PURPOSE, details={"portrait": name, "refused": portrait.refused})
            looked += 1
        return looked

    def _look(self, entry: Entry, name: str, before: Portrait | None, digest: str) -> Portrait:
        photo = self.biometrics.portrait(entry.id, name)
        sha256 = hashlib.sha256(photo).hexdigest()
        if before and before.sha256 != sha256:
            return Portrait(name, before.sha256, refused="changed_since_approval")
        try:
            template = self.gate(photo, entry.id, accepted_rows(entry, self.biometrics, digest))
        except FrameRejected as rejected:
            return Portrait(name, sha256, refused=rejected.reason)
        self.biometrics.keep_template(entry.id, name, template_to_bytes(template))
        self.biometrics.keep_review(entry.id, name, self.crop(photo))
        return Portrait(name, sha256, embedder_digest=digest)


@dataclass(frozen=True, slots=True)
class PublishSnapshot:
    """Puts all templates that may be searched into one object, when anything about them has changed."""

    entries: DeedStore[Entry]
    biometrics: Biometrics
    published: Published
    embedder_digest: Callable[[], str]
    clock: Clock

    def __call__(self) -> bool:
        """Publish, unless what is published is the same; returns whether it did."""
        now, digest = self.clock(), self.embedder_digest()
        listed = [one for one in self.entries.current() if one.status is EntryStatus.APPROVED and not one.over(now)]
        listed.sort(key=lambda one: one.id)
        version = _version(digest, listed)
        before = self.published()
        if before is not None and before.version == version:
            return False
        enrolled = [(one.terms, accepted_rows(one, self.biometrics, digest)) for one in listed if one.terms]
        snapshot = WatchlistSnapshot.build(version, digest, [(terms, rows) for terms, rows in enrolled if len(rows)])
        self.biometrics.publish(snapshot.to_bytes())
        return True


def accepted_rows(entry: Entry, biometrics: Biometrics, digest: str) -> Float32:
    """The templates `(n, dim)` of an entry's portraits that were accepted with this very embedder."""
    wanted = {one.name for one in entry.portraits if one.accepted and one.embedder_digest == digest}
    kept = biometrics.templates(entry.id) if wanted else {}
    rows = [template_from_bytes(kept[name]) for name in sorted(wanted & kept.keys())]
    return np.concatenate(rows) if rows else NO_ROWS


def template_to_bytes(template: Float32) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, template, allow_pickle=False)
    return buffer.getvalue()


def template_from_bytes(data: bytes) -> Float32:
    rows: Float32 = np.load(io.BytesIO(data), allow_pickle=False)
    return rows


def _version(digest: str, listed: list[Entry]) -> str:
    """The same for the same entries in the same state."""
    state = "\n".join([digest, *(f"{one.id} {one.version}" for one in listed)])
    return hashlib.sha256(state.encode()).hexdigest()[:16]
