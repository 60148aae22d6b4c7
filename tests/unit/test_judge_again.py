"""Is a decision the same, when its evidence is judged again? Equal, different or unknown: each has its cause."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import pytest

from chalicelib.domain.city import CameraProfile
from chalicelib.domain.frames import FrameRef, frame_key
from chalicelib.domain.incidents import Evidence, Incident, Provenance
from chalicelib.domain.observations import CameraHealth, FaceCandidate, FaceReading, Observation
from chalicelib.domain.scene_reference import judge_by_normal
from chalicelib.flows.judge_again import Explanation, Finding, JudgeAgain
from tests.unit.happenings import PACK, START, opened

CAMERA = "tv-1"
FACES = "tv-4"


@dataclass
class Analyser:
    """Sees what a test says, with the models that it says."""

    flood: float = 0.9
    face: float | None = None
    faults: Mapping[str, float] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=lambda: {"scene_encoder": "aa"})
    thresholds: Mapping[str, float] = field(default_factory=lambda: {"flood": 0.5})
    typical_logits: Mapping[str, float] = field(default_factory=dict)

    def observe(
        self,
        frame: FrameRef,
        data: bytes,
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,
        search: Any,
    ) -> Observation:
        assert previous_fingerprint is None, "the frame before is not part of the evidence"
        faces = None
        if search is not None and self.face is not None:
            faces = FaceReading(1, {}, (FaceCandidate("e1", self.face, (0, 0, 9, 9)),))
        return Observation(
            frame,
            sha256(data).hexdigest(),
            (640, 480),
            CameraHealth(self.faults, b""),
            scene_scores={"flood": self.flood},
            faces=faces,
            model_digests=self.digests,
        )


def incident(kind: str = "flood", *, score: float = 0.9, excess: float = 0.0, **changes: Any) -> Incident:
    camera = FACES if kind == "watchlist_candidate" else CAMERA
    seen = Evidence(frame_key(camera, START, 0), sha256(b"a street").hexdigest(), START, score, excess)
    made = opened(kind, camera_id=camera).incident
    told: dict[str, Any] = {"evidence": (seen,), "provenance": Provenance({"scene_encoder": "aa"}, "1"), **changes}
    return replace(made, **told)


def judge(one: Incident, analyser: Analyser | None = None, *, data: bytes | None = b"a street") -> Explanation:
    again = JudgeAgain(analyser or Analyser(), lambda *_: data, lambda _: object())  # type: ignore[arg-type,return-value]  # the script takes any search
    return again(one, PACK)


def test_the_same_frame_models_and_pack_decide_the_same() -> None:
    explanation = judge(incident())
    assert [(one.finding, one.score) for one in explanation.sightings] == [(Finding.EQUAL, 0.9)]
    assert explanation.is_equal


def test_what_the_cameras_normal_took_off_then_is_taken_off_again() -> None:
    """The normal of today has learnt since: it is the recorded shift that counts."""
    shifted = judge_by_normal(0.97, 1.5)
    assert judge(incident(score=shifted, excess=1.5), Analyser(flood=0.97)).is_equal
    assert not judge(incident(score=shifted), Analyser(flood=0.97)).is_equal


@pytest.mark.parametrize(
    ("flood", "finding"),
    [
        pytest.param(0.9 + 1e-6, Finding.EQUAL, id="another processor's rounding"),
        pytest.param(0.8, Finding.OTHER_SCORE, id="another score, the same decision"),
        pytest.param(0.3, Finding.OTHER_DECISION, id="no sighting any more"),
    ],
)
def test_what_differs_is_told(flood: float, finding: Finding) -> None:
    explanation = judge(incident(), Analyser(flood=flood))
    assert [one.finding for one in explanation.sightings] == [finding]
    assert explanation.is_known
    assert explanation.is_equal is (finding is Finding.EQUAL)


def test_other_bytes_under_the_recorded_name_are_a_difference() -> None:
    (again,) = judge(incident(), data=b"another street").sightings
    assert (again.finding, again.score) == (Finding.OTHER_DECISION, None)


@pytest.mark.parametrize(
    ("one", "data", "why"),
    [
        pytest.param(incident(), None, "erased", id="the picture is erased"),
        pytest.param(incident("stopped_vehicle"), b"a street", "frames before", id="it rests on several frames"),
        pytest.param(incident("watchlist_candidate"), b"a street", "templates", id="the templates are erased"),
        pytest.param(incident("camera_fault", label="moved"), b"a street", "frames before", id="a fault by comparison"),
        pytest.param(
            incident(evidence=(Evidence("drill/flood", "00", START, 1.0),)), b"a street", "no frame", id="a drill"
        ),
        pytest.param(
            incident(evidence=(Evidence(frame_key("gone", START, 0), "00", START, 1.0),)),
            b"a street",
            "no camera",
            id="a camera that the pack doesn't know",
        ),
    ],
)
def test_what_can_not_be_judged_again_says_why(one: Incident, data: bytes | None, why: str) -> None:
    explanation = judge(one, data=data)
    (again,) = explanation.sightings
    assert again.finding is Finding.UNKNOWN
    assert why in again.why
    assert not explanation.is_known


def test_other_models_make_it_unknown_however_equal_the_scores() -> None:
    explanation = judge(incident(), Analyser(digests={"scene_encoder": "bb"}))
    assert explanation.other_models == {"scene_encoder": ("aa", "bb")}
    assert not explanation.is_known


def test_a_candidate_is_judged_again_by_its_entry_alone() -> None:
    one = incident("watchlist_candidate", subject="e1", score=0.61)
    assert judge(one, Analyser(face=0.61)).is_equal
    assert judge(one, Analyser(face=0.42)).sightings[0].finding is Finding.OTHER_SCORE


def test_a_face_that_was_judged_with_its_bundle_can_not_be_judged_alone() -> None:
    """Four looks together are a mean, which none of them has by itself (ADR 18)."""
    key = f"frames/{FACES}/2026/03/01/080000000Z-1.tar/080001000Z-2.jpg"
    seen = Evidence(key, sha256(b"a street").hexdigest(), START, 0.5)
    one = incident("watchlist_candidate", subject="e1", evidence=(seen,))
    (again,) = judge(one, Analyser(face=0.42)).sightings
    assert (again.finding, again.score) == (Finding.UNKNOWN, 0.42)
    assert judge(one, Analyser(face=0.5)).is_equal


def test_a_fault_that_one_frame_shows_is_judged_again() -> None:
    one = incident("camera_fault", label="dark", score=0.8)
    assert judge(one, Analyser(faults={"dark": 0.8})).is_equal


def test_an_incident_without_evidence_can_not_be_explained() -> None:
    assert not judge(incident(evidence=())).is_known
