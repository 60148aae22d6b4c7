"""The console has a word in both languages for whatever the code says of an incident or of a box in a picture."""

import re
from pathlib import Path

import pytest

from chalicelib.domain.blindness import OFFLINE
from chalicelib.domain.doubts import Doubt
from chalicelib.domain.evidence import FACE, SCENE
from chalicelib.domain.observations import Hint
from chalicelib.vision import camera_health, view_change
from chalicelib.vision.vehicles import PERSON, VEHICLES

CATALOGUES = Path(__file__).parents[2] / "console" / "src" / "i18n"
FAULTS = (
    *camera_health.BLINDING,
    camera_health.BLURRED,
    camera_health.FROZEN,
    view_change.MOVED,
    view_change.TAMPERED,
    OFFLINE,
)
SAID = [
    *(f"label.{one}" for one in (FACE, SCENE, PERSON, *VEHICLES, *FAULTS)),
    *(f"hint.{one}" for one in Hint),
    *(f"doubt.{one}" for one in Doubt),
]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_whatever_an_incident_or_a_box_may_say_has_a_word(language: str) -> None:
    catalogue = (CATALOGUES / f"{language}.ts").read_text(encoding="utf-8")
    assert set(SAID) - set(re.findall(r'^  "([a-z_.]+)":', catalogue, re.MULTILINE)) == set()
