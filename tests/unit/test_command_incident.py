"""A command is done once however often it is sent, and a bad one changes nothing."""

from dataclasses import replace

import pytest

from chalicelib.domain.handled import Command
from chalicelib.domain.incidents import Incident
from chalicelib.domain.lifecycle import Action, Status
from chalicelib.errors import Conflict, NotFound, StaleVersion
from tests.unit.chain import Chain


@pytest.fixture
def chain() -> Chain:
    chain = Chain()
    chain.deliver(*(chain.put(5.0 * n, "flood") for n in range(3)))
    return chain


@pytest.fixture
def incident(chain: Chain) -> Incident:
    return chain.incidents[0]


def test_the_same_command_again_answers_what_became_of_it_and_does_nothing(chain: Chain, incident: Incident) -> None:
    command = Command(Action.ACKNOWLEDGE, "lan", incident.version, "key-1")
    done = chain.command(incident.id, command)
    assert chain.command(incident.id, command) == done
    assert len(chain.events) == 2


def test_a_command_whose_answer_was_lost_is_known_even_when_the_incident_went_on(
    chain: Chain, incident: Incident
) -> None:
    command = Command(Action.ACKNOWLEDGE, "lan", incident.version, "key-1")
    chain.command(incident.id, command)
    chain.command(incident.id, Command(Action.START, "minh", incident.version + 1, "key-2"))
    assert chain.command(incident.id, command).status is Status.IN_PROGRESS
    assert len(chain.events) == 3


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"key": "key-2"}, id="another key"),
        pytest.param({"by": "minh"}, id="another person"),
        pytest.param({"action": Action.RESOLVE}, id="another action under the same key"),
    ],
)
def test_what_only_looks_like_the_same_command_is_stale(
    chain: Chain, incident: Incident, change: dict[str, str]
) -> None:
    command = Command(Action.ACKNOWLEDGE, "lan", incident.version, "key-1")
    chain.command(incident.id, command)
    with pytest.raises(StaleVersion):
        chain.command(incident.id, replace(command, **change))  # type: ignore[arg-type]
    assert len(chain.events) == 2


def test_who_loses_a_race_is_told_to_look_again(
    chain: Chain, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object) -> None:
        raise Conflict("somebody else wrote first")

    monkeypatch.setattr(chain.store, "commit", lose)
    with pytest.raises(StaleVersion, match="look again"):
        chain.command(incident.id, Command(Action.ACKNOWLEDGE, "lan", incident.version, "key-1"))


def test_an_unknown_incident_is_not_there(chain: Chain) -> None:
    with pytest.raises(NotFound, match="'nobody'"):
        chain.command("nobody", Command(Action.ACKNOWLEDGE, "lan", 1, "key-1"))
