"""The card of vehicles says what its figures say."""

import json
from pathlib import Path

import cv2

from bench.accuracy.vehicle_card import CARD, main, render
from bench.accuracy.vehicle_pictures import PICTURES
from chalicelib.vision.vehicle_count import SHIPPED_COUNT_HEAD


def test_the_card_is_what_its_command_writes() -> None:
    figures = json.loads(CARD.with_suffix(".json").read_bytes())
    held_out = json.loads(SHIPPED_COUNT_HEAD.with_suffix(".json").read_bytes())
    assert CARD.read_text(encoding="utf-8") == render(figures, held_out)


def test_one_parts_figures_replace_its_own_and_leave_the_others(tmp_path: Path) -> None:
    card, printed = tmp_path / "vehicles.md", tmp_path / "printed.json"
    before = json.loads(CARD.with_suffix(".json").read_bytes())
    card.with_suffix(".json").write_text(json.dumps(before), encoding="utf-8")
    printed.write_text(
        json.dumps({"bench": "accuracy", "health": {**before["health"], "pictures": 7}}), encoding="utf-8"
    )
    main(printed, card=card)
    kept = json.loads(card.with_suffix(".json").read_bytes())
    assert kept["vehicles"] == before["vehicles"]
    assert "Of 7 quiet pictures" in card.read_text(encoding="utf-8")


def test_every_picture_of_the_card_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "vehicles.json").write_bytes(CARD.with_suffix(".json").read_bytes())
    main(None, card=tmp_path / "vehicles.md")
    for name in PICTURES:
        drawn = cv2.imread(str(tmp_path / f"vehicles-{name}.png"))
        assert drawn is not None
        assert f"(vehicles-{name}.png)" in CARD.read_text(encoding="utf-8")
