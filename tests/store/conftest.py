"""One world in memory and one on moto, with the same stores; a test that asks for `world` runs on both."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import boto3
import pytest
from moto import mock_aws
from moto.backends import get_backend
from mypy_boto3_dynamodb import DynamoDBClient
from mypy_boto3_s3 import S3Client

from chalicelib.store.cameras import DynamoCameraStore
from chalicelib.store.clients import s3_client
from chalicelib.store.fakes import FakeCameraStore, FakeFrameStore, FakeIncidentStore, FakeRejectionLog
from chalicelib.store.frames import S3FrameStore
from chalicelib.store.incidents import DynamoIncidentStore
from chalicelib.store.models import CameraItem, IncidentItem, RejectionItem, bind
from chalicelib.store.ports import CameraStore, FrameStore, IncidentStore, RejectionLog
from chalicelib.store.rejections import DynamoRejectionLog

REGION: Literal["ap-southeast-1"] = "ap-southeast-1"
MODELS = {"cameras": CameraItem, "incidents": IncidentItem, "rejections": RejectionItem}
BUCKET = "frames"


@dataclass(frozen=True)
class World:
    """The stores under test, how a frame gets in, and what was rejected (key to reason)."""

    frames: FrameStore
    cameras: CameraStore
    incidents: IncidentStore
    rejections: RejectionLog
    put_frame: Callable[[str, bytes], object]
    rejected: Callable[[], dict[str, str]]


@dataclass
class Cloud:
    """Moto, begun before any client was made; emptied before each test, as making clients is what takes time."""

    dynamodb: DynamoDBClient = field(default_factory=lambda: boto3.client("dynamodb"))
    s3: S3Client = field(default_factory=s3_client)

    def __post_init__(self) -> None:
        self._tables = [bind(model, name) for name, model in MODELS.items()]
        self.cameras = DynamoCameraStore("cameras")
        self.incidents = DynamoIncidentStore("incidents", "cameras")
        self.rejections = DynamoRejectionLog("rejections")
        self.frames = S3FrameStore(self.s3, BUCKET)

    def empty(self) -> None:
        for service in ("dynamodb", "s3"):
            get_backend(service).reset()
        for table in self._tables:
            table.create_table()
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})

    def items(self, table: str) -> list[dict[str, dict[str, str]]]:
        """Every item in DynamoDB's typed form."""
        return self.dynamodb.scan(TableName=table)["Items"]  # type: ignore[return-value]  # no binary is stored


@pytest.fixture(scope="module")
def _cloud() -> Iterator[Cloud]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        yield Cloud()


@pytest.fixture
def cloud(_cloud: Cloud) -> Cloud:
    _cloud.empty()
    return _cloud


@pytest.fixture(params=["fake", "moto"])
def world(request: pytest.FixtureRequest) -> World:
    return _fake_world() if request.param == "fake" else _moto_world(request.getfixturevalue("cloud"))


def _fake_world() -> World:
    cameras, frames, rejections = FakeCameraStore(), FakeFrameStore(), FakeRejectionLog()
    return World(
        frames=frames,
        cameras=cameras,
        incidents=FakeIncidentStore(cameras),
        rejections=rejections,
        put_frame=frames.frames.__setitem__,
        rejected=lambda: {key: reason for key, (reason, _) in rejections.rejected.items()},
    )


def _moto_world(cloud: Cloud) -> World:
    return World(
        frames=cloud.frames,
        cameras=cloud.cameras,
        incidents=cloud.incidents,
        rejections=cloud.rejections,
        put_frame=lambda key, data: cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=data),
        rejected=lambda: {item["frame_key"]["S"]: item["reason"]["S"] for item in cloud.items("rejections")},
    )
