"""How alike strangers are is counted live: in sums alone, and read back with its interval."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib import bootstrap
from chalicelib.domain.frames import FrameRef, frame_key, parse_frame_key
from chalicelib.domain.observations import CameraHealth, FaceCandidate, FaceReading, Observation
from chalicelib.flows.count_faces import CountFaces
from chalicelib.telemetry import DECOYS_RESEMBLED, FACES_COMPARED, SERVICE, count_faces
from ops import faces

FRAME = parse_frame_key(frame_key("tv-1", datetime(2026, 3, 1, 8, tzinfo=UTC), 0), 0)


def observing(reading: FaceReading | None) -> Any:
    def analyse(frame: FrameRef, **_: Any) -> Observation:
        return Observation(frame, "00", (9, 9), CameraHealth({}, b""), faces=reading)

    return analyse


@pytest.mark.parametrize(
    ("reading", "counted"),
    [
        pytest.param(FaceReading(3, {"blurred": 1}, (), compared=2, decoy_hits=1), 1, id="faces were compared"),
        pytest.param(FaceReading(1, {"blurred": 1}, ()), 0, id="none was good enough"),
        pytest.param(None, 0, id="faces were not looked for"),
    ],
)
def test_what_was_compared_is_counted_and_the_observation_goes_on(reading: FaceReading | None, counted: int) -> None:
    heard: list[FaceReading] = []
    assert CountFaces(observing(reading), heard.append)(FRAME).faces is reading
    assert len(heard) == counted


def test_the_metrics_are_sums_and_name_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """Not even a candidate's entry, and not the camera: a count of one at a gate would be a trace of a person."""
    candidate = FaceCandidate("entry-7", 0.6, (0, 0, 9, 9), "missing")
    count_faces(FaceReading(3, {}, (candidate,), compared=3, decoy_hits=2))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line[FACES_COMPARED], DECOYS_RESEMBLED in line) for line in lines[:1]] == [([3.0], False)]
    assert [line[DECOYS_RESEMBLED] for line in lines[1:]] == [[2.0]]
    assert all(set(line) <= {"_aws", "service", FACES_COMPARED, DECOYS_RESEMBLED} for line in lines)


def put(compared: int, resembled: int) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    dimensions = [{"Name": "service", "Value": SERVICE}]
    data = [
        {"MetricName": name, "Dimensions": dimensions, "Value": value, "Timestamp": an_hour_ago}
        for name, value in ((FACES_COMPARED, compared), (DECOYS_RESEMBLED, resembled))
    ]
    boto3.client("cloudwatch").put_metric_data(Namespace=SERVICE, MetricData=data)


class _Packs:
    def current(self) -> Any:
        return self

    class face_budget:  # noqa: N801 - stands for an attribute
        likeness = 10.0


@pytest.mark.parametrize(
    ("compared", "resembled", "said"),
    [
        pytest.param(10_000, 2_500, "1.01 times the rate", id="as the curve has it"),
        pytest.param(10_000, 2_500, "Within what the thresholds", id="so nothing is to be done"),
        pytest.param(10_000, 5_000, "raise `likeness`", id="surely more alike"),
        pytest.param(10, 4, "Too few faces", id="it might be chance"),
        pytest.param(0, 0, "nothing can be said", id="nobody passed"),
    ],
)
def test_the_command_says_how_alike_strangers_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], compared: int, resembled: int, said: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    monkeypatch.setattr(bootstrap, "city_packs", _Packs)
    with mock_aws():
        put(compared, resembled)
        faces.main(days=7)
    assert said in capsys.readouterr().out
