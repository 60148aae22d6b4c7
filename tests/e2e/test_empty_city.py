"""A city on a laptop before anything was sent to it."""

import pytest

from city.reading import read_pack
from local.city import running_city
from tests.e2e.conftest import START_UTC, TESTVILLE, ScriptedAnalyser

pytestmark = pytest.mark.xdist_group("city")


def test_nobody_asks_for_models() -> None:
    """S3 greets a queue that it is connected to, and the console is tried where there are no models."""

    def missing() -> ScriptedAnalyser:
        raise AssertionError

    with running_city(read_pack(TESTVILLE), start_utc=START_UTC, parts={"analyser": missing}) as city:
        city.settle(START_UTC)
        assert city.outcome().frames.dead_lettered == 0
