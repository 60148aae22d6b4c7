"""The stored impostor curve: how its tail is fitted, and that the shipped one belongs to the shipped embedder."""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from bench.impostors import CURVE, curve_of, measure
from bench.tails import bootstrap_cosines, fit_tail
from chalicelib.domain.thresholds import face_threshold, parse_impostor_curve
from chalicelib.errors import InvalidInput
from chalicelib.vision.face_space import read_face_space, unit_rows

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / CURVE


@pytest.mark.parametrize("shape", [0.0, 0.1])
def test_a_tail_is_found_again_from_what_was_drawn_from_it(shape: float) -> None:
    uniform = np.random.default_rng(1).random(1_000_000)
    excess = 0.03 * ((uniform**-shape - 1) / shape if shape else -np.log(uniform))
    tail = fit_tail(excess.astype(np.float32), np.ones(excess.size), fmr=1e-2)
    expected = 0.03 * ((1e5**shape - 1) / shape if shape else np.log(1e5))
    assert tail.cosine_at(1e-5) == pytest.approx(expected, rel=0.1)


def test_beyond_what_was_counted_a_bell_is_never_taken_too_lightly() -> None:
    """A bell falls faster than the law fitted to it: it reaches 0.52 once in ten million times."""
    values = np.random.default_rng(2).normal(0, 0.1, 1_000_000).astype(np.float32)
    assert fit_tail(values, np.ones(values.size), fmr=1e-3).cosine_at(1e-7) == pytest.approx(0.57, abs=0.04)


def test_values_count_by_their_weight() -> None:
    """Every value above 0.1 is there twice, at half the weight."""
    values = np.random.default_rng(2).normal(0, 0.1, 100_000).astype(np.float32)
    twice = np.r_[values, values[values > 0.1]]
    weights = np.r_[np.where(values > 0.1, 0.5, 1), np.full((values > 0.1).sum(), 0.5)]
    once = fit_tail(values, np.ones(values.size), fmr=1e-2)
    assert fit_tail(twice, weights, fmr=1e-2).cosine_at(1e-5) == pytest.approx(once.cosine_at(1e-5), rel=0.01)


def people_of(photos: int, *, people: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    return unit_rows(rng.normal(size=(photos, 32)).astype(np.float32)), np.arange(photos) % people


def test_the_interval_holds_the_fit_and_widens_with_rarity() -> None:
    templates, person = people_of(300, people=150)
    cosines = templates @ templates.T
    (low, high) = bootstrap_cosines(cosines, person, fmr=1e-2, at=(1e-2, 1e-4), rounds=50)
    strangers = cosines[person[:, None] != person[None]]
    tail = fit_tail(strangers, np.ones(strangers.size), fmr=1e-2)
    assert low[0] < tail.cosine_at(1e-2) < high[0]
    assert low[1] < tail.cosine_at(1e-4) < high[1]
    assert high[1] - low[1] > high[0] - low[0]


def test_pairs_of_one_person_never_count_as_strangers() -> None:
    """Two photographs of each of a hundred people, next to each other in a space wide enough for all."""
    templates, _ = people_of(100, people=100)
    noise = np.random.default_rng(4).normal(0, 0.01, (200, 32)).astype(np.float32)
    twice = unit_rows(np.repeat(templates, 2, axis=0) + noise)
    curve = curve_of(twice, twice, np.asarray([f"p{index // 2}" for index in range(200)]))
    assert curve["pairs"] == 200 * 198
    assert curve["same_person_pairs"] == 200
    assert curve["rows"][0]["cosine"] < 0.8
    assert curve["rows"][0]["same_person_accepted"] == 1


def test_a_folder_without_faces_is_refused_in_one_line(models_dir: Path) -> None:
    with pytest.raises(InvalidInput, match="too few"):
        measure([], models_dir)


def test_the_shipped_curve_belongs_to_the_shipped_embedder() -> None:
    curve, space = parse_impostor_curve(SHIPPED.read_bytes()), read_face_space()
    manifest = tomllib.loads((ROOT / "layers/models.toml").read_text(encoding="utf-8"))
    assert curve.embedder_digest == space.digest
    assert space.weights_digest in manifest["face_embedder"]["source"]["members"].values()
    assert curve.pairs > 5_000_000


def test_the_shipped_curve_says_what_a_threshold_costs_and_how_sure_it_is() -> None:
    rows = json.loads(SHIPPED.read_bytes())["rows"]
    accepted = [row["same_person_accepted"] for row in rows]
    assert accepted == sorted(accepted, reverse=True)
    assert all(row["cosine_90_percent"][0] < row["cosine"] < row["cosine_90_percent"][1] for row in rows)


def test_the_shipped_fit_agrees_with_what_could_be_counted() -> None:
    for row in json.loads(SHIPPED.read_bytes())["rows"]:
        if row["fmr"] >= 1e-5:
            assert 1 / 1.5 < row["counted_fmr"] / row["fmr"] < 1.5


def test_a_thousand_listed_people_on_a_busy_day_need_far_more_than_one_comparison() -> None:
    curve = parse_impostor_curve(SHIPPED.read_bytes())
    threshold = face_threshold(curve, list_size=1000, faces_per_day=10_000, false_alerts_per_day=1)
    assert curve.floor < 0.4 < threshold < 0.6
