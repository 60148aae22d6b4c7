"""From the gateway into the chain: the grants that the API gives, a bucket that answers like S3, and who reads it."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import httpx
import pytest
from moto.backends import get_backend
from moto.server import ThreadedMotoServer

from chalicelib.api.grants import LIVES, GrantView
from chalicelib.domain.frames import parse_frame_key
from chalicelib.store.frames import S3FrameStore
from chalicelib.store.uploads import S3UploadDesk
from edge.matpho_edge.clock import system_now
from edge.matpho_edge.config import Bundling, SpoolBounds
from edge.matpho_edge.frames import Passed, Worth
from edge.matpho_edge.grants import Grants
from edge.matpho_edge.spool import Spool
from edge.matpho_edge.upload import Uploader
from tests.edge.cloud import START

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "frames"


class Api(httpx.BaseTransport):
    """The route /grants as the API answers it; everything else goes to the network."""

    def __init__(self, desk: S3UploadDesk) -> None:
        self._desk = desk
        self._network = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/grants"):
            return self._network.handle_request(request)
        grant = self._desk.grant(json.loads(request.read())["camera_id"], lives=LIVES)
        return httpx.Response(201, text=GrantView.of(grant).model_dump_json())

    def close(self) -> None:
        self._network.close()


@pytest.fixture
def s3() -> Iterator["S3Client"]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    get_backend("s3").reset()
    host, port = server.get_host_and_port()
    session = boto3.Session("made", "up", region_name="us-east-1")
    with closing(session.client("s3", endpoint_url=f"http://{host}:{port}")) as client:
        client.create_bucket(Bucket=BUCKET)
        yield client
    server.stop()


@pytest.mark.parametrize("bundle", [1, 3], ids=["frame by frame", "in bundles"])
def test_what_the_gateway_uploads_is_what_the_chain_reads(
    s3: "S3Client", tmp_path: Path, token_file: Path, bundle: int
) -> None:
    bounds = SpoolBounds(folder=tmp_path / "spool")
    transport = Api(S3UploadDesk(s3, BUCKET, clock=system_now))
    with closing(Spool(bounds, Bundling(frames=bundle))) as spool, httpx.Client(transport=transport) as http:
        uploader = Uploader(spool, Grants(http, "https://api.test", token_file), http, system_now)
        pictures = [b"\xff\xd8\xff" + bytes([n]) * 5000 for n in range(4)]
        keys = [
            spool.put(Passed("tv-1", START + timedelta(seconds=n), Worth.MOTION, picture), system_now())
            for n, picture in enumerate(pictures)
        ]
        while uploader.step(flush=True):
            pass
        assert spool.counts()["tv-1", "delivered"] == 4
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix="frames/tv-1/")["Contents"]
    assert len(listed) == (4 if bundle == 1 else 2)
    frames = S3FrameStore(s3, BUCKET)
    assert [frames.read(parse_frame_key(key or "", 1)) for key in keys] == pictures
