"""What the law's flows need of the world outside, beside ports.py; each adapter and its fake keep one contract."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from chalicelib.domain.audit import Anchor, Record
from chalicelib.domain.deeds import Deed, Kept
from chalicelib.domain.incidents import Incident
from chalicelib.domain.mandate import Mandate
from chalicelib.domain.uploads import UploadGrant

K = TypeVar("K", bound=Kept)


class AuditLog(Protocol):
    """The audit's chains, which only ever grow."""

    def head(self, chain: str) -> Record | None:
        """The last record of a chain."""

    def append(self, record: Record) -> None:
        """Put a record at a chain's end; raises Conflict when another took its place first."""

    def read(self, day: date) -> Iterator[Record]:
        """Every record of a day, chain after chain, each in order."""

    def noted(self, key: str) -> bool:
        """Whether `note` was called for a key, within two days."""

    def note(self, key: str) -> None:
        """Remember that something was recorded, so that it isn't over and over."""


class AuditVault(Protocol):
    """Where a day's audit lies when it is over; nothing in it can be changed."""

    def anchor(self, day: date) -> Anchor | None:
        """The anchor of a day."""

    def keep(self, anchor: Anchor, records: Iterable[Record]) -> None:
        """Keep a day's records and its anchor; the first anchor of a day stands."""


class DeedStore(Protocol[K]):
    """Records of one kind (entries, authorisations, holds), each as it is now and with every deed that made it so."""

    def commit(self, deed: Deed[K]) -> None:
        """Write a deed and the record as it became, both or none; raises Conflict when another deed was first."""

    def get(self, record_id: str) -> K | None:
        """A record as it is now."""

    def require(self, record_id: str) -> K:
        """A record as it is now; raises NotFound."""

    def deeds(self, record_id: str) -> tuple[Deed[K], ...]:
        """All that was done to a record, in order."""

    def current(self) -> tuple[K, ...]:
        """The records with which something is still to be done, the last changed first."""

    def over(self) -> Iterator[K]:
        """All others, the last changed first."""


class MandateBoard(Protocol):
    """Where the mandate is published for analysers to read."""

    def seen(self) -> str:
        """What names the mandate that is published now; empty when there is none."""

    def put(self, mandate: Mandate, *, seen: str) -> None:
        """Replace the mandate that was seen; raises Conflict when another has been published since."""


class Biometrics(Protocol):
    """Portraits and templates of entries, and the snapshot that is searched: the only biometrics there are."""

    def portraits(self, entry_id: str) -> tuple[str, ...]:
        """The names of an entry's photographs."""

    def portrait(self, entry_id: str, name: str) -> bytes:
        """A photograph; raises NotFound."""

    def keep_template(self, entry_id: str, name: str, template: bytes) -> None:
        """Keep what a photograph was turned into."""

    def keep_review(self, entry_id: str, name: str, crop: bytes) -> None:
        """Keep what a photograph is shown as to whoever judges a candidate."""

    def templates(self, entry_id: str) -> Mapping[str, bytes]:
        """An entry's templates by the names of their photographs."""

    def entries(self) -> frozenset[str]:
        """The ids of entries of which there are photographs or templates."""

    def erase(self, entry_id: str) -> None:
        """Delete an entry's photographs, what is shown of them, and templates, for good."""

    def publish(self, snapshot: bytes) -> None:
        """Put a snapshot in place of the one that is searched, at once and whole."""


class PortraitDesk(Protocol):
    """Leave to upload a photograph without rights of one's own; signing is arithmetic, so there is no fake of it."""

    def grant(self, entry_id: str, name: str, *, lives: timedelta) -> UploadGrant:
        """A form that takes one photograph of an entry, under that very name; raises Transient."""


class HeldFrames(Protocol):
    """Copies of frames that outlive the others for as long as a hold is on them."""

    def keep(self, hold_id: str, keys: Iterable[str]) -> int:
        """Copy the frames that are still there; returns how many."""

    def release(self, hold_id: str) -> None:
        """Delete a hold's copies."""

    def made_between(self, from_utc: datetime, until_utc: datetime) -> tuple[str, ...]:
        """The holds whose last copy was made in [from, until)."""


class Erasure(Protocol):
    """What deletes incidents whose time is over."""

    def changed_between(self, from_utc: datetime, until_utc: datetime) -> Iterator[Incident]:
        """The incidents that changed last in [from, until), the oldest change first."""

    def erase(self, incident: Incident) -> None:
        """Delete an incident with its timeline, and what is remembered for it on its cameras."""
