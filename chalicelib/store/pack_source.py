"""The city pack in force, from the configuration bucket: publishing a new one changes the city without a deployment."""

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.city import CityPack
from chalicelib.errors import Misconfigured
from chalicelib.store.cached_objects import RECHECK_AFTER, CachedObject
from chalicelib.store.packs import pack_from_json
from chalicelib.store.ports import Clock

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

PACK_KEY = "city/current.json"


class S3PackSource:
    """Tells the pack in force; one that vanished or broke leaves the last good one in force."""

    def __init__(
        self, client: "S3Client", bucket: str, *, clock: Clock, recheck_after: timedelta = RECHECK_AFTER
    ) -> None:
        self._object = CachedObject(client, bucket, PACK_KEY, pack_from_json, clock=clock, recheck_after=recheck_after)
        self._bucket = bucket
        self._last: CityPack | None = None

    def current(self) -> CityPack:
        """Raises Misconfigured when there never was a good one, Transient when S3 fails before the first."""
        self._last = self._object.current() or self._last
        if self._last is None:
            raise Misconfigured(f"no city pack: {PACK_KEY!r} is missing in bucket {self._bucket!r}")
        return self._last
