"""The stored impostor curve: how it is counted, and that the shipped one belongs to the shipped embedder."""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from bench.impostors import CURVE, curve_points, measure, split_pairs
from chalicelib.domain.thresholds import face_threshold, parse_impostor_curve
from chalicelib.errors import InvalidInput

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / CURVE


def test_pairs_of_one_person_never_count_as_impostors() -> None:
    templates = np.eye(3, dtype=np.float32)[[0, 0, 1]]
    strangers, same = split_pairs(templates, ["an", "an", "binh"])
    assert sorted(strangers.tolist()) == [0, 0]
    assert same.tolist() == [1]


def test_each_point_is_the_cosine_that_its_share_of_strangers_reaches() -> None:
    strangers = np.linspace(0, 1, 100_000, dtype=np.float32)
    for cosine, fmr in curve_points(strangers):
        assert (strangers >= cosine).mean() == pytest.approx(fmr, rel=0.1)


def test_the_curve_ends_where_too_few_pairs_are_left_to_count() -> None:
    strangers = np.random.default_rng(1).normal(0, 0.1, 100_000).astype(np.float32)
    points = curve_points(strangers)
    assert points[0][1] == pytest.approx(1e-2)
    assert 20 <= points[-1][1] * 100_000 < 40
    assert points == sorted(points)


def test_too_few_people_make_no_curve() -> None:
    with pytest.raises(InvalidInput, match="45 pairs"):
        curve_points(np.zeros(45, np.float32))


def test_a_folder_without_faces_is_refused_in_one_line(models_dir: Path) -> None:
    with pytest.raises(InvalidInput, match="too few"):
        measure([], models_dir)


def test_the_shipped_curve_belongs_to_the_shipped_embedder() -> None:
    curve = parse_impostor_curve(SHIPPED.read_bytes())
    manifest = tomllib.loads((ROOT / "layers/models.toml").read_text(encoding="utf-8"))
    assert curve.embedder_digest in manifest["face_embedder"]["source"]["members"].values()
    assert curve.pairs > 2_000_000


def test_the_shipped_curve_says_what_a_threshold_costs() -> None:
    """Beside each point stands the share of true pairs that still pass there."""
    record = json.loads(SHIPPED.read_bytes())
    accepted = record["same_person_accepted"]
    assert len(accepted) == len(record["points"])
    assert accepted == sorted(accepted, reverse=True)


def test_a_thousand_listed_people_on_a_busy_day_need_more_than_the_published_cosine() -> None:
    curve = parse_impostor_curve(SHIPPED.read_bytes())
    threshold = face_threshold(curve, list_size=1000, faces_per_day=10_000, false_alerts_per_day=1)
    assert curve.floor < 0.5 < threshold < 0.6
