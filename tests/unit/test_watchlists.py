"""Entries: who may ask, who may decide, how long it holds, and that nothing else makes one searchable."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.watchlists import (
    CATEGORIES,
    DECIDED_WITHIN,
    Entry,
    EntryStatus,
    EntryValidity,
    Portrait,
    add_portrait,
    approve_entry,
    expire_entry,
    forget_portraits,
    refuse_entry,
    renew_entry,
    request_entry,
    require_category,
    turning_points,
    withdraw_entry,
)
from chalicelib.errors import InvalidInput, NotAllowed, WrongState
from tests.unit.law_samples import approved, at, requested, wanted_entry

WANTED = require_category(CATEGORIES, "wanted")
MISSING = require_category(CATEGORIES, "missing_person")


@pytest.mark.parametrize("paper", ["nominal", "reason", "legal_basis", "requesting_unit", "requested_by"])
def test_an_entry_without_its_papers_is_refused(paper: str) -> None:
    with pytest.raises(InvalidInput, match=paper):
        request_entry(wanted_entry(**{paper: " "}), WANTED)


def test_nobody_under_18_is_listed_but_the_missing() -> None:
    with pytest.raises(InvalidInput, match="under 18"):
        request_entry(wanted_entry(under_18=True), WANTED)
    child = wanted_entry(under_18=True, category="missing_person")
    assert request_entry(child, MISSING).after.under_18


@pytest.mark.parametrize("hours", [0, -1, 169])
def test_an_entry_runs_no_longer_than_its_list_allows(hours: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 168 hours"):
        request_entry(wanted_entry(hours=hours), WANTED)


def test_a_request_that_claims_to_be_approved_is_only_a_request() -> None:
    forged = replace(approved(), id="forged")
    asked = request_entry(forged, WANTED).after
    assert asked.status is EntryStatus.REQUESTED
    assert asked.approved_by is None


def test_a_category_that_the_city_has_not_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'vip'"):
        require_category(CATEGORIES, "vip")


def test_another_person_puts_an_entry_in_force_for_the_hours_asked() -> None:
    entry = approved()
    terms = entry.terms
    assert terms is not None
    assert terms.searchable(at(0))
    assert terms.searchable(at(23.9))
    assert not terms.searchable(at(24))
    assert not terms.searchable(at(-0.1))


@pytest.mark.parametrize(
    "decide",
    [
        pytest.param(lambda by: approve_entry(requested(), by=by, at_utc=at(0)), id="approving"),
        pytest.param(lambda by: refuse_entry(requested(), by=by, at_utc=at(0)), id="refusing"),
        pytest.param(lambda by: renew_entry(approved(), WANTED, hours=9, by=by, at_utc=at(1)), id="renewing"),
    ],
)
def test_who_asks_never_decides(decide: Callable[[str], Any]) -> None:
    assert decide("bình")
    with pytest.raises(NotAllowed, match="asked for"):
        decide("an")


@pytest.mark.parametrize(
    "portraits",
    [
        pytest.param((), id="none"),
        pytest.param((Portrait("1.jpg", "ab" * 32),), id="one that nobody has looked at"),
        pytest.param((Portrait("1.jpg", "ab" * 32, refused="blurred"),), id="a poor one"),
    ],
)
def test_an_entry_needs_a_good_portrait(portraits: tuple[Portrait, ...]) -> None:
    with pytest.raises(WrongState, match="quality gate"):
        approve_entry(replace(requested(), portraits=portraits), by="bình", at_utc=at(1))


def test_a_photograph_of_the_same_name_takes_the_place_of_the_first() -> None:
    poor = Portrait("1.jpg", "cd" * 32, refused="blurred")
    assert add_portrait(requested(), poor, by="matpho", at_utc=at(1)).after.portraits == (poor,)


def test_renewing_counts_from_the_day_it_is_decided() -> None:
    renewed = renew_entry(approved(), WANTED, hours=48, by="bình", at_utc=at(20)).after
    assert renewed.valid_until_utc == at(68)


def test_what_is_over_is_not_renewed_but_asked_for_anew() -> None:
    with pytest.raises(WrongState, match="over"):
        renew_entry(approved(), WANTED, hours=9, by="bình", at_utc=at(24))


def test_withdrawn_is_not_searchable_from_that_instant() -> None:
    terms = withdraw_entry(approved(), by="an", at_utc=at(2)).after.terms
    assert terms is not None
    assert terms.searchable(at(1.9))
    assert not terms.searchable(at(2))


ENDED = [
    pytest.param(withdraw_entry(approved(), by="an", at_utc=at(2)).after, id="withdrawn"),
    pytest.param(refuse_entry(requested(), by="bình", at_utc=at(2)).after, id="refused"),
    pytest.param(expire_entry(approved(), by="matpho", at_utc=at(24)).after, id="expired"),
]


@pytest.mark.parametrize("entry", ENDED)
@pytest.mark.parametrize(
    "do",
    [
        pytest.param(lambda entry: approve_entry(entry, by="chi", at_utc=at(3)), id="approved"),
        pytest.param(lambda entry: refuse_entry(entry, by="chi", at_utc=at(3)), id="refused"),
        pytest.param(lambda entry: renew_entry(entry, WANTED, hours=1, by="chi", at_utc=at(3)), id="renewed"),
        pytest.param(lambda entry: withdraw_entry(entry, by="chi", at_utc=at(3)), id="withdrawn"),
        pytest.param(lambda entry: expire_entry(entry, by="chi", at_utc=at(99)), id="expired"),
        pytest.param(lambda entry: add_portrait(entry, Portrait("2", "x"), by="chi", at_utc=at(3)), id="added to"),
    ],
)
def test_what_has_ended_is_done_nothing_to(entry: Entry, do: Callable[[Entry], Any]) -> None:
    with pytest.raises(WrongState):
        do(entry)


@pytest.mark.parametrize("entry", ENDED)
def test_portraits_of_what_has_ended_are_forgotten_and_then_it_is_only_ledger(entry: Entry) -> None:
    assert entry.is_current
    gone = forget_portraits(entry, by="matpho", at_utc=at(24)).after
    assert gone.portraits == ()
    assert not gone.is_current


@pytest.mark.parametrize("entry", [approved(), requested()], ids=["in force", "awaited"])
def test_portraits_are_kept_while_they_are_needed(entry: Entry) -> None:
    with pytest.raises(WrongState, match="needed"):
        forget_portraits(entry, by="matpho", at_utc=at(1))


def test_a_request_that_nobody_decides_on_is_over_after_a_week() -> None:
    asked = requested()
    assert not asked.over(at(0) + DECIDED_WITHIN - timedelta(seconds=1))
    assert asked.over(at(0) + DECIDED_WITHIN)


def test_each_deed_is_numbered_and_says_who_and_when() -> None:
    deed = approve_entry(requested(), by="bình", at_utc=at(1))
    assert (deed.name, deed.by, deed.at_utc, deed.after.version) == ("approved", "bình", at(1), 3)
    assert deed.after.changed_at_utc == at(1)


def test_every_list_names_what_it_asks_for() -> None:
    """Fewer than two people confirm only where the law protects the person who is looked for."""
    assert {one.id for one in CATEGORIES if one.confirmations == 1} == {"missing_person"}
    assert all(one.default_hours <= one.most_hours for one in CATEGORIES)
    assert {one.id for one in CATEGORIES if one.minors_allowed} == {"missing_person"}


def test_turning_points_are_apart_to_the_microsecond_and_named_once() -> None:
    """Between two of them nobody becomes searchable or stops being so, which is remembered."""
    moment = timedelta(microseconds=1)
    terms = [EntryValidity("e", "wanted", "an", "bình", at(0), at(1) + n * moment, at(1)) for n in (0, 1, 0)]
    points = turning_points(terms)
    assert points == sorted({at(0).timestamp(), at(1).timestamp(), (at(1) + moment).timestamp()})
    assert len(points) == 3
