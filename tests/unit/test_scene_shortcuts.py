"""What heads once took for an incident, or overlooked, stays told apart: a test for each shortcut that was found.

The pictures are twins: the same street with and without the thing, so that nothing else can decide. Where labelled
photographs lie beside the project the streets are real ones; drawn streets must do everywhere else.
"""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.scenes.data import load_photos
from bench.scenes.decoys import cut_decoys, set_decoy
from bench.scenes.fires import particle_fire
from bench.scenes.hard_negatives import grainy_night, low_sun, wet_night
from chalicelib.domain.kinds import FIRE_SMOKE, FLOOD
from chalicelib.vision.scenes import SceneClassifier, load_scene_classifier
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicles import VehicleDetector
from overlays import SHOWS, render

Image = NDArray[np.uint8]

STREETS = 24


@pytest.fixture(scope="module")
def classifier(models_dir: Path) -> SceneClassifier:
    return load_scene_classifier(load_model(models_dir, "scene_encoder"))


@pytest.fixture(scope="module")
def streets(dev_data: Path) -> list[Image]:
    """Ordinary streets, evenly spread over the collections."""
    quiet = [photo for photo in load_photos(dev_data) if photo.is_quiet and photo.source != "mrlinux"]
    return [quiet[place].read() for place in np.linspace(0, len(quiet) - 1, STREETS).round().astype(int)]


@pytest.fixture(scope="module")
def buses(dev_data: Path, models_dir: Path) -> list[Image]:
    """The dry upper parts of buses that stood in water."""
    floods = [photo for photo in load_photos(dev_data) if photo.label == FLOOD][::12]
    return cut_decoys(floods, VehicleDetector(load_model(models_dir, "vehicle_detector")))


def share_found(classifier: SceneClassifier, kind: str, pictures: list[Image]) -> float:
    threshold = classifier.thresholds[kind]
    return float(np.mean([classifier.score(picture, [kind])[kind] >= threshold for picture in pictures]))


def test_a_bus_is_no_flood(classifier: SceneClassifier, streets: list[Image], buses: list[Image]) -> None:
    """Found by pasting: a plain bus on a dry street scored .95, because the floods' photographs are full of buses."""
    rng = np.random.default_rng(1)
    dry = [set_decoy(street, buses[rng.integers(len(buses))], rng) for street in streets]
    assert share_found(classifier, FLOOD, dry) <= 1 / STREETS


@pytest.mark.parametrize("kind", [FIRE_SMOKE, FLOOD])
@pytest.mark.parametrize("relit", [wet_night, low_sun, grainy_night])
def test_lights_on_a_street_are_no_incident(
    classifier: SceneClassifier, streets: list[Image], kind: str, relit: Callable[..., Image]
) -> None:
    """Wet asphalt under headlights was taken for fire and for water, a low sun and a starved sensor for fire."""
    rng = np.random.default_rng(2)
    assert share_found(classifier, kind, [relit(street, rng) for street in streets]) <= 1 / STREETS


@pytest.mark.parametrize(
    ("overlay", "size_share", "least"),
    [
        pytest.param("fire", 0.25, 0.8, id="a fire as tall as a van"),
        pytest.param("flood", 0.5, 0.6, id="water up to the middle of the picture"),
        pytest.param("garbage", 0.3, 0.5, id="a heap of waste"),
    ],
)
def test_the_incident_alone_makes_the_difference(
    classifier: SceneClassifier, streets: list[Image], overlay: str, size_share: float, least: float
) -> None:
    """No bus, news logo or foreign country helps: the street's twin with the incident is found, the street isn't."""
    with_incident = [
        render(street, overlay, size_share=size_share, position_rel=(0.35, 0.85), seed=seed)
        for seed, street in enumerate(streets)
    ]
    assert share_found(classifier, SHOWS[overlay], with_incident) >= least
    assert share_found(classifier, SHOWS[overlay], streets) <= 1 / STREETS


def test_a_fire_that_training_never_draws_is_found(classifier: SceneClassifier, streets: list[Image]) -> None:
    """Heads that learnt one look of flames found two of three of another renderer's."""
    rng = np.random.default_rng(3)
    burning = [particle_fire(street, rng, size_share=0.25) for street in streets]
    assert share_found(classifier, FIRE_SMOKE, burning) >= 0.7


def drawn_street() -> Image:
    """A grey road under a pale sky, between two rows of houses."""
    street = np.full((360, 640, 3), (200, 190, 180), np.uint8)
    cv2.rectangle(street, (0, 60), (180, 260), (110, 130, 150), -1)
    cv2.rectangle(street, (460, 40), (640, 270), (140, 140, 130), -1)
    cv2.fillPoly(street, [np.array([(300, 180), (340, 180), (640, 360), (0, 360)])], (95, 95, 95))
    return np.asarray(cv2.GaussianBlur(street, (0, 0), 1.2), np.uint8)


def with_red_sign(street: Image) -> None:
    cv2.rectangle(street, (470, 100), (600, 150), (30, 30, 220), -1)


def with_brake_lights(street: Image) -> None:
    for x in (290, 330, 250, 380):
        cv2.circle(street, (x, 260), 6, (60, 60, 255), -1)


def with_steam(street: Image) -> None:
    plume = np.zeros(street.shape[:2], np.float32)
    cv2.ellipse(plume, (220, 230), (25, 60), 10, 0, 360, 0.5, -1)
    opacity = cv2.GaussianBlur(plume, (0, 0), 15)[..., None]
    street[:] = (street * (1 - opacity) + 235 * opacity).astype(np.uint8)


def with_nothing(street: Image) -> None:
    """Leave the street as it is."""


@pytest.mark.parametrize("add", [with_nothing, with_red_sign, with_brake_lights, with_steam])
def test_a_drawn_street_is_no_fire_with(classifier: SceneClassifier, add: Callable[[Image], None]) -> None:
    street = drawn_street()
    add(street)
    assert classifier.score(street, [FIRE_SMOKE])[FIRE_SMOKE] < classifier.thresholds[FIRE_SMOKE]


def test_a_drawn_street_on_fire_scores_higher_than_its_twin(classifier: SceneClassifier) -> None:
    street = drawn_street()
    burning = render(street, "fire", size_share=0.3, position_rel=(0.5, 0.8), seed=1)
    before, after = (classifier.score(picture, [FIRE_SMOKE])[FIRE_SMOKE] for picture in (street, burning))
    assert after > before + 0.3
