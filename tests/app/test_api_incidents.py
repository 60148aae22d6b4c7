"""Incidents over the API: found page by page, commanded once, and never on a version that somebody didn't see."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.incidents import Change, Incident, Place
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.observations import Hint
from tests.app.calling import Caller
from tests.app.conftest import later
from tests.unit.happenings import opened

KEY = {"Idempotency_Key": "click-0001"}


def put(
    api: Caller, kind: str = "flood", *, camera: str = "tv-1", minutes: float = 0, area: str = "new-town"
) -> Incident:
    change = opened(kind, camera_id=camera, place=Place(area, area, 12.68, 108.04), at_utc=later(minutes))
    api.incidents.commit(change)
    return change.incident


def listed(api: Caller, **query: Any) -> list[str]:
    return [one["id"] for one in api.get("/incidents", query).json_body["items"]]


@pytest.fixture
def centre(api: Caller) -> Caller:
    api.now = later(60)
    return api.by("ioc_operator@*", subject="olga")


def test_pages_hold_every_incident_once_the_last_change_first(centre: Caller) -> None:
    """Five changed at the same instant, as when the city gets one incident over many: no page's end may lose one."""
    made = [put(centre, camera=f"c-{n}", minutes=min(n, 5) / 2) for n in range(10)]
    pages: list[Any] = []
    cursor = None
    while cursor is not None or not pages:
        answer = centre.get("/incidents", {"limit": 3, **({"cursor": cursor} if cursor else {})}).json_body
        pages.append(answer["items"])
        cursor = answer["next"]
    found = [one for page in pages for one in page]
    assert sorted(one["id"] for one in found) == sorted(one.id for one in made)
    assert [one["changed_at"] for one in found] == sorted((one["changed_at"] for one in found), reverse=True)
    assert [len(page) for page in pages] == [3, 3, 3, 1]


def test_filters_narrow(centre: Caller) -> None:
    flood = put(centre, "flood", camera="tv-1", minutes=1)
    waste = put(centre, "garbage", camera="tv-5", minutes=2, area="harbour")
    jam = put(centre, "congestion", camera="tv-2", minutes=3)
    assert listed(centre) == [jam.id, waste.id, flood.id]
    assert listed(centre, kind=["flood", "garbage"]) == [waste.id, flood.id]
    assert listed(centre, area="harbour") == [waste.id]
    assert listed(centre, camera="tv-2") == [jam.id]
    assert listed(centre, unit="services") == [jam.id, waste.id, flood.id]
    assert listed(centre, unit="fire") == []
    assert listed(centre, status="open") == [jam.id, waste.id, flood.id]
    assert listed(centre, status="resolved") == []
    assert listed(centre, changed_from=later(2).isoformat()) == [jam.id, waste.id]
    assert listed(centre, changed_until=later(2).isoformat()) == [waste.id, flood.id]


def test_a_board_of_live_incidents_never_goes_through_the_past(centre: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks every two seconds, and two years of incidents are kept: the bill grew with each of them."""
    made = [put(centre, camera=f"c-{n}", minutes=n) for n in range(5)]
    over = centre.incidents.incidents.pop(made[3].id)
    centre.incidents.incidents[over.id] = replace(over, status=Status.RESOLVED, due_utc=None)
    monkeypatch.setattr(centre.incidents, "changed_until", lambda _: pytest.fail("it went through the past"))
    board = {"status": ["awaiting_confirmation", "open", "acknowledged", "in_progress"]}
    assert listed(centre, **board) == [made[n].id for n in (4, 2, 1, 0)]
    first = centre.get("/incidents", {**board, "limit": 3}).json_body
    rest = centre.get("/incidents", {**board, "limit": 3, "cursor": first["next"]}).json_body
    assert [one["id"] for one in first["items"] + rest["items"]] == [made[n].id for n in (4, 2, 1, 0)]
    assert rest["next"] is None
    assert listed(centre, **board, changed_until=later(1).isoformat()) == [made[1].id, made[0].id]


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("nonsense", id="nonsense"),
        pytest.param("é", id="strange letters"),
        pytest.param("W10", id="an empty list"),
        pytest.param("eyJhIjoxfQ", id="something else"),
    ],
)
def test_cursor_that_is_none_of_ours_is_refused(centre: Caller, cursor: str) -> None:
    assert centre.get("/incidents", {"cursor": cursor}).status_code == 422


def test_cursor_of_another_query_is_refused(centre: Caller) -> None:
    for n in range(3):
        put(centre, camera=f"c-{n}", minutes=n)
    cursor = centre.get("/incidents", {"limit": 1}).json_body["next"]
    assert centre.get("/incidents", {"limit": 2, "cursor": cursor}).status_code == 200
    assert centre.get("/incidents", {"kind": "flood", "cursor": cursor}).status_code == 422


def test_incident_is_shown_without_pictures_and_with_what_one_may_do(centre: Caller) -> None:
    shown = centre.get(f"/incidents/{put(centre).id}").json_body
    assert "frames/" not in str(shown)
    assert shown["units"][0] == {"unit": "ioc", "because": "the operations centre hears of everything"}
    assert [one["step"] for one in shown["checklist"]] == ["warn", "drains"]
    assert shown["actions"] == [
        "acknowledge", "start", "resolve", "dismiss", "transfer", "assign", "check", "comment"
    ]  # fmt: skip
    centre.by("data_protection_officer@*")
    assert centre.get(f"/incidents/{shown['id']}").json_body["actions"] == []


def test_command_is_obeyed_under_ones_own_name(centre: Caller) -> None:
    flood = put(centre)
    answer = centre.post(f"/incidents/{flood.id}/commands", {"action": "acknowledge", "version": 1}, **KEY)
    assert (answer.status_code, answer.json_body["status"], answer.json_body["version"]) == (200, "acknowledged", 2)
    assert answer.json_body["acknowledged_by"] == "olga"
    timeline = centre.get(f"/incidents/{flood.id}/timeline").json_body["items"]
    assert [(one["number"], one["type"], one["by"]) for one in timeline] == [
        (1, "opened", None),
        (2, "acknowledged", "olga"),
    ]


def test_command_that_is_sent_twice_is_done_once(centre: Caller) -> None:
    flood = put(centre)
    path, comment = f"/incidents/{flood.id}/commands", {"action": "comment", "version": 1, "text": "on my way"}
    first, again = (centre.post(path, comment, **KEY) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert again.json_body["version"] == 2
    assert len(centre.incidents.timeline(flood.id)) == 2


def test_command_on_a_version_that_has_moved_on_shows_how_it_is_now(centre: Caller) -> None:
    flood = put(centre)
    path = f"/incidents/{flood.id}/commands"
    centre.post(path, {"action": "acknowledge", "version": 1}, **KEY)
    answer = centre.post(path, {"action": "resolve", "version": 1}, Idempotency_Key="click-0002")
    assert (answer.status_code, answer.json_body["type"]) == (409, "urn:matpho:problem:stale-version")
    assert (answer.json_body["current"]["version"], answer.json_body["current"]["status"]) == (2, "acknowledged")
    assert len(centre.incidents.timeline(flood.id)) == 2


def test_command_that_the_status_does_not_allow_says_so(centre: Caller) -> None:
    flood = put(centre)
    answer = centre.post(f"/incidents/{flood.id}/commands", {"action": "reopen", "version": 1}, **KEY)
    assert (answer.status_code, answer.json_body["type"]) == (409, "urn:matpho:problem:wrong-state")
    assert answer.json_body["detail"] == "An incident that is open can't take 'reopen'."
    assert answer.json_body["current"]["version"] == 1


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param({"action": "grow"}, id="what only cameras do"),
        pytest.param({"action": "confirm"}, id="what only reviewers do"),
        pytest.param({"action": "dismiss"}, id="a dismissal without a reason"),
        pytest.param({"action": "transfer", "units": ["nobody"]}, id="a unit that there is not"),
        pytest.param({"action": "transfer"}, id="a transfer to nowhere"),
        pytest.param({"action": "check", "step": "nothing"}, id="a step that the procedure doesn't have"),
        pytest.param({"action": "comment"}, id="a comment without a word"),
        pytest.param({"action": "acknowledge", "by": "somebody-else"}, id="somebody else's name"),
    ],
)
def test_wish_that_does_not_hold_is_refused_and_changes_nothing(centre: Caller, wish: dict[str, Any]) -> None:
    flood = put(centre)
    answer = centre.post(f"/incidents/{flood.id}/commands", {"version": 1, **wish}, **KEY)
    assert answer.status_code == 422
    assert len(centre.incidents.timeline(flood.id)) == 1


def test_transfer_takes_it_out_of_the_old_units_sight(centre: Caller) -> None:
    flood = put(centre)
    centre.post(
        f"/incidents/{flood.id}/commands", {"action": "transfer", "version": 1, "units": ["police-new-town"]}, **KEY
    )
    centre.by("unit_operator@*", units=("services",))
    assert centre.get(f"/incidents/{flood.id}").status_code == 404
    centre.by("unit_operator@*", units=("police-new-town",))
    assert centre.get(f"/incidents/{flood.id}").status_code == 200


def test_candidate_leads_those_who_may_read_the_lists_to_its_entry(api: Caller) -> None:
    """Whoever judges it must see why the person is listed; a unit that is told gets what the alert has."""
    change = opened("watchlist_candidate", subject="e1")
    api.incidents.commit(change)
    path = f"/incidents/{change.incident.id}"
    api.by("reviewer@*", subject="rosa")
    assert api.get(path).json_body["entry_id"] == "e1"
    api.post(f"{path}/reviews", {"confirmed": True, "version": 1}, **KEY)
    api.by("reviewer@*", subject="rudi")
    api.post(f"{path}/reviews", {"confirmed": True, "version": 1}, **KEY)
    api.by("ioc_operator@*")
    assert api.get(path).json_body["entry_id"] is None


def test_who_judges_a_candidate_is_told_what_its_face_wears_and_nobody_else_is(api: Caller) -> None:
    change = opened("watchlist_candidate", subject="e1")
    worn = tuple(replace(one, hints=(Hint.COVERED,)) for one in change.incident.evidence)
    masked = replace(change.incident, evidence=worn)
    api.incidents.commit(Change(masked, replace(change.event, incident=masked)))
    path = f"/incidents/{masked.id}"
    api.by("reviewer@*", subject="rosa")
    assert api.get(path).json_body["hints"] == ["covered"]
    for reviewer in ("rosa", "rudi"):
        api.by("reviewer@*", subject=reviewer)
        api.post(f"{path}/reviews", {"confirmed": True, "version": 1}, **KEY)
    api.by("ioc_operator@*")
    assert api.get(path).json_body["hints"] == []


def test_candidate_needs_two_different_people_and_only_then_others_see_it(api: Caller) -> None:
    """Invariant 6."""
    change = opened("watchlist_candidate", subject="e1")
    api.incidents.commit(change)
    path = f"/incidents/{change.incident.id}"
    api.by("reviewer@new-town", subject="rosa")
    assert api.post(f"{path}/reviews", {"confirmed": True, "version": 1}, **KEY).json_body["confirmations"] == 1
    again = api.post(f"{path}/reviews", {"confirmed": True, "version": 2}, Idempotency_Key="click-0002")
    assert again.status_code == 409
    api.by("ioc_operator@*")
    assert api.get(path).status_code == 404
    api.by("reviewer@new-town", subject="rudi")
    assert api.post(f"{path}/reviews", {"confirmed": True, "version": 1}, **KEY).json_body["status"] == "open"
    api.by("ioc_operator@*")
    assert api.get(path).status_code == 200


def test_nobody_judges_a_candidate_after_another(api: Caller) -> None:
    """The second officer must not see the first one's word before giving his own."""
    change = opened("watchlist_candidate", subject="e1")
    api.incidents.commit(change)
    path = f"/incidents/{change.incident.id}"
    api.by("reviewer@new-town", subject="rosa")
    spoken = api.post(f"{path}/reviews", {"confirmed": True, "version": 1, "text": "the scar"}, **KEY).json_body
    assert "confirm" not in spoken["actions"]
    api.by("reviewer@new-town", subject="rudi")
    seen = api.get(path).json_body
    assert (seen["confirmations"], "confirm" in seen["actions"]) == (0, True)
    assert [one["type"] for one in api.get(f"{path}/timeline").json_body["items"]] == ["opened"]
    api.post(f"{path}/reviews", {"confirmed": True, "version": 1}, **KEY)
    told = api.get(f"{path}/timeline").json_body["items"]
    assert [one["type"] for one in told] == ["opened", "reviewed", "confirmed"]
    assert api.get(path).json_body["confirmations"] == 2


def test_nothing_gives_away_that_somebody_has_judged_a_candidate(api: Caller) -> None:
    """Not the version, not when it changed, not its place in the list, not a tag, not a refusal."""
    change = opened("watchlist_candidate", subject="e1")
    api.incidents.commit(change)
    api.incidents.commit(opened("flood", at_utc=change.incident.opened_at_utc + timedelta(seconds=1)))
    path, api.now = f"/incidents/{change.incident.id}", later(5)

    def seen_by_rudi() -> list[object]:
        api.by("reviewer@new-town", subject="rudi")
        one, all_of_them = api.get(path), api.get("/incidents")
        refused = api.post(f"{path}/reviews", {"confirmed": True, "version": 7}, Idempotency_Key="click-0009").json_body
        told = [one.json_body, one.headers["ETag"], all_of_them.json_body, api.get(f"{path}/timeline").json_body]
        return [*told, refused["detail"], refused["current"]]

    before = seen_by_rudi()
    api.by("reviewer@new-town", subject="rosa")
    api.now += timedelta(minutes=5)
    assert api.post(f"{path}/reviews", {"confirmed": True, "version": 1}, **KEY).json_body["version"] == 2
    assert seen_by_rudi() == before


def test_word_on_a_candidate_counts_though_another_was_said_meanwhile(api: Caller) -> None:
    """Neither saw the other's, so neither is stale; and each is said once however often it is sent."""
    change = opened("watchlist_candidate", subject="e1")
    api.incidents.commit(change)
    path = f"/incidents/{change.incident.id}/reviews"
    word = {"confirmed": True, "version": 1}
    api.by("reviewer@new-town", subject="rosa")
    assert [api.post(path, word, **KEY).status_code for _ in range(2)] == [200, 200]
    api.by("reviewer@new-town", subject="rudi")
    assert [api.post(path, word, **KEY).json_body["status"] for _ in range(2)] == ["open", "open"]
