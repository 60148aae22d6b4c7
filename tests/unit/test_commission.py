"""A camera's blind spots are those where simulations aren't found, and a wrong input is one clear line."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import typer
from numpy.typing import NDArray
from rich.console import Console
from typer.testing import CliRunner

from chalicelib.domain.alerts.words import Language
from chalicelib.domain.kinds import FIRE_SMOKE, FLOOD
from city.reading import read_pack
from ops.blind_spot_picture import draw_blind_spots
from ops.blind_spot_words import alarm_table, in_short, light_table, spot_tables
from ops.blind_spots import (
    COLUMNS_REL,
    ROWS_REL,
    SIZES,
    FalseAlarms,
    Look,
    Quiet,
    Spot,
    Try,
    explore,
    false_alarms,
    found_by_light,
    in_all_lights,
    places,
    sizes_at,
)
from ops.commission import main
from overlays.lights import LIGHTS

PACK = Path(__file__).parents[2] / "city" / "testville"
STREET = np.full((120, 160, 3), 100, np.uint8)
MIDDLE = (COLUMNS_REL[1], ROWS_REL[1])

app = typer.Typer()
app.command()(main)


def sees_flames_of(least_share: float) -> Look:
    """Look for flames as tall as this share of the picture: columns of bright red."""

    def look(image_bgr: NDArray[np.uint8]) -> Mapping[str, float]:
        red = (image_bgr[..., 2].astype(int) - image_bgr[..., 0]) > 90
        return {FIRE_SMOKE: float(red.any(axis=1).sum() >= least_share * len(red))}

    return look


def street(*, light: str = "as it is") -> Quiet:
    return Quiet("street.jpg", light, STREET)


def spot_of(*found_by_size: tuple[float, str], foot_rel: tuple[float, float] = MIDDLE, light: str = "dusk") -> Spot:
    """A spot by sizes and what became of the tries at each: x found, o missed."""
    tries = (Try(size, light, letter == "x") for size, letters in found_by_size for letter in letters)
    return Spot("fire", foot_rel, tuple(tries))


def test_the_smallest_fire_found_lies_between_what_is_seen_and_what_is_not() -> None:
    spot = explore("fire", MIDDLE, [street()], sees_flames_of(0.15), threshold=0.5, tries=3, seed=1)
    assert spot.smallest in {0.25, 0.16}
    assert spot.found_by_size[0.06] == 0


@pytest.mark.parametrize(
    ("spot", "expected"),
    [
        pytest.param(spot_of((0.4, "xxxx"), (0.25, "xxoo"), (0.16, "xooo")), 0.25, id="half of the tries is found"),
        pytest.param(spot_of((0.4, "oooo"), (0.25, "xooo")), None, id="a spot where none is found is blind"),
        pytest.param(spot_of((0.4, "xx"), (0.25, "xx"), (0.16, "xx")), 0.16, id="all sizes are found"),
        pytest.param(spot_of((0.4, "ooxo"), (0.25, "xxxx"), (0.16, "xxxx")), 0.16, id="bad luck is no blind spot"),
        pytest.param(spot_of((0.4, "oooo"), (0.25, "oooo"), (0.16, "xxoo")), None, id="nor is good luck a find"),
    ],
)
def test_the_smallest_size(spot: Spot, expected: float | None) -> None:
    assert spot.smallest == expected


def test_nothing_is_tried_that_would_rise_over_the_upper_edge() -> None:
    assert max(sizes_at("smoke", (0.5, 0.45))) == 0.3
    assert sizes_at("smoke", (0.5, 0.92)) == SIZES["smoke"]


def test_what_is_found_by_day_and_missed_in_infrared_is_told() -> None:
    spots = [spot_of((0.4, "xxxo"), light="as it is"), spot_of((0.4, "xooo"), light="infrared")]
    assert found_by_light(spots, "fire") == {"as it is": 0.75, "infrared": 0.25}


def test_equal_seeds_try_equal_incidents() -> None:
    seen: list[bytes] = []

    def look(image_bgr: NDArray[np.uint8]) -> Mapping[str, float]:
        seen.append(image_bgr.tobytes())
        return {FIRE_SMOKE: 0.0}

    for _ in range(2):
        explore("fire", MIDDLE, [street()], look, threshold=0.5, tries=2, seed=1)
    half = len(seen) // 2
    assert seen[:half] == seen[half:]
    assert seen[0] != seen[1]


def test_every_picture_and_light_is_tried_before_any_comes_again() -> None:
    wide = np.full((60, 480, 3), (90, 100, 110), np.uint8)
    quiet = in_all_lights([("a.jpg", wide), ("b.jpg", wide // 2)])
    assert [one.light for one in quiet] == [light for light in LIGHTS for _ in "ab"]
    seen: list[tuple[int, ...]] = []

    def look(image_bgr: NDArray[np.uint8]) -> Mapping[str, float]:
        seen.append(tuple(image_bgr[0, 0]))  # far from the flames
        return {FIRE_SMOKE: 0.0}

    explore("fire", (COLUMNS_REL[3], ROWS_REL[2]), quiet, look, threshold=0.5, tries=len(quiet), seed=1)
    assert sorted(seen[: len(quiet)]) == sorted(tuple(one.image_bgr[0, 0]) for one in quiet)


def test_false_alarms_are_counted_by_kind_and_light() -> None:
    quiet = [street(), street(), street(light="dusk")]
    scores = iter([0.9, 0.1, 0.2])
    (by_day, at_dusk) = false_alarms(quiet, lambda _: {FLOOD: next(scores)}, {FLOOD: 0.8})
    assert (by_day.pictures, by_day.above_threshold, by_day.highest_score) == (2, 1, 0.9)
    assert (at_dusk.pictures, at_dusk.above_threshold) == (1, 0)


def test_water_is_tried_at_the_lower_edge_only() -> None:
    assert {y for _, y in places("flood")} == {1.0}
    assert len(places("fire")) == len(COLUMNS_REL) * len(ROWS_REL)


def test_a_blind_spot_is_painted_red_and_one_that_sees_well_green() -> None:
    left = spot_of(*((size, "x") for size in SIZES["fire"]), foot_rel=(COLUMNS_REL[0], ROWS_REL[1]))
    right = spot_of((SIZES["fire"][0], "o"), foot_rel=(COLUMNS_REL[3], ROWS_REL[1]))
    panel = draw_blind_spots(STREET, [left, right])[:, :640].astype(int)
    row = round(ROWS_REL[1] * panel.shape[0]) - 20
    seeing, missing = panel[row, 60], panel[row, 580]
    assert seeing[1] > seeing[2] + 20
    assert missing[2] > missing[1] + 20


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    """Two drawn streets of one camera, one picture of a covered lens and one broken file."""
    folder = tmp_path / "frames"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for number in range(2):
        view = rng.normal(120, 25, (180, 320, 3)).clip(0, 255).astype(np.uint8)
        view[90:] = view[90:] // 2
        cv2.imwrite(str(folder / f"{number}.jpg"), view)
    cv2.imwrite(str(folder / "covered.png"), np.zeros((180, 320, 3), np.uint8))
    (folder / "broken.jpg").write_bytes(b"not a picture")
    return folder


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["tv-99", "--frames", "."], "no camera 'tv-99'", id="a camera that the pack doesn't know"),
        pytest.param(["tv-1", "--frames", "nowhere"], "no folder 'nowhere'", id="a folder that isn't there"),
        pytest.param(["tv-1", "--frames", "empty"], "no usable picture in 'empty'", id="a folder without a picture"),
        pytest.param(["tv-1", "--frames", "empty", "--out", "lost/x.png"], "no folder 'lost'", id="nowhere to write"),
    ],
)
def test_a_wrong_input_is_told_in_one_line(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, [*arguments, "--pack", str(PACK)])
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.strip().count("\n") == 0


def test_a_camera_that_looks_for_no_scene_has_nothing_to_commission(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = read_pack(PACK)
    blank = tuple(replace(profile, scenes=()) for profile in pack.profiles)
    monkeypatch.setattr("ops.commission.read_pack", lambda _: replace(pack, profiles=blank))
    result = CliRunner().invoke(app, ["tv-1", "--frames", "."])
    assert result.exit_code == 2
    assert "looks for no fire, flood or waste" in result.stderr


@pytest.mark.parametrize(
    ("language", "told"),
    [
        pytest.param("en", ("smallest smoke found", "dusk", "none", "Fire or smoke", "found at 0 of 1"), id="English"),
        pytest.param("vi", ("khói nhỏ nhất", "chạng vạng", "không thấy", "Cháy", "thấy ở 0 trên 1"), id="Vietnamese"),
    ],
)
def test_the_report_speaks_both_languages(language: Language, told: tuple[str, ...]) -> None:
    spots = [Spot(overlay, MIDDLE, (Try(0.3, light, False),)) for overlay in SIZES for light in LIGHTS]
    alarms = [FalseAlarms(FIRE_SMOKE, light, 3, 0, 0.4) for light in LIGHTS]
    console = Console(record=True, file=io.StringIO(), width=200)
    tables = (*spot_tables(spots[1:], language), light_table(spots, language))
    for table in (*tables, alarm_table(alarms, {FIRE_SMOKE: 0.9}, read_pack(PACK), language)):
        console.print(table)
    console.print(*in_short([Spot("smoke", MIDDLE, (Try(0.3, "dusk", False),))], alarms, language), sep="\n")
    text = console.export_text()
    assert [words for words in told if words not in text] == []


def test_a_camera_is_commissioned(frames: Path, models_dir: Path, tmp_path: Path) -> None:
    """What can't be used is named, the last line is JSON, and the picture shows all four simulations."""
    out = tmp_path / "view.png"
    arguments = ["tv-1", "--frames", str(frames), "--pack", str(PACK), "--models", str(models_dir)]
    result = CliRunner().invoke(app, [*arguments, "--out", str(out), "--tries", "1"])
    assert result.exit_code == 0, result.stderr
    assert "broken.jpg" in result.stderr
    assert "covered.png" in result.stderr
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["pictures"] == 2
    assert {spot["overlay"] for spot in told["spots"]} == set(SIZES)
    drawn = cv2.imread(str(out))
    assert drawn is not None
    assert drawn.shape[:2] == (2 * 360, 2 * 640)
