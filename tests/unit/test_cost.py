"""Units, prices and bills: arithmetic that has to be right, because people decide by it."""

from datetime import date
from pathlib import Path

import pytest

from bench.cost.__main__ import PRICES
from bench.cost.bill import Habits, bill, by_stage, total_usd, use_of_frames
from bench.cost.meter import ANALYSE, ARRIVE, BEAT, INCIDENT, Meter, write_units
from bench.cost.prices import ManagedApi, Tier, read_prices
from bench.cost.runs import Metered
from chalicelib.errors import InvalidInput

METERED = Metered(
    frame={(ARRIVE, "s3_put"): 1.0, (ANALYSE, "lambda_gb_s"): 0.3},
    beat={(BEAT, "dynamodb_write"): 1.0},
    incident={(INCIDENT, "dynamodb_write"): 40.0},
    sweep={},
    frame_bytes=100_000,
    frames=1,
    incidents=1,
)


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
        pytest.param(item(900, tracked="open"), 2, id="the index of trackers is written too"),
        pytest.param(item(900, feed="incidents"), 3, id="in the index by time an entry moves: out and in"),
    ],
)
def test_write_units_are_counted_as_dynamodb_does(written: dict[str, dict[str, str]], units: int) -> None:
    assert write_units(written) == units


def test_a_transaction_costs_twice_its_writes() -> None:
    meter = Meter({}, wait_s=0)
    meter.note_call("dynamodb", "TransactWriteItems", {"TransactItems": [{"Put": {"Item": item(900)}}] * 3})
    assert meter.amounts == {(INCIDENT, "dynamodb_write"): 6}


def test_a_function_is_billed_for_waiting_too() -> None:
    meter = Meter({"analyse_frames": 2.0}, wait_s=10.0)
    meter.timed("analyse_frames", lambda _: meter.note_call("s3", "GetObject", {}))(None)
    assert meter.amounts[ANALYSE, "lambda_gb_s"] == pytest.approx(20, abs=0.1)
    assert (meter.amounts[ANALYSE, "lambda_request"], meter.amounts[ANALYSE, "s3_get"]) == (1, 1)


@pytest.mark.parametrize(
    ("cadence_s", "beats"),
    [
        pytest.param(5.0, 1e6 * 5 / 60, id="one a minute however many frames"),
        pytest.param(120.0, 1e6, id="one a frame when frames are rare"),
    ],
)
def test_heartbeats_of_a_million_frames(cadence_s: float, beats: float) -> None:
    used = use_of_frames(METERED, 1e6, Habits(cadence_s, incidents_per_camera_day=0, kept_days=3))
    assert used[BEAT, "dynamodb_write"] == pytest.approx(beats)


def test_incidents_and_storage_follow_from_the_habits() -> None:
    used = use_of_frames(METERED, 86_400, Habits(1.0, incidents_per_camera_day=2, kept_days=3))
    assert used[INCIDENT, "dynamodb_write"] == pytest.approx(80)
    assert used[ARRIVE, "s3_gb_month"] == pytest.approx(86_400 * 0.0001 * 3 / 30)


def test_a_bill_adds_up_and_follows_the_frame() -> None:
    lines = bill(use_of_frames(METERED, 1e6, Habits(5.0, 1.0, 3.0)), read_prices(PRICES))
    assert [line.stage for line in lines] == [ARRIVE, ARRIVE, ANALYSE, BEAT, INCIDENT]
    assert total_usd(lines) == pytest.approx(sum(by_stage(lines).values()))
    assert by_stage(lines)[ANALYSE] == pytest.approx(1e6 * 0.3 * 0.0000166667)


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
