"""What a metered city is billed for, call by call, with an analyser that costs nothing."""

from collections.abc import Iterator
from functools import cache

import pytest

from bench.cost.__main__ import PRICES
from bench.cost.meter import ANALYSE, ARRIVE, BEAT, INCIDENT, QUEUE, SWEEP, Amounts
from bench.cost.pictures import Event, Scenes
from bench.cost.prices import read_prices
from bench.cost.runs import Metered, meter_city
from bench.cost.ways import ALONE, BUNDLES, WAYS, Way
from city.reading import read_pack
from tests.e2e.conftest import TESTVILLE, ScriptedAnalyser

pytestmark = pytest.mark.xdist_group("city")


DESIGNATED = 1 / 6
"""One camera of six looks for faces, and its frames ask for a mandate that isn't there, at most one each."""


@pytest.fixture(scope="module")
def metered() -> Metered:
    fire = Event("tv-1", tuple(f"fire_smoke {number}".encode() for number in range(4)), afterwards=b"quiet")
    scenes = Scenes((b"quiet 1", b"quiet 2"), (fire,), watchlist=None)
    parts = {"analyser": cache(ScriptedAnalyser)}
    return meter_city(read_pack(TESTVILLE), scenes, frames_each=3, wait_s=0.01, parts=parts)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_quiet_frame_is_billed_for_these_calls_and_no_other(metered: Metered, way: Way) -> None:
    """Invariant 2: it writes nothing, and the heartbeat is counted apart."""
    used = metered.frames[way].uses
    calls = {key: round(amount, 6) for key, amount in used.items() if key[1] not in ("lambda_gb_s", "log_gb")}
    mandates = calls.pop((ANALYSE, "s3_get")) - 1 / way.frames_an_object
    objects, invocations = 1 / way.frames_an_object, 1 / way.frames_an_invocation
    assert -1e-6 <= mandates <= DESIGNATED
    assert calls == {
        (ARRIVE, "s3_put"): round(objects, 6),
        (ARRIVE, "sqs_request"): round(objects, 6),
        (QUEUE, "sqs_request"): round(objects + invocations, 6),
        (ANALYSE, "dynamodb_read"): 0.5,
        (ANALYSE, "lambda_request"): round(invocations, 6),
        (ANALYSE, "xray_trace"): round(0.05 * invocations, 6),
    }


def test_a_quiet_frame_is_billed_for_the_waits_of_its_two_calls_at_least(metered: Metered) -> None:
    gb_s = metered.frames[ALONE].uses[ANALYSE, "lambda_gb_s"]
    assert 0.02 * 1769 / 1024 <= gb_s < 0.2


def test_bundled_frames_are_kept_whole(metered: Metered) -> None:
    """What a bundle saves are requests; its bytes are those of its frames and a little more."""
    alone, bundled = (metered.frames[way].stored_bytes for way in (ALONE, BUNDLES))
    assert alone < bundled


def test_a_heartbeat_is_one_write(metered: Metered) -> None:
    assert metered.beat == pytest.approx({(BEAT, "dynamodb_write"): 1})


def test_an_incident_is_billed_for_its_transactions_and_alerts(metered: Metered) -> None:
    """One that opens and ends: two transactions and two alerts, and the trackers written before it opened."""
    assert metered.incidents == 1
    assert metered.incident[INCIDENT, "sns_request"] == 2
    assert metered.incident[INCIDENT, "dynamodb_write"] > 2 * 2 * 3


def test_sweeps_are_billed_apart(metered: Metered) -> None:
    assert metered.sweep[SWEEP, "lambda_request"] == pytest.approx(1)


def test_every_item_that_is_metered_has_a_price(metered: Metered) -> None:
    used = {item for part in _parts(metered) for _, item in part}
    assert used <= read_prices(PRICES).items.keys()


def _parts(metered: Metered) -> Iterator[Amounts]:
    yield from (frame.uses for frame in metered.frames.values())
    yield from (metered.beat, metered.audit, metered.incident, metered.sweep)
