"""Units, prices and bills: arithmetic that has to be right, because people decide by it."""

import itertools
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bench.cost.__main__ import PRICES
from bench.cost.bill import (
    MONTH_S,
    WATCHED_S,
    Deployment,
    Habits,
    bill,
    by_stage,
    total_usd,
    use_all_in,
    use_of_frames,
    use_of_month,
)
from bench.cost.meter import (
    ANALYSE,
    ARRIVE,
    AUDIT,
    BEAT,
    CLOCK,
    CONSOLE,
    EVIDENCE,
    INCIDENT,
    QUEUE,
    STAGES,
    Meter,
    write_units,
)
from bench.cost.prices import ManagedApi, Tier, read_prices
from bench.cost.runs import Frame, Metered, buckets_under_keys, memory_gb
from bench.cost.screens import POLL_S, Polls
from bench.cost.ways import ALONE, BATCHES, BUNDLES, Way
from chalicelib.errors import InvalidInput

METERED = Metered(
    frames={
        ALONE: Frame({(ARRIVE, "s3_put"): 1.0, (ANALYSE, "lambda_gb_s"): 0.3}, stored_bytes=100_000),
        BUNDLES: Frame({(ARRIVE, "s3_put"): 1 / 6, (ANALYSE, "lambda_gb_s"): 0.3}, stored_bytes=101_000),
    },
    beat={(BEAT, "dynamodb_write"): 1.0},
    audit={(AUDIT, "dynamodb_write"): 0.1},
    incident={(INCIDENT, "dynamodb_write"): 40.0, (EVIDENCE, "s3_put"): 13.0},
    kept_bytes=1_000_000,
    clock={(CLOCK, "lambda_request"): 121.0},
    polls=Polls({(CONSOLE, "api_request"): 1.0}, {(CONSOLE, "api_request"): 2.0}),
    runs=1,
    incidents=1,
)

FRAMES = {"Bucket": "matpho-dev-frames-1"}
CITY = Deployment(cameras=554, consoles=10, alarms=10, metrics=9, keys=3)
CONSOLE_SOURCE = Path(__file__).parents[2] / "console" / "src" / "state" / "incidents.ts"


def item(size_bytes: int, **keys: str) -> dict[str, dict[str, str]]:
    """An item whose names and values take so many bytes."""
    given = {name: {"S": value} for name, value in keys.items()}
    rest = size_bytes - sum(len(name) + len(value) for name, value in keys.items()) - len("document")
    return {**given, "document": {"S": "x" * rest}}


@pytest.mark.parametrize(
    ("written", "units"),
    [
        pytest.param(item(1024), 1, id="a kilobyte is one unit"),
        pytest.param(item(1025), 2, id="a byte more begins another"),
        pytest.param({"document": {"S": "ậ" * 400}}, 2, id="letters count as they are encoded"),
        pytest.param({"packed": {"B": b"\xff" * 1018}}, 1, id="bytes count as they are"),
        pytest.param(item(900, tracked="open"), 2, id="the index of trackers is written too"),
        pytest.param(item(900, feed="incidents"), 3, id="in the index by time an entry moves: out and in"),
        pytest.param(item(900, feed="incidents", due="due"), 5, id="and in that of deadlines, while it is live"),
    ],
)
def test_write_units_are_counted_as_dynamodb_does(written: dict[str, dict[str, str]], units: int) -> None:
    assert write_units(written) == units


def test_a_transaction_costs_twice_its_writes() -> None:
    meter = Meter({}, wait_s=0)
    meter.note_call("dynamodb", "TransactWriteItems", {"TransactItems": [{"Put": {"Item": item(900)}}] * 3})
    assert meter.amounts == {(INCIDENT, "dynamodb_write"): 6}


@pytest.mark.parametrize(
    ("written", "stage"),
    [
        pytest.param({"camera_id": {"S": "cam-1"}, "item": {"S": "heartbeat"}}, BEAT, id="a heartbeat"),
        pytest.param({"camera_id": {"S": "traffic#cam-1"}, "item": {"S": "2026"}}, BEAT, id="its traffic"),
        pytest.param({"camera_id": {"S": "cam-1"}, "item": {"S": "tracker#flood#"}}, INCIDENT, id="a tracker"),
        pytest.param(
            {"chain": {"S": "2026"}, "sequence": {"N": "1"}, "line": {"S": "{}"}}, AUDIT, id="an audit record"
        ),
    ],
)
def test_a_write_is_billed_to_what_it_is_for(written: dict[str, dict[str, str]], stage: str) -> None:
    meter = Meter({}, wait_s=0)
    meter.note_call("dynamodb", "PutItem", {"Item": written})
    assert meter.amounts == {(stage, "dynamodb_write"): 1}


def test_a_message_is_taken_by_a_request_of_its_own_and_deleted_with_its_batch() -> None:
    meter = Meter({"analyse_frames": 1.0}, wait_s=0)
    meter.timed("analyse_frames", lambda _: None)({"Records": [{"eventSource": "aws:sqs"}] * 10})
    meter.note_call("sqs", "ReceiveMessage", {})
    meter.note_call("sqs", "DeleteMessageBatch", {})
    assert meter.amounts[QUEUE, "sqs_request"] == 11


@pytest.mark.parametrize(("way", "at_least", "runs"), [(ALONE, 18, 18), (BATCHES, 18, 20), (BUNDLES, 19, 36)])
def test_a_way_is_metered_on_full_invocations_only(way: Way, at_least: int, runs: int) -> None:
    assert way.runs(at_least) == runs


def test_a_function_is_billed_for_waiting_too() -> None:
    meter = Meter({"analyse_frames": 2.0}, wait_s=10.0)
    meter.timed("analyse_frames", lambda _: meter.note_call("s3", "GetObject", FRAMES))({})
    assert meter.amounts[ANALYSE, "lambda_gb_s"] == pytest.approx(20, abs=0.1)
    assert (meter.amounts[ANALYSE, "lambda_request"], meter.amounts[ANALYSE, "s3_get"]) == (1, 1)


def test_half_the_memory_takes_twice_the_time_to_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vCPU is bought by 1,769 MB, so computing costs the same and only takes longer."""
    monkeypatch.setattr("bench.cost.meter.process_time", partial(next, itertools.count()))
    usages = []
    for memory in (1769 / 1024, 1769 / 2048):
        meter = Meter({"sweep": memory}, wait_s=0)
        meter.timed("sweep", lambda _: None)({})
        usages.append(meter.amounts[CLOCK, "lambda_gb_s"])
    assert usages == [pytest.approx(1769 / 1024)] * 2


def test_whoever_keeps_pictures_asks_for_a_key_with_each_call_and_lists_for_the_price_of_a_put() -> None:
    assert buckets_under_keys() >= {"evidence", "sealed", "config", "biometrics"}
    meter = Meter({"keep_evidence": 1.0}, wait_s=0, keyed=buckets_under_keys())

    def keep(_: object) -> None:
        meter.note_call("s3", "ListObjectsV2", FRAMES)
        meter.note_call("s3", "GetObject", FRAMES)
        meter.note_call("s3", "PutObject", {"Bucket": "matpho-dev-sealed-1", "Body": b"original"})
        meter.note_call("s3", "DeleteObject", {"Bucket": "matpho-dev-sealed-1"})

    meter.timed("keep_evidence", keep)({})
    used = {item: amount for (_, item), amount in meter.amounts.items() if item[:2] in ("s3", "km", "sq") and amount}
    assert used == {"s3_put": 2, "s3_get": 1, "kms_request": 1}
    assert meter.stored_bytes == {EVIDENCE: 8}


@pytest.mark.parametrize(
    ("answer", "consistent", "units"),
    [
        pytest.param({"Item": item(900)}, False, 0.5, id="what is small costs half a unit"),
        pytest.param({"Item": item(900)}, True, 1, id="a unit where it must be certain"),
        pytest.param({"Items": [item(3000)] * 3}, False, 1.5, id="a list by all that is on it"),
        pytest.param({}, False, 0.5, id="nothing, too"),
    ],
)
def test_reads_are_billed_by_what_was_read(answer: dict[str, object], consistent: bool, units: float) -> None:  # noqa: FBT001
    meter = Meter({}, wait_s=0)
    meter.note_read({"ConsistentRead": consistent}, answer)
    assert meter.amounts[ARRIVE, "dynamodb_read"] == units


@pytest.mark.parametrize(
    ("cadence_s", "beats"),
    [
        pytest.param(5.0, 1e6 * 5 / 60, id="one a minute however many frames"),
        pytest.param(120.0, 1e6, id="one a frame when frames are rare"),
    ],
)
def test_heartbeats_of_a_million_frames(cadence_s: float, beats: float) -> None:
    used = use_of_frames(METERED, 1e6, Habits(cadence_s, incidents_per_camera_day=0, kept_days=3), way=ALONE)
    assert used[BEAT, "dynamodb_write"] == pytest.approx(beats)


def test_incidents_and_storage_follow_from_the_habits() -> None:
    used = use_of_frames(METERED, 86_400, Habits(1.0, incidents_per_camera_day=2, kept_days=3), way=ALONE)
    assert used[INCIDENT, "dynamodb_write"] == pytest.approx(80)
    assert used[ARRIVE, "s3_gb_month"] == pytest.approx(86_400 * 0.0001 * 3 / 30)


def test_a_bill_adds_up_and_follows_the_frame() -> None:
    lines = bill(use_of_frames(METERED, 1e6, Habits(5.0, 1.0, 3.0), way=ALONE), read_prices(PRICES))
    stages = [line.stage for line in lines]
    assert stages == [ARRIVE, ARRIVE, ANALYSE, BEAT, AUDIT, INCIDENT, EVIDENCE, EVIDENCE, CONSOLE]
    assert total_usd(lines) == pytest.approx(sum(by_stage(lines).values()))
    assert by_stage(lines)[ANALYSE] == pytest.approx(1e6 * 0.3 * 0.0000166667)


def test_a_frame_in_a_bundle_is_billed_its_share_of_the_request_and_all_of_its_bytes() -> None:
    used = use_of_frames(METERED, 6e6, Habits(5.0, 0, kept_days=30), way=BUNDLES)
    assert used[ARRIVE, "s3_put"] == pytest.approx(1e6)
    assert used[ARRIVE, "s3_gb_month"] == pytest.approx(606)


def test_every_heartbeat_of_the_city_is_read_each_minute() -> None:
    used = use_of_month(METERED, CITY)
    assert used[CLOCK, "dynamodb_read"] == MONTH_S / 60 * 277
    assert [used[CLOCK, item] for item in ("alarm_month", "metric_month", "key_month")] == [10, 9, 3]


def test_a_console_asks_at_all_hours() -> None:
    assert use_of_month(METERED, CITY)[CONSOLE, "api_request"] == pytest.approx(10 * MONTH_S / POLL_S)
    assert f"POLL_MS = {POLL_S * 1000:.0f};" in CONSOLE_SOURCE.read_text(encoding="utf-8")


def test_an_incident_has_its_pictures_for_half_a_year_and_its_page_open_for_a_while() -> None:
    used = use_of_frames(METERED, 17_280, Habits(5.0, incidents_per_camera_day=1, kept_days=3), way=ALONE)
    assert used[EVIDENCE, "s3_put"] == pytest.approx(13)
    assert used[EVIDENCE, "s3_gb_month"] == pytest.approx(0.001 * 6)
    assert used[CONSOLE, "api_request"] == pytest.approx(2 * WATCHED_S / POLL_S)


def test_all_that_a_city_sends_in_a_month_bears_all_of_the_month() -> None:
    habits, frames = Habits(5.0, 1.0, 3.0), 554 * MONTH_S / 5
    whole = use_all_in(METERED, frames, habits, CITY, way=ALONE)
    assert whole[CLOCK, "key_month"] == pytest.approx(3)
    assert use_all_in(METERED, frames / 4, habits, CITY, way=ALONE)[CLOCK, "key_month"] == pytest.approx(3 / 4)
    assert whole[ARRIVE, "s3_put"] == pytest.approx(frames)


def test_every_function_that_is_deployed_is_in_the_bill_or_known_to_be_left_out() -> None:
    """What is recorded is looked at when somebody asks, the report is one a day, the authoriser one call in thirty."""
    assert memory_gb().keys() - STAGES.keys() == {"analyse_recorded", "report_yesterday", "authorise"}


@pytest.mark.parametrize(
    ("pictures", "usd"),
    [
        pytest.param(5, 10, id="the first tier"),
        pytest.param(10, 20, id="all of the first tier"),
        pytest.param(30, 20 + 20, id="the rest by the second tier"),
        pytest.param(0, 0, id="nothing"),
    ],
)
def test_a_managed_api_is_priced_tier_by_tier(pictures: float, usd: float) -> None:
    tiers = (Tier(up_to=10, usd=2), Tier(up_to=float("inf"), usd=1))
    assert ManagedApi(api="x", source="x", tiers=tiers).usd(pictures) == usd


def test_the_price_list_is_dated_and_each_price_has_a_source() -> None:
    prices = read_prices(PRICES)
    assert prices.as_of <= date.today()  # noqa: DTZ011  # a day either way says nothing
    assert f"{prices.as_of:%Y-%m}" == PRICES.stem
    assert all(one.source.startswith("https://aws.amazon.com/") for one in prices.items.values())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("as_of = 2026-11-22\nregion = 'x'\n[items]\n[managed]\nx = 1", "'managed.x'", id="a wrong type"),
        pytest.param("as_of =", "price file", id="no TOML"),
    ],
)
def test_a_broken_price_list_is_told_in_one_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=line) as told:
        read_prices(path)
    assert "\n" not in str(told.value)
