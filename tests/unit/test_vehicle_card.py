"""The card of vehicles says what its figures say."""

import json

from bench.accuracy.vehicle_card import CARD, render
from chalicelib.vision.vehicle_count import SHIPPED_COUNT_HEAD


def test_the_card_is_what_its_command_writes() -> None:
    figures = json.loads(CARD.with_suffix(".json").read_bytes())
    held_out = json.loads(SHIPPED_COUNT_HEAD.with_suffix(".json").read_bytes())
    assert CARD.read_text(encoding="utf-8") == render(figures, held_out)
