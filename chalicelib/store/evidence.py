"""Evidence in two buckets: what people are shown, and, under a key of its own, every original.

    evidence/  incidents/{incident}/{number}.jpg      sealed/  incidents/{incident}/{number}
               incidents/{incident}/pictures.json              incidents/{incident}/{number}-face
               cameras/{camera}.jpg
               closed/{incident}                          (nothing is kept of it any more)

The list is written after the files that it names, so that nobody is told of a picture that isn't there. Only one
function writes here, and never twice at once for one incident: the stream keeps an incident's events in order.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.domain.evidence import CameraPicture, Picture
from chalicelib.errors import NotFound
from chalicelib.store.aws_errors import aws_codes, aws_errors
from chalicelib.store.documents import CAMERA_PICTURES, PICTURES
from chalicelib.store.evidence_ports import Files

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

JPEG = "image/jpeg"
_JSON = "application/json"
_NOTHING = "application/octet-stream"
_MEDIA_TYPES = {"png": "image/png", "webp": "image/webp"}


def redacted_key(incident_id: str, number: int) -> str:
    return f"{_folder(incident_id)}{number}.jpg"


def sealed_key(incident_id: str, number: int) -> str:
    return f"{_folder(incident_id)}{number}"


def face_key(incident_id: str, number: int) -> str:
    return f"{_folder(incident_id)}{number}-face"


def camera_key(camera_id: str) -> str:
    return f"cameras/{camera_id}.jpg"


def closed_key(incident_id: str) -> str:
    return f"closed/{incident_id}"


class S3EvidenceVault:
    """The EvidenceVault of a deployment. Neither bucket keeps old versions: what is deleted is gone."""

    def __init__(self, client: "S3Client", evidence_bucket: str, sealed_bucket: str) -> None:
        self._client = client
        self._shown = evidence_bucket
        self._sealed = sealed_bucket

    def pictures(self, incident_id: str) -> tuple[Picture, ...]:
        listed = self._read(self._shown, _list_key(incident_id))
        return PICTURES.load(listed.decode()) if listed else ()

    def keep(self, incident_id: str, picture: Picture, files: Files) -> None:
        media_type = _MEDIA_TYPES.get(picture.frame_key.rpartition(".")[2], JPEG)
        self._write(self._sealed, sealed_key(incident_id, picture.number), files.original, media_type)
        if files.face is not None:
            self._write(self._sealed, face_key(incident_id, picture.number), files.face, JPEG)
        self._write(self._shown, redacted_key(incident_id, picture.number), files.redacted, JPEG)

    def tell(self, incident_id: str, pictures: Sequence[Picture]) -> None:
        self._write(self._shown, _list_key(incident_id), PICTURES.dump(tuple(pictures)).encode(), _JSON)

    def original(self, incident_id: str, number: int) -> bytes:
        found = self._read(self._sealed, sealed_key(incident_id, number))
        if found is None:
            raise NotFound(f"picture {number} of incident {incident_id!r} is not kept")
        return found

    def keeps(self, incident_id: str) -> bool:
        return any(True for bucket in (self._shown, self._sealed) for _ in self._keys(bucket, incident_id))

    def erase(self, incident_id: str) -> bool:
        """The list first: nobody is told any more of what is about to go."""
        found = [(bucket, key) for bucket in (self._shown, self._sealed) for key in self._keys(bucket, incident_id)]
        for bucket, key in sorted(found, key=lambda one: one[1] != _list_key(incident_id)):
            with aws_errors(f"erase {key!r}"):
                self._client.delete_object(Bucket=bucket, Key=key)
        return bool(found)

    def close(self, incident_id: str) -> None:
        """An empty file that tells of nobody."""
        self._write(self._shown, closed_key(incident_id), b"", _NOTHING)

    def is_closed(self, incident_id: str) -> bool:
        return self._read(self._shown, closed_key(incident_id)) is not None

    def put_camera_picture(self, picture: CameraPicture, redacted: bytes) -> None:
        key = camera_key(picture.camera_id)
        self._write(self._shown, key, redacted, JPEG)
        self._write(self._shown, f"{key}.json", CAMERA_PICTURES.dump(picture).encode(), _JSON)

    def camera_picture(self, camera_id: str) -> CameraPicture | None:
        told = self._read(self._shown, f"{camera_key(camera_id)}.json")
        return CAMERA_PICTURES.load(told.decode()) if told else None

    def _keys(self, bucket: str, incident_id: str) -> Iterator[str]:
        with aws_errors(f"list the pictures of incident {incident_id!r}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=_folder(incident_id))
            for page in pages:
                yield from (listed["Key"] for listed in page.get("Contents", []))

    def _read(self, bucket: str, key: str) -> bytes | None:
        with aws_errors(f"read {key!r}"):
            try:
                return self._client.get_object(Bucket=bucket, Key=key)["Body"].read()
            except ClientError as error:
                if aws_codes(error)[0] == "NoSuchKey":
                    return None
                raise

    def _write(self, bucket: str, key: str, body: bytes, media_type: str) -> None:
        with aws_errors(f"write {key!r}"):
            self._client.put_object(Bucket=bucket, Key=key, Body=body, ContentType=media_type)


def _folder(incident_id: str) -> str:
    return f"incidents/{incident_id}/"


def _list_key(incident_id: str) -> str:
    return f"{_folder(incident_id)}pictures.json"
