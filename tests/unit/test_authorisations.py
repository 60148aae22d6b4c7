"""Faces are looked for only inside an authorisation: its cameras, its window, its lists; an emergency's lapses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.authorisations import (
    EMERGENCY_RUNS,
    LONGEST,
    Authorisation,
    approve_authorisation,
    authorised_search,
    close_authorisation,
    end_authorisation,
    refuse_authorisation,
    request_authorisation,
)
from chalicelib.errors import InvalidInput, NotAllowed, WrongState
from tests.unit.law_samples import at, authorisation, granted

LISTS = ("wanted", "missing_person")
EMERGENCY = authorisation(emergency=True, valid_until_utc=at(72))


@pytest.mark.parametrize(
    ("given", "camera_id", "hours", "allowed"),
    [
        pytest.param(granted(), "tv-1", 0, True, id="its camera, from its first instant on"),
        pytest.param(granted(), "tv-1", 5.99, True, id="its camera, until its last"),
        pytest.param(granted(), "tv-1", 6, False, id="its camera, when it is over"),
        pytest.param(granted(), "tv-1", -0.01, False, id="its camera, before it begins"),
        pytest.param(granted(), "tv-3", 1, False, id="another camera"),
        pytest.param(authorisation(), "tv-1", 1, False, id="one that nobody approved"),
        pytest.param(authorisation(approved_by="an", approved_at_utc=at(0)), "tv-1", 1, False, id="its own approver"),
        pytest.param(replace(granted(), approved_at_utc=at(2)), "tv-1", 1, False, id="before it was approved"),
        pytest.param(replace(granted(), ended_at_utc=at(1)), "tv-1", 1, False, id="one that was ended"),
        pytest.param(replace(authorisation(), refused_at_utc=at(1)), "tv-1", 2, False, id="one that was refused"),
        pytest.param(EMERGENCY, "tv-1", 0, True, id="an emergency, at once"),
        pytest.param(EMERGENCY, "tv-1", 23.99, True, id="an emergency, for a day"),
        pytest.param(EMERGENCY, "tv-1", 24, False, id="an emergency, no longer than a day"),
        pytest.param(
            replace(EMERGENCY, approved_by="bình", approved_at_utc=at(9)), "tv-1", 60, True, id="an approved emergency"
        ),
        pytest.param(replace(EMERGENCY, refused_at_utc=at(3)), "tv-1", 3, False, id="a refused emergency"),
    ],
)
def test_faces_are_looked_for_only_inside_an_authorisation(
    given: Authorisation, camera_id: str, hours: float, *, allowed: bool
) -> None:
    found = authorised_search([given], camera_id, at(hours))
    assert found.lists == (frozenset({"wanted"}) if allowed else frozenset())
    assert found.authorisations == ((given,) if allowed else ())


def test_without_any_nothing_is_searched() -> None:
    assert authorised_search([], "tv-1", at(1)).lists == frozenset()


def test_a_late_frame_is_searched_only_if_it_still_may_be() -> None:
    assert authorised_search([granted()], "tv-1", at(5), at(5.5)).lists
    assert not authorised_search([granted()], "tv-1", at(5), at(7)).lists


def test_two_authorisations_do_not_add_up_to_one_window() -> None:
    """Captured under one and looked at under the other is allowed by neither."""
    earlier, later = granted(), granted(id="a2", valid_from_utc=at(6), valid_until_utc=at(9))
    assert not authorised_search([earlier, later], "tv-1", at(5), at(7)).lists


def test_lists_of_several_are_searched_together() -> None:
    found = authorised_search([granted(), granted(id="a2", lists=("missing_person",))], "tv-2", at(1))
    assert found.lists == {"wanted", "missing_person"}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"purpose": ""}, id="no purpose"),
        pytest.param({"legal_basis": " "}, id="no legal basis"),
        pytest.param({"camera_ids": ()}, id="no camera"),
        pytest.param({"lists": ()}, id="no list"),
        pytest.param({"lists": ("wanted", "vip")}, id="a list that the city has not"),
        pytest.param({"valid_until_utc": at(0)}, id="an end before its beginning"),
        pytest.param({"valid_until_utc": at(0) + LONGEST + timedelta(seconds=1)}, id="more than a month"),
    ],
)
def test_an_authorisation_says_enough_and_asks_for_no_more_than_it_may(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        request_authorisation(authorisation(**changes), known_lists=LISTS)


def test_a_request_that_claims_to_be_approved_is_only_a_request() -> None:
    asked = request_authorisation(granted(), known_lists=LISTS).after
    assert not asked.is_approved
    assert asked.in_force is None


@pytest.mark.parametrize("decide", [approve_authorisation, refuse_authorisation])
def test_who_asks_never_decides(decide: Callable[..., Any]) -> None:
    with pytest.raises(NotAllowed, match="can't decide"):
        decide(authorisation(), by="an", at_utc=at(1))


@pytest.mark.parametrize("decide", [approve_authorisation, refuse_authorisation])
def test_what_is_decided_is_not_decided_again(decide: Callable[..., Any]) -> None:
    with pytest.raises(WrongState, match="before"):
        decide(granted(), by="chi", at_utc=at(1))


def test_an_emergency_can_not_be_approved_after_its_day() -> None:
    with pytest.raises(WrongState, match="over"):
        approve_authorisation(EMERGENCY, by="bình", at_utc=at(24))


def test_an_emergency_that_is_approved_in_time_runs_on() -> None:
    approved = approve_authorisation(EMERGENCY, by="bình", at_utc=at(23)).after
    assert not approved.lapsed(at(71))
    assert approved.covers("tv-1", at(71))


@pytest.mark.parametrize(
    ("given", "hours", "lapsed"),
    [
        pytest.param(EMERGENCY, 23.9, False, id="within its day"),
        pytest.param(EMERGENCY, 24, True, id="after its day"),
        pytest.param(replace(EMERGENCY, refused_at_utc=at(1)), 1, True, id="refused"),
        pytest.param(authorisation(), 99, False, id="no emergency, which produced nothing"),
    ],
)
def test_an_emergency_lapses(given: Authorisation, hours: float, *, lapsed: bool) -> None:
    assert given.lapsed(at(hours)) == lapsed
    assert timedelta(hours=24) == EMERGENCY_RUNS


def test_only_what_is_over_is_ended_or_closed_and_once() -> None:
    with pytest.raises(WrongState):
        close_authorisation(granted(), by="matpho", at_utc=at(1))
    closed = close_authorisation(granted(), by="matpho", at_utc=at(6)).after
    assert not closed.is_current
    with pytest.raises(WrongState):
        close_authorisation(closed, by="matpho", at_utc=at(7))
    with pytest.raises(WrongState):
        end_authorisation(granted(), by="an", at_utc=at(6))


def test_closing_a_lapsed_emergency_says_that_its_product_is_purged() -> None:
    assert close_authorisation(EMERGENCY, by="matpho", at_utc=at(24)).name == "purged"
    assert close_authorisation(granted(), by="matpho", at_utc=at(24)).name == "closed"
