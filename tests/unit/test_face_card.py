"""The card of the faces says what was measured, and nothing that went stale."""

import json

from bench.accuracy.face_card import CURVE, FOLDER, card_text


def test_the_card_in_the_docs_is_the_one_its_figures_give() -> None:
    figures, curve = json.loads((FOLDER / "faces.json").read_bytes()), json.loads(CURVE.read_bytes())
    assert (FOLDER / "faces.md").read_text(encoding="utf-8") == card_text(figures, curve)


def test_thresholds_on_the_card_are_those_of_the_curve_that_ships() -> None:
    """A curve measured anew without judging anew would leave the lists' rows behind."""
    lists = json.loads((FOLDER / "faces.json").read_bytes())["one_to_many"]
    curve = json.loads(CURVE.read_bytes())
    at_a_thousand = next(row["cosine"] for row in curve["rows"] if row["fmr"] == 3e-6)
    assert abs(lists["1000 people"]["shipped_threshold"] - at_a_thousand) < 0.001
