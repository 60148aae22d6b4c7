"""The card of the faces says what was measured, and nothing that went stale."""

import json
from pathlib import Path

from bench.accuracy.face_card import CURVE, FOLDER, card_text, main


def test_the_card_in_the_docs_is_the_one_its_figures_give() -> None:
    figures, curve = json.loads((FOLDER / "faces.json").read_bytes()), json.loads(CURVE.read_bytes())
    assert (FOLDER / "faces.md").read_text(encoding="utf-8") == card_text(figures, curve)


def test_thresholds_on_the_card_are_those_of_the_curve_that_ships() -> None:
    """A curve measured anew without judging anew would leave the lists' rows behind."""
    lists = json.loads((FOLDER / "faces.json").read_bytes())["one_to_many"]
    curve = json.loads(CURVE.read_bytes())
    at_a_thousand = next(row["cosine"] for row in curve["rows"] if row["fmr"] == 3e-6)
    assert abs(lists["1000 people"]["shipped_threshold"] - at_a_thousand) < 0.001


def test_a_benchs_figures_replace_its_own_and_leave_the_others(tmp_path: Path) -> None:
    """Three benches print what the card is made of, and nobody runs all three for one of them."""
    (tmp_path / "faces.json").write_bytes((FOLDER / "faces.json").read_bytes())
    covers = {**json.loads((FOLDER / "faces.json").read_bytes())["covers"], "people": 7}
    printed = tmp_path / "printed.json"
    printed.write_text(json.dumps(covers), encoding="utf-8")
    main(printed, folder=tmp_path)
    kept = json.loads((tmp_path / "faces.json").read_bytes())
    assert kept["covers"]["people"] == 7
    assert kept["one_to_one"]["pairs"] > 7
    assert "\n  7 people of LFW" in (tmp_path / "faces.md").read_text(encoding="utf-8")
