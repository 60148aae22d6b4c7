"""What is deployed, as the drills see it: physical ids, queues, functions, and the people who watch."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.domain.city import CityPack
from chalicelib.store.cameras import DynamoCameraStore
from local.provision import Stack, put_config
from ops.deployment import settings_of
from rehearse.emulator import Emulator
from rehearse.frames import Cameras
from rehearse.stack import resources_of
from rehearse.subscriber import Subscriber, subscribe
from rehearse.waiting import RehearsalFailed, wait_for

SETTLE_S = 180


@dataclass(frozen=True, slots=True)
class Deployed:
    """A running stack with a city in it. `ids` are physical by logical id."""

    stack: str
    ids: Mapping[str, str]
    settings: Mapping[str, str]
    pack: CityPack
    emulator: Emulator
    cameras: Cameras
    units: Subscriber

    def waiting(self, queue: str) -> int:
        """Messages of a queue, by its logical id: those that can be received and those that are in hand."""
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = boto3.client("sqs").get_queue_attributes(QueueUrl=self.ids[queue], AttributeNames=names)
        return sum(int(count) for count in answer["Attributes"].values())

    def settle(self, *, within_s: float = SETTLE_S) -> None:
        """Wait until every frame that was put is settled, and look what the units got."""
        wait_for("the frames queue to empty", lambda: not self.waiting("FramesQueue"), within_s=within_s)
        self.units.look()

    def invoke(self, function: str, event: Mapping[str, Any]) -> tuple[Any, float]:
        """Call a function by its logical id; returns its answer and the seconds it took."""
        client = boto3.client("lambda", config=Config(read_timeout=120, retries={"total_max_attempts": 1}))
        began = time.monotonic()
        answer = client.invoke(FunctionName=self.ids[function], Payload=json.dumps(event).encode())
        seconds = round(time.monotonic() - began, 3)
        body = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise RehearsalFailed(f"{function} failed: {body}")
        return body, seconds

    def code_of(self, function: str) -> str:
        """The digest of the code that a function runs."""
        return boto3.client("lambda").get_function_configuration(FunctionName=self.ids[function])["CodeSha256"]

    def heartbeat_of(self, camera_id: str) -> str | None:
        """When the newest frame that was analysed of a camera was taken."""
        beat = DynamoCameraStore(self.settings["MATPHO_CAMERAS_TABLE"]).load(camera_id, fresh=True).heartbeat
        return beat.captured_at_utc.isoformat() if beat else None

    def rejected(self) -> int:
        answer = boto3.client("dynamodb").scan(TableName=self.settings["MATPHO_REJECTIONS_TABLE"], Select="COUNT")
        return int(answer["Count"])


def open_city(stack: str, pack: CityPack, emulator: Emulator) -> Deployed:
    """Put a city into a stack that was just created, and let its units listen."""
    settings = settings_of(stack)
    put_config(Stack({}, settings), pack)
    units = subscribe(pack, settings["MATPHO_ALERTS_TOPIC_ARN"])
    cameras = Cameras(settings["MATPHO_FRAMES_BUCKET"])
    return Deployed(stack, resources_of(stack), settings, pack, emulator, cameras, units)
