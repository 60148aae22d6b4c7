"""Runs people whom nobody looks for through the whole chain on the local cloud, and writes down all that is left.

A process of its own, because tracing is switched on while a module is imported. Its logs and metrics are what it
prints, its traces go to the X-Ray daemon that its environment names. `python -m tests.invariants.canary_city DIR`
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import cv2
import numpy as np

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law, bootstrap_vision
from chalicelib.domain.frames import frame_key
from chalicelib.domain.watchlists import EntryValidity
from chalicelib.telemetry import count_faces
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.watchlist import WatchlistSnapshot
from city.reading import read_pack
from local import wiring
from local.city import City, running_city
from tests.data.drawn_faces import AN, BINH, drawn_face, street_with

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CAMERA = "tv-4"
FRAMES = 4
PASSERS_BY = street_with((60, 100, drawn_face(420, AN)), (700, 100, drawn_face(420, BINH)))


def main(folder: Path) -> None:
    made: dict[str, list[Any]] = {"templates": [], "crops": []}
    _spy_on_embedder(made)
    wiring._QUIET = {"POWERTOOLS_LOG_LEVEL": "DEBUG"}
    pack = read_pack(Path(__file__).parents[2] / "city" / "testville")
    real = {"ledger": bootstrap.ledger, "count_faces": count_faces}
    with running_city(pack, start_utc=START, watchlist=_list_of_a_stranger(), parts=real) as city:
        for number in range(FRAMES):
            _pass_by(city, number)
        _keep(city)
        _write_down(folder)
    np.savez(folder / "made.npz", templates=np.stack(made["templates"]), **_numbered(made["crops"]))


def _spy_on_embedder(made: dict[str, list[Any]]) -> None:
    """Keeps what the code under test must not keep."""
    embed = FaceEmbedder.embed

    def spying(self: FaceEmbedder, image_bgr: Any, faces: Any) -> Any:
        templates = embed(self, image_bgr, faces)
        made["templates"].extend(np.array(templates))
        for face in faces:
            left, top, right, bottom = (int(side) for side in face.box_xyxy)
            made["crops"].append(image_bgr[max(top, 0) : bottom, max(left, 0) : right].copy())
        return templates

    FaceEmbedder.embed = spying  # type: ignore[method-assign]  # that is the spy


def _list_of_a_stranger() -> bytes:
    """Somebody whom no drawn face resembles: a direction of its own."""
    row = np.random.default_rng(7).normal(size=(1, 128)).astype(np.float32)
    entry = EntryValidity("stranger", "wanted", "an", "bình", START - timedelta(1), START + timedelta(1))
    embedder = bootstrap_vision.impostor_curve().embedder_digest
    return WatchlistSnapshot.build("canary", embedder, [(entry, row / np.linalg.norm(row))]).to_bytes()


def _pass_by(city: City, number: int) -> None:
    """Each frame a little brighter, so that none is the picture before."""
    at_utc = START + timedelta(seconds=20 * number)
    encoded, jpeg = cv2.imencode(".jpg", cv2.add(PASSERS_BY, np.full_like(PASSERS_BY, number)))
    assert encoded
    city.put(frame_key(CAMERA, at_utc, number), jpeg.tobytes())
    city.settle(at_utc)


def _keep(city: City) -> None:
    """What runs every minute, every hour and in the end; and somebody asks for the camera's picture."""
    bootstrap_vision.keep_watchlist()
    bootstrap_evidence.picture_requests().ask(CAMERA, city.clock.now_utc)
    city.pump.keep_evidence()
    city.settle(START + timedelta(days=1, hours=1))
    bootstrap_law.keep_the_law()


def _write_down(folder: Path) -> None:
    for kind, found in (("table", _items()), ("object", _objects()), ("message", _messages())):
        for number, (name, body) in enumerate(found):
            (folder / f"{kind}-{number}").write_bytes(name.encode() + b"\n" + body)


def _items() -> Iterator[tuple[str, bytes]]:
    dynamodb = boto3.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        for item in dynamodb.scan(TableName=table)["Items"]:
            yield table, repr(item).encode() + b"".join(_binaries(item))


def _binaries(value: Any) -> Iterator[bytes]:
    """Every binary attribute as its own bytes, however deep."""
    if isinstance(value, bytes):
        yield value
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _binaries(part)


def _objects() -> Iterator[tuple[str, bytes]]:
    s3 = boto3.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for version in s3.list_object_versions(Bucket=bucket["Name"]).get("Versions", []):
            answer = s3.get_object(Bucket=bucket["Name"], Key=version["Key"], VersionId=version["VersionId"])
            body = answer["Body"].read()
            yield f"{bucket['Name']}/{version['Key']}", repr(answer["Metadata"]).encode() + b"\n" + body


def _messages() -> Iterator[tuple[str, bytes]]:
    sqs = boto3.client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        while received := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in received:
                yield url, repr(message).encode()


def _numbered(crops: list[Any]) -> dict[str, Any]:
    return {f"crop{number}": crop for number, crop in enumerate(crops)}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
