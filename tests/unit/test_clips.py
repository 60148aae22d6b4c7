"""Clips through the rules: what they become, when, and what nobody asked for; the figures count honestly."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.accuracy.clip_card import CARD, render
from bench.accuracy.clips import Played, figures, play, shots, shown_by
from bench.scenes.normals import judge
from chalicelib.domain.city import CameraProfile
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.kinds import CONGESTION, FIRE_SMOKE, FLOOD
from chalicelib.domain.observations import CameraHealth, Observation
from chalicelib.errors import InvalidInput
from chalicelib.vision.images import decode_image
from chalicelib.vision.observe import FaceSearch
from city.reading import read_pack
from local.replay import CITY

FPS, SIDE = 5, 64
GREY, RED = (90, 90, 90), (0, 0, 255)


@dataclass
class SeesRed:
    """An analyser for which red is fire, and nothing else is anything."""

    thresholds: Mapping[str, float] = field(default_factory=lambda: {FIRE_SMOKE: 0.5, FLOOD: 0.5})
    typical_logits: Mapping[str, float] = field(default_factory=dict)

    def observe(
        self,
        frame: FrameRef,
        data: bytes,
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,
        search: FaceSearch | None,
    ) -> Observation:
        blue, _, red = decode_image(data).mean(axis=(0, 1))
        scores = {FIRE_SMOKE: float(red > blue + 50), FLOOD: 0.0}
        return Observation(frame, "00", (SIDE, SIDE), CameraHealth({}, b""), scene_scores=scores)


def clip(folder: Path, name: str, *colours: tuple[int, int, int]) -> Path:
    """A film of whole seconds, one colour each."""
    path = folder / f"{name}.mp4"
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, (SIDE, SIDE))
    for colour in colours:
        for _ in range(FPS):
            film.write(np.full((SIDE, SIDE, 3), colour, np.uint8))
    film.release()
    return path


def played(path: Path, *, cadence_s: float = 1) -> Played:
    return play(path, SeesRed(), read_pack(CITY), cadence_s=cadence_s)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("yolov5-fire-__input", FIRE_SMOKE, id="a fire"),
        pytest.param("Smoke over roofs", FIRE_SMOKE, id="smoke, however it is written"),
        pytest.param("jam-nga-sau", CONGESTION, id="a jam"),
        pytest.param("sample-video__car-detection", None, id="an ordinary street"),
    ],
)
def test_a_clips_name_says_what_it_shows(name: str, kind: str | None) -> None:
    assert shown_by(name) == kind


def test_frames_are_taken_at_their_cadence(tmp_path: Path) -> None:
    assert len(list(shots(clip(tmp_path, "street", *[GREY] * 6), cadence_s=2))) == 3


def test_what_is_no_clip_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    with pytest.raises(InvalidInput, match="not a clip"):
        list(shots(broken, cadence_s=1))


def test_a_fire_is_an_incident_at_its_third_frame(tmp_path: Path) -> None:
    one = played(clip(tmp_path, "fire", GREY, GREY, *[RED] * 5))
    assert (one.found_after_s, one.unasked, one.is_too_short) == (4, 0, False)


def test_a_fire_on_an_ordinary_clip_was_not_asked_for(tmp_path: Path) -> None:
    one = played(clip(tmp_path, "street", *[RED] * 6))
    assert (one.found_after_s, one.unasked) == (None, 1)


def test_figures_tell_missed_from_too_short_and_promise_no_more_than_they_saw(tmp_path: Path) -> None:
    runs = [
        played(clip(tmp_path, "fire-1", *[RED] * 4)),
        played(clip(tmp_path, "fire-2", *[GREY] * 4)),
        played(clip(tmp_path, "fire-3", *[RED] * 2)),
        played(clip(tmp_path, "street", *[GREY] * 36)),
    ]
    found = figures(runs)
    assert (found["happenings"], found["missed"], found["in_time"], found["slowest_s"]) == (2, 1, 1, 2)
    assert found["too_short"] == ["fire-3.mp4"]
    assert found["false_incidents_an_hour"] == 0
    assert found["false_incidents_an_hour_at_most"] == pytest.approx(300)


def test_the_card_says_every_figure_of_its_json(tmp_path: Path) -> None:
    by_cadence = {"1": figures([played(clip(tmp_path, "fire", *[RED] * 4))])}
    look = {"looks": 20, "share": 0.25}
    names = ("filmed_fires", "firm_photographs", "swaying_photographs")
    second = {**{f"{name}_called_still": look for name in names}, "swaying_floods_called_unsteady": look}
    card = render({"by_cadence_s": by_cadence, "second_look": second})
    assert "| 1 | fire | fire_smoke | 4 | fire_smoke after 2 s |" in card
    assert card.count("| 20 | 0.25 |") == 4


def test_the_card_in_docs_is_that_of_its_json() -> None:
    card = Path(__file__).parents[2] / CARD
    assert card.read_text(encoding="utf-8") == render(json.loads(card.with_suffix(".json").read_text(encoding="utf-8")))


def test_a_picture_is_judged_by_its_cameras_other_quiet_ones_alone() -> None:
    """Else a false alarm would be its own excuse."""
    logits = np.array([*[0.0] * 30, 9.0, -6.0, -6.0, -6.0], np.float32)
    quiet, camera = np.ones(34, bool), np.arange(34) < 31
    judged = judge(logits, quiet, [camera])
    assert judged[30] == pytest.approx(9.0)
    assert judged[0] < logits[0]
    assert (judged[31:] == logits[31:]).all()
