"""What a metered city is billed for, call by call, with an analyser that costs nothing."""

from collections.abc import Iterator
from functools import cache

import pytest

from bench.cost.__main__ import PRICES
from bench.cost.meter import ANALYSE, ARRIVE, BEAT, CLOCK, CONSOLE, EVIDENCE, INCIDENT, QUEUE, Amounts
from bench.cost.pictures import Event, Scenes
from bench.cost.prices import read_prices
from bench.cost.runs import Metered, meter_city
from bench.cost.ways import ALONE, BUNDLES, WAYS, Way
from bench.faults.story import HidesNobody
from city.reading import read_pack
from tests.e2e.conftest import TESTVILLE, ScriptedAnalyser

pytestmark = pytest.mark.xdist_group("city")


DESIGNATED = 1 / 6
"""One camera of six looks for faces, and its frames ask for a mandate that isn't there, at most one each."""


@pytest.fixture(scope="module")
def metered() -> Metered:
    fire = Event("tv-1", tuple(f"fire_smoke {number}".encode() for number in range(4)), afterwards=b"quiet")
    scenes = Scenes((b"quiet 1", b"quiet 2"), (fire,), watchlist=None)
    parts = {"analyser": cache(ScriptedAnalyser), "redactor": HidesNobody, "keep_watchlist": dict}
    return meter_city(read_pack(TESTVILLE), scenes, frames_each=3, wait_s=0.01, parts=parts)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_quiet_frame_is_billed_for_these_calls_and_no_other(metered: Metered, way: Way) -> None:
    """Invariant 2: it writes nothing, and the heartbeat is counted apart."""
    used = metered.frames[way].uses
    calls = {key: round(n, 6) for key, n in used.items() if n and key[1] not in ("lambda_gb_s", "log_gb")}
    mandates = calls.pop((ANALYSE, "s3_get")) - 1 / way.frames_an_object
    objects, invocations = 1 / way.frames_an_object, 1 / way.frames_an_invocation
    assert -1e-6 <= mandates <= DESIGNATED
    assert calls.pop((ANALYSE, "kms_request"), 0) == pytest.approx(mandates, abs=1e-5)
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


def test_an_incidents_pictures_are_kept_under_keys_and_told_of_in_a_list(metered: Metered) -> None:
    """Three sightings, each sealed and shown redacted, when it opened; what came before or after isn't there."""
    used = {item: amount for (stage, item), amount in metered.incident.items() if stage == EVIDENCE}
    pictures, lists, looks_for_frames = 3, 1, 3
    assert used["lambda_request"] == 2
    assert used["s3_put"] == 2 * pictures + lists + looks_for_frames
    assert used["kms_request"] > 2 * pictures + lists
    assert metered.kept_bytes > 2 * pictures * len(b"fire_smoke 0")


def test_the_clock_ticks_by_the_minute_and_by_the_hour(metered: Metered) -> None:
    assert metered.clock[CLOCK, "lambda_request"] == pytest.approx(60 + 60 + 1)


def test_a_board_of_thirty_reads_them_alone_and_an_unchanged_one_goes_unsent(metered: Metered) -> None:
    board, page = metered.polls.board, metered.polls.page
    assert (board[CONSOLE, "api_request"], page[CONSOLE, "api_request"]) == pytest.approx((1, 2))
    assert 30 * 1000 / 4096 / 2 < board[CONSOLE, "dynamodb_read"] < 30 * 8000 / 4096 / 2
    assert 30 * 500 / 1e9 / 10 < board[CONSOLE, "out_gb"] < 30 * 5000 / 1e9 / 10


def test_every_item_that_is_metered_has_a_price(metered: Metered) -> None:
    used = {item for part in _parts(metered) for _, item in part}
    assert used <= read_prices(PRICES).items.keys()


def _parts(metered: Metered) -> Iterator[Amounts]:
    yield from (frame.uses for frame in metered.frames.values())
    yield from (metered.beat, metered.audit, metered.incident, metered.clock, metered.polls.board, metered.polls.page)
