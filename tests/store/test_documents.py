"""How values are written down, and what a change of their types may do to what was written before."""

import json

import pytest

from chalicelib.domain.confirmation import Tracker
from chalicelib.errors import InvalidInput
from chalicelib.store.documents import EVENTS, HEARTBEATS, INCIDENTS, TRACKERS, Document
from tests.store.samples import heartbeat, opening, tracker


@pytest.mark.parametrize(
    ("document", "value"),
    [
        pytest.param(HEARTBEATS, heartbeat(), id="a fingerprint that is no text"),
        pytest.param(TRACKERS, tracker(), id="a score that no decimal holds"),
        pytest.param(INCIDENTS, opening().incident, id="Vietnamese names"),
        pytest.param(EVENTS, opening().event, id="an incident inside an event"),
    ],
)
def test_a_value_comes_back_equal(document: Document[object], value: object) -> None:
    assert document.load(document.dump(value)) == value
    assert document.unpack(document.pack(value)) == value


def test_a_document_older_than_a_field_gets_its_default_and_one_newer_loses_it() -> None:
    fields = json.loads(TRACKERS.dump(tracker()))
    del fields["closed_through_utc"]
    assert TRACKERS.load(json.dumps({**fields, "invented_later": 1})) == tracker()


def test_a_document_that_does_not_hold_names_the_field_and_never_the_value() -> None:
    fields = json.loads(TRACKERS.dump(tracker()))
    fields["recent"][0]["score"] = "secret"
    with pytest.raises(InvalidInput) as refusal:
        TRACKERS.load(json.dumps(fields))
    assert str(refusal.value) == "stored Tracker doesn't hold at 'recent.0.score'"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"one"'])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="Tracker"):
        Document(Tracker).load(text)
