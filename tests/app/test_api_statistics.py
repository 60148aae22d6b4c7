"""Statistics over the API: of what the asker may see, and of nothing else."""

from typing import Any

import pytest

from chalicelib.api import statistics
from chalicelib.domain.incidents import Place
from tests.app.calling import Caller
from tests.app.conftest import NOW, later
from tests.unit.happenings import opened

HOUR = {"from": NOW.isoformat(), "until": later(60).isoformat()}


def put(api: Caller, kind: str, *, camera: str = "tv-1", area: str = "new-town", minutes: float = 0) -> str:
    subject = "e1" if kind == "watchlist_candidate" else ""
    place = Place(area, area, 12.68, 108.04)
    change = opened(kind, camera_id=camera, subject=subject, place=place, at_utc=later(minutes))
    api.incidents.commit(change)
    return change.incident.id


def counted(api: Caller, **filters: Any) -> dict[str, Any]:
    answer = api.get("/statistics", {**HOUR, **filters})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json_body
    return body


@pytest.fixture
def hour(api: Caller) -> Caller:
    """A flood in each of two wards, a jam, and a camera that has been blind since a quarter past."""
    put(api, "flood")
    put(api, "flood", camera="tv-5", area="harbour")
    put(api, "congestion", camera="tv-2")
    put(api, "camera_fault", camera="tv-3", minutes=15)
    api.now = later(45)
    return api.by("ioc_operator@*")


def test_hour_is_counted_by_kind_area_and_unit(hour: Caller) -> None:
    shown = counted(hour)
    assert shown["incidents"] == 4
    assert shown["by_kind"] == {"flood": 2, "congestion": 1, "camera_fault": 1}
    assert shown["by_area"] == {"new-town": 3, "harbour": 1}
    assert shown["by_unit"]["ioc"] == 4


def test_blind_minutes_go_on_until_now_and_not_into_the_future(hour: Caller) -> None:
    """The fault was first seen at eight, when the sightings of `opened` begin."""
    shown = counted(hour, kind="flood")
    assert [(one["camera_id"], one["minutes"]) for one in shown["blind"]] == [("tv-3", 45)]
    assert list(shown["blind_minutes_by_area"].values()) == [45]


def test_camera_that_is_blind_since_before_is_blind_still(hour: Caller) -> None:
    hour.now = later(120)
    later_on = {"from": later(60).isoformat(), "until": later(90).isoformat()}
    assert [one["minutes"] for one in counted(hour, **later_on)["blind"]] == [30]


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        pytest.param({"kind": ["flood"]}, {"flood": 2}, id="a kind"),
        pytest.param({"kind": ["flood", "congestion"]}, {"flood": 2, "congestion": 1}, id="two kinds"),
        pytest.param({"area": "harbour"}, {"flood": 1}, id="an area"),
        pytest.param({"unit": "fire"}, {}, id="a unit"),
        pytest.param({"from": later(-60).isoformat(), "until": NOW.isoformat()}, {}, id="an hour before"),
    ],
)
def test_filters_narrow(hour: Caller, filters: dict[str, Any], kinds: dict[str, int]) -> None:
    assert counted(hour, **filters)["by_kind"] == kinds


@pytest.mark.parametrize(
    ("grant", "units", "kinds"),
    [
        pytest.param("ward_officer@harbour", (), {"flood": 1}, id="a ward"),
        pytest.param("ioc_operator@*/congestion", (), {"congestion": 1}, id="a kind"),
        pytest.param("unit_operator@*", ("fire",), {}, id="a unit that was told of nothing"),
    ],
)
def test_everybody_counts_what_they_may_see(
    hour: Caller, grant: str, units: tuple[str, ...], kinds: dict[str, int]
) -> None:
    hour.by(grant, units=units)
    assert counted(hour)["by_kind"] == kinds


def reject(api: Caller, incident_id: str) -> None:
    api.by("reviewer@*", subject="rosa")
    body = {"confirmed": False, "version": 1, "reason": "false_alarm"}
    assert api.post(f"/incidents/{incident_id}/reviews", body, Idempotency_Key="click-0001").status_code == 200


@pytest.mark.parametrize(
    ("grant", "known"),
    [
        pytest.param("data_protection_officer@*", 1, id="who watches over the lists"),
        pytest.param("ward_officer@new-town", 1, id="who asks for entries"),
        pytest.param("ioc_operator@*", 0, id="the operations centre"),
        pytest.param("administrator@*", 0, id="who administers"),
    ],
)
def test_rejected_candidate_is_a_number_to_who_may_read_the_lists_and_a_waiting_one_to_nobody(
    api: Caller, grant: str, known: int
) -> None:
    candidate = put(api, "watchlist_candidate")
    api.by(grant)
    assert counted(api)["incidents"] == 0
    reject(api, candidate)
    api.by(grant)
    shown = counted(api)
    assert shown["incidents"] == known
    assert shown["dismissed"] == [{"camera_id": "tv-1", "reason": "false_alarm", "incidents": 1}] * known


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({}, id="no time"),
        pytest.param({"from": NOW.isoformat(), "until": NOW.isoformat()}, id="no length"),
        pytest.param({"from": later(1).isoformat(), "until": NOW.isoformat()}, id="backwards"),
        pytest.param({"from": NOW.isoformat(), "until": later(31 * 24 * 60 + 1).isoformat()}, id="too long"),
        pytest.param({**HOUR, "camera": "tv-1"}, id="a filter that there is not"),
    ],
)
def test_time_that_does_not_hold_is_refused(api: Caller, query: dict[str, str]) -> None:
    api.by("ioc_operator@*")
    assert api.get("/statistics", query).status_code == 422


def test_more_than_can_be_gone_through_is_refused_and_not_cut(hour: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MOST_LOOKED_AT", 3)
    assert hour.get("/statistics", HOUR).status_code == 422
