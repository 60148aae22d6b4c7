"""The scene heads' card says what their own JSON says, and its pictures stay small."""

from pathlib import Path

from bench.accuracy.scene_card import CARD, PICTURES, card_text, main
from bench.scenes.card import read_card

ROOT = Path(__file__).parents[2]


def test_the_committed_card_is_what_the_heads_say() -> None:
    written = (ROOT / "docs/models/scenes.md").read_text(encoding="utf-8")
    assert written == card_text(read_card(CARD)), "run python -m bench.accuracy.scene_card"


def test_every_picture_is_drawn_small(tmp_path: Path) -> None:
    main(CARD, tmp_path)
    pictures = {path.name: path.stat().st_size for path in tmp_path.glob("*.png")}
    assert set(pictures) == {f"scenes-{name}.png" for name in PICTURES}
    assert all(5_000 < size < 200_000 for size in pictures.values())


def test_the_card_shows_its_pictures_and_every_kind() -> None:
    text = card_text(read_card(CARD))
    assert all(f"(scenes-{name}.png)" in text for name in PICTURES)
    assert all(f"| {kind} |" in text for kind in read_card(CARD)["kinds"])
