"""Whom a frame may be searched for, and afterwards from the ledger alone: who was searchable, where and when."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.deeds import Deed, Span
from chalicelib.domain.mandate import Mandate, mandate, searchable_where
from chalicelib.domain.watchlists import (
    CATEGORIES,
    Entry,
    approve_entry,
    forget_portraits,
    renew_entry,
    withdraw_entry,
)
from tests.unit.law_samples import approved, at, granted, requested

DAY = Span(at(-12), at(12))
WANTED = CATEGORIES[1]


def drawn(*entries: Entry, authorisations: tuple[Authorisation, ...] = (granted(),), hours: float = 0) -> Mandate:
    return mandate(authorisations, entries, at_utc=at(hours))


def test_entries_of_the_lists_that_are_authorised_are_searched() -> None:
    both = drawn(approved(), approved(id="e2", category="missing_person"))
    found = both.permitted("tv-1", captured_at_utc=at(1), now_utc=at(1.1))
    assert found.entry_ids == {"e1"}
    assert [one.id for one in found.authorisations] == ["a1"]


def test_on_another_camera_nobody_is_searched() -> None:
    assert not drawn(approved()).permitted("tv-9", captured_at_utc=at(1), now_utc=at(1)).entry_ids


def test_a_late_frame_does_not_search_whom_it_no_longer_may() -> None:
    late = drawn(approved(hours=2))
    assert late.permitted("tv-1", captured_at_utc=at(1), now_utc=at(1)).entry_ids
    assert not late.permitted("tv-1", captured_at_utc=at(1), now_utc=at(2)).entry_ids


def test_a_mandate_that_is_stale_still_ends_by_itself() -> None:
    stale = drawn(approved(hours=3))
    assert not stale.permitted("tv-1", captured_at_utc=at(3), now_utc=at(3)).entry_ids
    assert not stale.permitted("tv-1", captured_at_utc=at(6), now_utc=at(6)).authorisations


def test_what_is_undecided_or_over_is_not_in_it() -> None:
    withdrawn = withdraw_entry(approved(), by="an", at_utc=at(1)).after
    assert drawn(requested(), withdrawn, hours=1).entries == ()
    assert drawn(approved(), hours=6).authorisations == ()


def story() -> list[Deed[Entry]]:
    """Requested at noon, approved at one for a day, renewed at two for three hours, withdrawn at four, then erased."""
    asked = requested()
    deeds = [Deed("requested", "an", at(0), asked), approve_entry(asked, by="bình", at_utc=at(1))]
    deeds.append(renew_entry(deeds[-1].after, WANTED, hours=3, by="bình", at_utc=at(2)))
    deeds.append(withdraw_entry(deeds[-1].after, by="an", at_utc=at(4)))
    deeds.append(forget_portraits(deeds[-1].after, by="matpho", at_utc=at(5)))
    return deeds


def test_the_ledger_says_where_and_when_an_entry_was_searchable_after_all_else_is_gone() -> None:
    only_one_camera = granted(id="a2", camera_ids=("tv-1",), valid_from_utc=at(3), valid_until_utc=at(9))
    found = searchable_where(story(), [only_one_camera], DAY)
    assert found == {"tv-1": (Span(at(3), at(4)),)}


def test_a_day_before_or_after_says_nowhere() -> None:
    for begin in (at(-36), at(12)):
        assert searchable_where(story(), [granted()], Span(begin, begin + timedelta(hours=24))) == {}


def test_an_authorisation_of_another_list_says_nowhere() -> None:
    assert searchable_where(story(), [granted(lists=("missing_person",))], DAY) == {}


@given(st.floats(-2, 8), st.integers(0, 4))
def test_the_ledger_agrees_with_what_a_mandate_of_that_instant_allowed(hours: float, known: int) -> None:
    """Whatever a search could do then, the ledger tells later, and nothing else."""
    deeds, instant = story()[: known + 1], at(hours)
    states = [deed.after for deed in deeds if deed.at_utc <= instant]
    then = drawn(*states[-1:], hours=hours)
    allowed = bool(then.permitted("tv-1", captured_at_utc=instant, now_utc=instant).entry_ids)
    spans = searchable_where(deeds, [granted()], Span(at(-12), at(12))).get("tv-1", ())
    assert any(span.from_utc <= instant < span.until_utc for span in spans) == allowed
