"""The audit's chains: whatever is changed, moved, left out or cut off is found, and what is biometric is refused."""

import base64
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.audit import (
    SHARDS,
    Act,
    Anchor,
    Record,
    anchor_from_line,
    anchor_to_line,
    chain_of,
    first_break,
    head_of,
    link,
    record_from_line,
    record_to_line,
)
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.flows.keep_audit import AnchorDay, RecordAct
from chalicelib.store.law_fakes import FakeAuditLog, FakeAuditVault

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
ACTORS = ["an", "bình", "chi", "dũng", "em"]


def act(number: int = 0, actor: str = "an", **details: str) -> Act:
    at = NOON + timedelta(seconds=number)
    return Act(actor, "case 7", "frame_viewed", f"incident/{number}", at, details)


def a_day(actors: list[str]) -> tuple[list[Record], Anchor]:
    """A day's records, chain after chain, with its anchor."""
    log, vault = FakeAuditLog(), FakeAuditVault()
    for number, actor in enumerate(actors):
        RecordAct(log)(act(number, actor))
    anchor = AnchorDay(log, vault)(DAY)
    return list(vault.days[DAY][1]), anchor


days = st.lists(st.sampled_from(ACTORS), min_size=1, max_size=12).map(a_day)


@given(days)
def test_an_untouched_day_holds(day: tuple[list[Record], Anchor]) -> None:
    records, anchor = day
    assert first_break(map(record_to_line, records), anchor) is None


@given(days, st.data())
def test_any_changed_character_is_found(day: tuple[list[Record], Anchor], data: st.DataObject) -> None:
    records, anchor = day
    lines = list(map(record_to_line, records))
    row = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[row]) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda one: one != lines[row][column]))
    lines[row] = lines[row][:column] + other + lines[row][column + 1 :]
    assert first_break(lines, anchor) is not None


@given(days, st.data())
def test_a_record_that_is_taken_out_is_found(day: tuple[list[Record], Anchor], data: st.DataObject) -> None:
    """At a chain's end only the anchor knows."""
    records, anchor = day
    del records[data.draw(st.integers(0, len(records) - 1))]
    assert first_break(map(record_to_line, records), anchor) is not None


@given(days, st.data())
def test_records_in_another_order_are_found(day: tuple[list[Record], Anchor], data: st.DataObject) -> None:
    records, anchor = day
    shuffled = data.draw(st.permutations(records))
    found = first_break(map(record_to_line, shuffled), anchor)
    assert (found is None) == (shuffled == records)


@given(days, st.data())
def test_a_record_told_twice_is_found(day: tuple[list[Record], Anchor], data: st.DataObject) -> None:
    records, anchor = day
    row = data.draw(st.integers(0, len(records) - 1))
    records.insert(row, records[row])
    assert first_break(map(record_to_line, records), anchor) is not None


@given(days, st.data())
def test_a_chain_forged_anew_from_some_record_on_is_found_by_its_anchor(
    day: tuple[list[Record], Anchor], data: st.DataObject
) -> None:
    """Whoever can write the table can write good hashes; the anchor is out of their reach."""
    records, anchor = day
    chosen = records[data.draw(st.integers(0, len(records) - 1))]
    forged: list[Record] = []
    for chain, group in groupby(records, key=lambda one: one.chain):
        head: Record | None = None
        for record in group:
            changed = replace(record.act, subject="incident/other") if record == chosen else record.act
            head = link(changed, head)
            forged.append(head)
        assert head is not None
        assert head.chain == chain
    assert first_break(map(record_to_line, forged), None) is None
    assert first_break(map(record_to_line, forged), anchor) is not None


def test_the_first_broken_link_is_named() -> None:
    records, anchor = a_day(["an"] * 5)
    lines = list(map(record_to_line, records))
    lines[2] = lines[2].replace("case 7", "case 8")
    found = first_break(lines, anchor)
    assert found is not None
    assert (found.line, found.chain, found.sequence) == (3, records[2].chain, 3)
    assert found.reason == "was changed: its hash is not that of its content"


def test_a_chain_of_another_day_can_not_stand_in() -> None:
    """Its first record says which chain it begins."""
    record = link(act(), None)
    moved = record_to_line(record).replace("2026-03-01/", "2026-03-02/")
    assert first_break([moved], None) is not None


def test_an_actor_keeps_to_one_of_the_days_shards() -> None:
    assert {chain_of(act(number)) for number in range(9)} == {chain_of(act())}
    chains = {chain_of(act(actor=str(number))) for number in range(99)}
    assert chains == {f"2026-03-01/{shard}" for shard in range(SHARDS)}


def test_the_chain_is_that_of_the_day_in_utc() -> None:
    late = act()
    local = replace(late, at_utc=datetime.fromisoformat("2026-03-02T06:59:00+07:00"))
    assert chain_of(local).startswith("2026-03-01/")


def test_a_record_and_an_anchor_come_back_as_they_were_written() -> None:
    record = link(act(reason="vì lý do điều tra"), None)
    assert record_from_line(record_to_line(record)) == record
    anchor = Anchor(DAY, (head_of(record),), "")
    assert anchor_from_line(anchor_to_line(anchor)) == anchor


@pytest.mark.parametrize("line", ["", "{}", "[]", '{"chain": 1}', "not json", '{"day": "tomorrow"}'])
def test_what_is_neither_is_refused(line: str) -> None:
    with pytest.raises(InvalidInput):
        record_from_line(line)
    with pytest.raises(InvalidInput):
        anchor_from_line(line)
    assert first_break([line], None) is not None


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(base64.b64encode(np.ones(128, np.float32).tobytes()).decode(), id="a template in base64"),
        pytest.param(np.ones(128, np.float16).tobytes().hex(), id="a half-precision template in hex"),
        pytest.param(json.dumps(np.ones(128).tolist()), id="a template as json"),
        pytest.param(b"bytes", id="bytes"),
        pytest.param([0.1, 0.2], id="numbers"),
    ],
)
def test_details_take_nothing_that_could_be_a_template(value: object) -> None:
    with pytest.raises(InvalidInput, match="detail 'probe'"):
        Act("an", "case 7", "searched", "camera/1", NOON, {"probe": value})  # type: ignore[dict-item]  # on purpose


def test_details_can_not_hold_a_template_piece_by_piece() -> None:
    with pytest.raises(InvalidInput, match="16 details"):
        replace(act(), details={f"part{number}": "0.123456" for number in range(17)})


@pytest.mark.parametrize("name", ["actor", "purpose", "action", "subject"])
def test_nobody_acts_without_a_name_and_a_purpose(name: str) -> None:
    words = {"actor": "an", "purpose": "case 7", "action": "frame_viewed", "subject": "incident/1", name: ""}
    with pytest.raises(InvalidInput, match=name):
        Act(**words, at_utc=NOON, details={})


def test_who_loses_the_race_for_a_place_takes_the_next() -> None:
    class Racing(FakeAuditLog):
        """Somebody else writes between our look and our write, once."""

        raced = False

        def head(self, chain: str) -> Record | None:
            head = super().head(chain)
            if not self.raced:
                self.raced = True
                self.append(link(act(), head))
            return head

    log = Racing()
    assert RecordAct(log)(act(1)).sequence == 2
    assert first_break(map(record_to_line, log.read(DAY)), None) is None


def test_an_endless_race_is_a_conflict() -> None:
    class Lost(FakeAuditLog):
        def append(self, record: Record) -> None:
            raise Conflict("always")

    with pytest.raises(Conflict):
        RecordAct(Lost())(act())


def test_anchors_are_tied_to_the_day_before_and_made_once() -> None:
    log, vault = FakeAuditLog(), FakeAuditVault()
    RecordAct(log)(act())
    first = AnchorDay(log, vault)(DAY)
    second = AnchorDay(log, vault)(DAY + timedelta(days=1))
    assert second.previous == first.hash
    RecordAct(log)(act(1))
    assert AnchorDay(log, vault)(DAY) == first
