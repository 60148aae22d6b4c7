"""Who did what to what, for which purpose: chains of hashes that anybody can verify without us.

A chain is one day (UTC) of one shard; each record carries the hash of the one before, so a record that is changed,
removed or moved breaks every link after it. What is cut off at a chain's end is noticed by the day's anchor, which
names every chain's last record and the anchor of the day before, and lies where nobody can change it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.errors import InvalidInput

SHARDS = 4
"""Chains a day, so that people who act at once don't wait for each other; an actor keeps to one."""

LONGEST_DETAIL = 256
"""Characters of one detail: enough for ids and reasons, too few for a template (128 floats are 684 in base64)."""

MOST_DETAILS = 16


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did; raises InvalidInput on details that could hold anything biometric, or on an empty word."""

    actor: str
    purpose: str
    action: str
    subject: str
    at_utc: datetime
    details: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("actor", "purpose", "action", "subject"):
            if not getattr(self, name):
                raise InvalidInput(f"an act in the audit needs its {name}")
        _require_plain(self.details)


@dataclass(frozen=True, slots=True)
class Record:
    """An act in its place in a chain; `hash` is that of everything else in it."""

    chain: str
    sequence: int
    previous: str
    act: Act
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last record of a chain, which stands for all before it."""

    chain: str
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A day's chains by their heads, tied to the anchor of the day before (empty for the first)."""

    day: date
    heads: tuple[Head, ...]
    previous: str

    @property
    def hash(self) -> str:
        return _sha256(anchor_to_line(self))


@dataclass(frozen=True, slots=True)
class Break:
    """The first link that doesn't hold: the line of the export (from 1; 0 for the anchor), where and why."""

    line: int
    chain: str
    sequence: int
    reason: str


def chain_of(act: Act) -> str:
    """The chain that an act belongs to, such as `2026-11-22/3`."""
    shard = hashlib.sha256(act.actor.encode()).digest()[0] % SHARDS
    return f"{act.at_utc.astimezone(UTC):%Y-%m-%d}/{shard}"


def chains_of(day: date) -> tuple[str, ...]:
    return tuple(f"{day.isoformat()}/{shard}" for shard in range(SHARDS))


def link(act: Act, head: Record | None) -> Record:
    """Put an act behind the last record of its chain."""
    chain = chain_of(act)
    sequence, previous = (head.sequence + 1, head.hash) if head else (1, _genesis(chain))
    body = _body(chain, sequence, previous, act)
    return Record(chain, sequence, previous, act, _sha256(_canonical(body)))


def head_of(record: Record) -> Head:
    return Head(record.chain, record.sequence, record.hash)


def record_to_line(record: Record) -> str:
    """One line of JSON in its only spelling, so that the very bytes can be checked."""
    return _canonical({**_body(record.chain, record.sequence, record.previous, record.act), "hash": record.hash})


def record_from_line(line: str) -> Record:
    """Read what `record_to_line` wrote; raises InvalidInput on anything else, but doesn't verify the hash."""
    try:
        raw = json.loads(line)
        act = Act(
            raw["actor"],
            raw["purpose"],
            raw["action"],
            raw["subject"],
            datetime.fromisoformat(raw["at"]),
            dict(raw["details"]),
        )
        return Record(raw["chain"], int(raw["sequence"]), raw["previous"], act, raw["hash"])
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"not a record of the audit: {error!r}") from error


def anchor_to_line(anchor: Anchor) -> str:
    heads = [[head.chain, head.sequence, head.hash] for head in anchor.heads]
    return _canonical({"day": anchor.day.isoformat(), "heads": heads, "previous": anchor.previous})


def anchor_from_line(line: str) -> Anchor:
    """Read what `anchor_to_line` wrote; raises InvalidInput on anything else."""
    try:
        raw = json.loads(line)
        heads = tuple(Head(str(chain), int(sequence), str(digest)) for chain, sequence, digest in raw["heads"])
        return Anchor(date.fromisoformat(raw["day"]), heads, str(raw["previous"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"not an anchor of the audit: {error!r}") from error


def first_break(lines: Iterable[str], anchor: Anchor | None) -> Break | None:
    """The first link that doesn't hold in a day's records, chain after chain; None when all hold.

    Without an anchor a chain that was cut short at its end holds.
    """
    heads: dict[str, Head] = {}
    for number, line in enumerate(lines, start=1):
        last = next(reversed(heads.values()), None)
        problem, head = _check(line, last)
        if problem or head is None:
            return _broken_at(number, line, problem)
        heads[head.chain] = head
    return _unanchored(heads, anchor) if anchor else None


def _check(line: str, last: Head | None) -> tuple[str, Head | None]:
    """What is wrong with a line after `last`, and the head that it becomes."""
    try:
        raw = json.loads(line)
        body = {name: value for name, value in raw.items() if name != "hash"}
        head = Head(str(raw["chain"]), int(raw["sequence"]), str(raw["hash"]))
        previous = str(raw["previous"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return "is no record", None
    problems = _problems(line, raw, last, head=head, previous=previous, digest=_sha256(_canonical(body)))
    return next(problems, ""), head


def _problems(
    line: str, raw: Mapping[str, Any], last: Head | None, *, head: Head, previous: str, digest: str
) -> Iterator[str]:
    continues = last is not None and head.chain == last.chain
    expected = last.hash if last and continues else _genesis(head.chain)
    if line != _canonical(raw):
        yield "is not written as we write"
    if digest != head.hash:
        yield "was changed: its hash is not that of its content"
    if last is not None and head.chain < last.chain:
        yield f"stands after chain {last.chain}, out of order"
    if head.sequence != (last.sequence + 1 if last and continues else 1):
        yield "has a gap or a repeat before it"
    if previous != expected:
        yield "does not follow the record before it"


def _broken_at(number: int, line: str, problem: str) -> Break:
    try:
        raw = json.loads(line)
        return Break(number, str(raw["chain"]), int(raw["sequence"]), problem)
    except (ValueError, KeyError, TypeError):
        return Break(number, "", 0, problem)


def _unanchored(heads: Mapping[str, Head], anchor: Anchor) -> Break | None:
    anchored = {head.chain: head for head in anchor.heads}
    for chain in sorted(anchored.keys() | heads.keys()):
        known, found = anchored.get(chain), heads.get(chain)
        if known != found:
            sequence = (found or known or Head(chain, 0, "")).sequence
            end = f"record {known.sequence}" if known else "nothing"
            return Break(0, chain, sequence, f"does not end as it was anchored, at {end}")
    return None


def _require_plain(details: Mapping[str, str]) -> None:
    if len(details) > MOST_DETAILS:
        raise InvalidInput(f"an act in the audit takes {MOST_DETAILS} details, not {len(details)}")
    for name, value in details.items():
        if not isinstance(value, str) or len(value) > LONGEST_DETAIL:
            raise InvalidInput(f"detail {name!r} of the audit is no text of at most {LONGEST_DETAIL} characters")


def _body(chain: str, sequence: int, previous: str, act: Act) -> dict[str, Any]:
    return {
        "chain": chain,
        "sequence": sequence,
        "previous": previous,
        "actor": act.actor,
        "purpose": act.purpose,
        "action": act.action,
        "subject": act.subject,
        "at": act.at_utc.astimezone(UTC).isoformat(),
        "details": dict(act.details),
    }


def _genesis(chain: str) -> str:
    """What the first record of a chain follows, so that it can't be moved to another day or shard."""
    return _sha256(f"matpho audit {chain}")


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
