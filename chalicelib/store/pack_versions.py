"""City packs as they are put into force: every version stays, and one object says which holds.

The version is written first and the one in force last, on the condition that nobody else has changed it since it was
read. So a pack is in force as a whole or not at all, and of two people who apply at once one is told.
"""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.domain.city import CityPack
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.store.aws_errors import aws_codes, aws_errors
from chalicelib.store.pack_source import PACK_KEY
from chalicelib.store.packs import pack_from_json, pack_to_json
from chalicelib.store.ports import PackInForce

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

VERSIONS = "city/versions"


class S3PackVersions:
    """The PackVersions of a deployment."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def in_force(self) -> PackInForce:
        """The pack in force now; raises Transient when S3 fails."""
        with aws_errors(f"read {PACK_KEY!r}"):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=PACK_KEY)
            except ClientError as error:
                if aws_codes(error)[0] != "NoSuchKey":
                    raise
                return PackInForce(None, None)
            data = answer["Body"].read()
        try:
            return PackInForce(pack_from_json(data), answer["ETag"])
        except InvalidInput as error:
            return PackInForce(None, answer["ETag"], str(error))

    def version(self, name: str) -> CityPack | None:
        """A pack that was put into force at some time; None where there is none of that version."""
        key = f"{VERSIONS}/{name}.json"
        with aws_errors(f"read {key!r}"):
            try:
                data = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as error:
                if aws_codes(error)[0] == "NoSuchKey":
                    return None
                raise
        return pack_from_json(data)

    def replace(self, known: PackInForce, pack: CityPack) -> None:
        """Put a pack in force in place of the known one; raises Conflict when that isn't in force any more."""
        body, key = pack_to_json(pack), f"{VERSIONS}/{pack.version}.json"
        with aws_errors(f"write {key!r}"):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")
        unchanged: Any = {"IfNoneMatch": "*"} if known.etag is None else {"IfMatch": known.etag}
        try:
            with aws_errors(f"write {PACK_KEY!r}"):
                self._client.put_object(
                    Bucket=self._bucket, Key=PACK_KEY, Body=body, ContentType="application/json", **unchanged
                )
        except Conflict as error:
            raise Conflict("somebody else applied a city pack meanwhile: look at the diff again, then apply") from error
