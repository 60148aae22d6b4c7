"""How S3 frames are refused before and after the request, and how S3 fails."""

from collections.abc import Iterator
from io import BytesIO

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber
from mypy_boto3_s3 import S3Client

from chalicelib.domain.frames import parse_frame_key
from chalicelib.errors import FrameRejected, Transient
from chalicelib.store.frames import MAX_FRAME_BYTES, S3FrameStore
from chalicelib.vision.images import ImageLimits

KEY = "frames/cam-1/2026/03/01/050000000Z-1.jpg"


class Untouchable(BytesIO):
    """A body that must not be read."""

    def read(self, amount: int | None = -1) -> bytes:
        raise AssertionError(f"read {amount} bytes of a frame that is too large")


@pytest.fixture
def client() -> S3Client:
    return boto3.client("s3", region_name="ap-southeast-1", aws_access_key_id="made", aws_secret_access_key="up")


@pytest.fixture
def answers(client: S3Client) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def test_the_limit_is_the_one_of_vision() -> None:
    assert ImageLimits().max_bytes == MAX_FRAME_BYTES


def test_a_frame_announced_as_too_large_is_refused_unasked(client: S3Client, answers: Stubber) -> None:
    with pytest.raises(FrameRejected, match="too_many_bytes: 11 of 10"):
        S3FrameStore(client, "frames", max_bytes=10).read(parse_frame_key(KEY, 11))


def test_a_frame_that_turns_out_too_large_is_refused_unread(client: S3Client, answers: Stubber) -> None:
    answers.add_response("get_object", {"ContentLength": 11, "Body": StreamingBody(Untouchable(), 11)})
    with pytest.raises(FrameRejected, match="too_many_bytes: 11 of 10"):
        S3FrameStore(client, "frames", max_bytes=10).read(parse_frame_key(KEY, 3))


def test_a_frame_cut_off_on_its_way_is_transient(client: S3Client, answers: Stubber) -> None:
    answers.add_response("get_object", {"ContentLength": 3, "Body": StreamingBody(BytesIO(b"cu"), 3)})
    with pytest.raises(Transient, match="IncompleteReadError"):
        S3FrameStore(client, "frames").read(parse_frame_key(KEY, 3))


@pytest.mark.parametrize("code", ["SlowDown", "InternalError", "AccessDenied"])
def test_a_failure_of_s3_is_transient_and_keeps_the_code(client: S3Client, answers: Stubber, code: str) -> None:
    answers.add_client_error("get_object", code, expected_params={"Bucket": ANY, "Key": KEY})
    with pytest.raises(Transient, match=code):
        S3FrameStore(client, "frames").read(parse_frame_key(KEY, 3))
