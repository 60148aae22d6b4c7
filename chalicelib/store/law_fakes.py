"""The law's ports in memory; one suite holds both them and the adapters to the contracts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from chalicelib.domain.audit import Anchor, Record, chains_of
from chalicelib.domain.deeds import Deed, Kept
from chalicelib.domain.incidents import Incident
from chalicelib.domain.mandate import Mandate
from chalicelib.errors import Conflict, NotFound
from chalicelib.store.fakes import FakeFrameStore, FakeIncidentStore
from chalicelib.store.ports import Clock

K = TypeVar("K", bound=Kept)


@dataclass
class FakeAuditLog:
    """Records by chain, in order."""

    chains: dict[str, list[Record]] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)

    @property
    def records(self) -> list[Record]:
        """All of them, as they were written."""
        return sorted((one for chain in self.chains.values() for one in chain), key=lambda one: one.act.at_utc)

    def head(self, chain: str) -> Record | None:
        return self.chains[chain][-1] if self.chains.get(chain) else None

    def append(self, record: Record) -> None:
        chain = self.chains.setdefault(record.chain, [])
        if record.sequence <= len(chain):
            raise Conflict(f"record {record.sequence} of chain {record.chain!r} is there")
        chain.append(record)

    def read(self, day: date) -> Iterator[Record]:
        for chain in chains_of(day):
            yield from self.chains.get(chain, ())

    def noted(self, key: str) -> bool:
        return key in self.notes

    def note(self, key: str) -> None:
        self.notes.add(key)


@dataclass
class FakeAuditVault:
    """Anchors and records by day."""

    days: dict[date, tuple[Anchor, tuple[Record, ...]]] = field(default_factory=dict)

    def anchor(self, day: date) -> Anchor | None:
        return self.days[day][0] if day in self.days else None

    def keep(self, anchor: Anchor, records: Iterable[Record]) -> None:
        self.days.setdefault(anchor.day, (anchor, tuple(records)))


@dataclass
class FakeDeedStore(Generic[K]):
    """Deeds by record."""

    done: dict[str, list[Deed[K]]] = field(default_factory=dict)

    def commit(self, deed: Deed[K]) -> None:
        deeds = self.done.setdefault(deed.after.id, [])
        if deed.after.version != len(deeds) + 1:
            raise Conflict(f"deed {deed.after.version} on {deed.after.id!r}, of which {len(deeds)} are known")
        deeds.append(deed)

    def get(self, record_id: str) -> K | None:
        return self.done[record_id][-1].after if self.done.get(record_id) else None

    def require(self, record_id: str) -> K:
        record = self.get(record_id)
        if record is None:
            raise NotFound(f"no such record: {record_id!r}")
        return record

    def deeds(self, record_id: str) -> tuple[Deed[K], ...]:
        return tuple(self.done.get(record_id, ()))

    def current(self) -> tuple[K, ...]:
        return tuple(one for one in self._newest_first() if one.is_current)

    def over(self) -> Iterator[K]:
        return (one for one in self._newest_first() if not one.is_current)

    def _newest_first(self) -> list[K]:
        states = [deeds[-1].after for deeds in self.done.values() if deeds]
        return sorted(states, key=lambda one: one.changed_at_utc, reverse=True)


@dataclass
class FakeMandateBoard:
    """Every mandate that was published, the last one in force."""

    published: list[Mandate] = field(default_factory=list)

    def seen(self) -> str:
        return str(len(self.published) or "")

    def put(self, mandate: Mandate, *, seen: str) -> None:
        if seen != self.seen():
            raise Conflict("another mandate has been published since")
        self.published.append(mandate)


@dataclass
class FakeBiometrics:
    """Photographs and templates by entry and name, and the snapshot."""

    photographs: dict[tuple[str, str], bytes] = field(default_factory=dict)
    embedded: dict[tuple[str, str], bytes] = field(default_factory=dict)
    reviews: dict[tuple[str, str], bytes] = field(default_factory=dict)
    snapshot: bytes | None = None

    def portraits(self, entry_id: str) -> tuple[str, ...]:
        return tuple(sorted(name for entry, name in self.photographs if entry == entry_id))

    def portrait(self, entry_id: str, name: str) -> bytes:
        if (entry_id, name) not in self.photographs:
            raise NotFound(f"no such portrait: {name!r}")
        return self.photographs[entry_id, name]

    def keep_template(self, entry_id: str, name: str, template: bytes) -> None:
        self.embedded[entry_id, name] = template

    def keep_review(self, entry_id: str, name: str, crop: bytes) -> None:
        self.reviews[entry_id, name] = crop

    def templates(self, entry_id: str) -> Mapping[str, bytes]:
        return {name: template for (entry, name), template in self.embedded.items() if entry == entry_id}

    def entries(self) -> frozenset[str]:
        return frozenset(entry for entry, _ in (*self.photographs, *self.embedded, *self.reviews))

    def erase(self, entry_id: str) -> None:
        for kept in (self.photographs, self.embedded, self.reviews):
            for key in [key for key in kept if key[0] == entry_id]:
                del kept[key]

    def publish(self, snapshot: bytes) -> None:
        self.snapshot = snapshot


@dataclass
class FakeHeldFrames:
    """Copies by hold, of a frame store in memory, and when each hold's were made."""

    frames: FakeFrameStore = field(default_factory=FakeFrameStore)
    clock: Clock = lambda: datetime.now(UTC)
    held: dict[str, dict[str, bytes]] = field(default_factory=dict)
    made_at_utc: dict[str, datetime] = field(default_factory=dict)

    def keep(self, hold_id: str, keys: Iterable[str]) -> int:
        self.held[hold_id] = {key: self.frames.frames[key] for key in keys if key in self.frames.frames}
        self.made_at_utc[hold_id] = self.clock()
        return len(self.held[hold_id])

    def release(self, hold_id: str) -> None:
        self.held.pop(hold_id, None)

    def made_between(self, from_utc: datetime, until_utc: datetime) -> tuple[str, ...]:
        return tuple(
            one for one, copies in self.held.items() if copies and from_utc <= self.made_at_utc[one] < until_utc
        )


@dataclass
class FakeErasure:
    """Deletes from the incident store in memory."""

    incidents: FakeIncidentStore

    def changed_between(self, from_utc: datetime, until_utc: datetime) -> Iterator[Incident]:
        changed = self.incidents.changed_since(from_utc)
        return iter([one for one in changed if one.changed_at_utc < until_utc])

    def erase(self, incident: Incident) -> None:
        trackers = self.incidents.cameras.trackers
        for key in [key for key, tracker in trackers.items() if tracker.incident_id == incident.id]:
            del trackers[key]
        self.incidents.incidents.pop(incident.id, None)
        self.incidents.events.pop(incident.id, None)
