"""CAP 1.2: the official schema, what the schema can't say, and what our alerts mean in its words."""

from dataclasses import replace

import pytest
from capvalidator import Validator
from defusedxml import ElementTree
from hypothesis import given

from chalicelib.domain.alerts.cap import NAMESPACE, cap, render_cap
from chalicelib.domain.alerts.model import Alert
from chalicelib.domain.incidents import EventType, Handling, Reason, Told
from chalicelib.domain.lifecycle import Status
from tests.unit.any_alerts import alerts, calm
from tests.unit.happenings import PACK, START, opened


@calm
@given(alert=alerts())
def test_cap_holds_to_the_official_schema(alert: Alert) -> None:
    """OASIS' own XSD: elements, their order, enumerations, and how times are written."""
    assert holds_to_cap_schema(cap(alert))


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        pytest.param(b"<status>Actual</status>", b"", id="an element is missing"),
        pytest.param(b"+07:00</sent>", b"Z</sent>", id="a time in UTC with a letter"),
        pytest.param(b"<scope>Private</scope>", b"<scope>Secret</scope>", id="a word that CAP doesn't know"),
    ],
)
def test_the_official_schema_notices(written: bytes, instead: bytes) -> None:
    good = render_cap(opened().event, PACK)
    assert holds_to_cap_schema(good)
    assert not holds_to_cap_schema(good.replace(written, instead))


@calm
@given(alert=alerts())
def test_cap_holds_to_what_the_schema_cannot_say(alert: Alert) -> None:
    """https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html, section 3.2."""
    root = ElementTree.fromstring(cap(alert))
    found = {one.tag.rpartition("}")[2]: one.text or "" for one in root}
    assert not set(" ,<&") & set(found["identifier"] + found["sender"])
    assert found["scope"] != "Private" or found["addresses"].split() == list(alert.audience)
    assert found["status"] != "Exercise" or found["note"]
    expires = [one.text or "" for one in root.iter(f"{{{NAMESPACE}}}expires")]
    assert all(text >= found["sent"] for text in expires)
    assert ("references" in found) == (found["msgType"] != "Alert")
    assert all(text.strip() for tag, text in found.items() if tag != "info")
    assert [one.text for one in root.iter(f"{{{NAMESPACE}}}language")] == ["vi-VN", "en-US"]


@pytest.mark.parametrize(
    ("event", "status", "message", "response", "urgency", "certainty"),
    [
        pytest.param("opened", "open", "Alert", "Execute", "Expected", "Likely", id="a new one"),
        pytest.param("started", "in_progress", "Update", "Execute", "Expected", "Observed", id="people are at work"),
        pytest.param("acknowledged", "acknowledged", "Update", "Monitor", "Expected", "Likely", id="somebody has it"),
        pytest.param("resolved", "resolved", "Update", "AllClear", "Past", "Likely", id="an all-clear is an update"),
        pytest.param("dismissed", "dismissed", "Cancel", "None", "Past", "Unlikely", id="a false alarm is cancelled"),
    ],
)
def test_cap_says_in_its_own_words_what_is_to_be_done(  # noqa: PLR0917
    event: str, status: str, message: str, response: str, urgency: str, certainty: str
) -> None:
    first = opened()
    before = None if event == "opened" else Told(1, START)
    handling = Handling(dismissed_because=Reason.FALSE_ALARM if event == "dismissed" else None)
    incident = replace(first.incident, status=Status(status), handling=handling, last_told=Told(2, START))
    told = replace(first.event, number=2, type=EventType(event), incident=incident, replaces=before)
    root = ElementTree.fromstring(render_cap(told, PACK))
    words = [root.findtext(f".//{{{NAMESPACE}}}{tag}") for tag in ("msgType", "responseType", "urgency", "certainty")]
    assert words == [message, response, urgency, certainty]


def test_an_update_refers_to_the_alert_that_was_sent_before() -> None:
    """Sender, identifier and time of the earlier message, to the letter."""
    first = opened().event
    later = replace(first, number=7, replaces=Told(1, first.at_utc), type=EventType.UPDATED)
    later = replace(later, incident=replace(first.incident, last_told=Told(7, first.at_utc)))
    before, after = (ElementTree.fromstring(render_cap(one, PACK)) for one in (first, later))
    sent = [before.findtext(f"{{{NAMESPACE}}}{tag}") for tag in ("sender", "identifier", "sent")]
    assert after.findtext(f"{{{NAMESPACE}}}references") == ",".join(map(str, sent))


def test_cap_writes_utc_as_it_wants_it() -> None:
    told = render_cap(opened().event, replace(PACK, timezone="UTC")).decode()
    assert "<sent>2026-03-01T08:00:00-00:00</sent>" in told


def holds_to_cap_schema(document: bytes) -> bool:
    valid, _ = Validator(document).schema()
    return bool(valid)
