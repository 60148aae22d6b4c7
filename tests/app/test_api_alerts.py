"""Alerts in the standards' forms: what the links in an alert lead to."""

from xml.etree import ElementTree as ET

import pytest

from chalicelib.domain.alerts.cap import NAMESPACE
from chalicelib.domain.alerts.model import alert_of
from chalicelib.domain.incidents import Incident
from tests.app.calling import Caller
from tests.unit.happenings import PACK, opened


@pytest.fixture
def flood(api: Caller) -> Incident:
    change = opened("flood", camera_id="tv-1")
    api.incidents.commit(change)
    api.by("ioc_operator@*")
    return change.incident


def test_links_of_an_alert_lead_to_it_in_both_forms(api: Caller, flood: Incident) -> None:
    (event,) = api.incidents.timeline(flood.id)
    links = alert_of(event, PACK).links
    cap, ngsi_ld = api.get(links.cap), api.get(links.ngsi_ld)
    assert cap.headers["Content-Type"] == "application/cap+xml"
    assert ET.fromstring(cap.body).findtext(f"{{{NAMESPACE}}}identifier") == event.id  # noqa: S314 - our own
    assert ngsi_ld.headers["Content-Type"] == "application/ld+json"
    assert ngsi_ld.json_body["id"] == f"urn:ngsi-ld:Alert:{flood.id}"
    assert api.get(links.incident).json_body["id"] == flood.id


def test_alert_that_one_has_is_not_sent_again(api: Caller, flood: Incident) -> None:
    path = f"/incidents/{flood.id}/alerts/1/cap"
    assert api.get(path, If_None_Match=api.get(path).headers["ETag"]).status_code == 304


@pytest.mark.parametrize(
    ("number", "status"),
    [
        pytest.param("2", 404, id="an event that there is not"),
        pytest.param("0", 422, id="before the first"),
        pytest.param("one", 422, id="no number"),
    ],
)
@pytest.mark.parametrize("form", ["cap", "ngsi-ld"])
def test_number_leads_to_an_alert_or_to_nothing(
    api: Caller, flood: Incident, form: str, number: str, status: int
) -> None:
    assert api.get(f"/incidents/{flood.id}/alerts/{number}/{form}").status_code == status


@pytest.mark.parametrize("form", ["cap", "ngsi-ld"])
def test_candidate_has_no_alert_even_for_its_reviewers(api: Caller, form: str) -> None:
    """Invariant 6: what nobody was told of is written in no form."""
    change = opened("watchlist_candidate", subject="e1")
    api.incidents.commit(change)
    api.by("reviewer@*")
    assert api.get(f"/incidents/{change.incident.id}").status_code == 200
    assert api.get(f"/incidents/{change.incident.id}/alerts/1/{form}").status_code == 404
