"""Parcels out of the spool into the object store; what can't go now waits with its camera."""

import logging
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import stamina

from .clock import Now, monotonic_s
from .errors import Forbidden, Refused, Unreachable
from .grants import Grant, Grants
from .spool import Parcel, Spool

log = logging.getLogger(__name__)

TRIES = 3
FIRST_REST_S = 5.0
LONGEST_REST_S = 60.0

_CODE = re.compile(r"<Code>(\w+)</Code>")
_NEVER = {"EntityTooLarge", "EntityTooSmall", "KeyTooLongError"}
"""S3 says 400 to what may succeed later, too, such as RequestTimeout; only these are about the object."""


@dataclass(frozen=True, slots=True)
class _Rest:
    length_s: float
    until_s: float


class Uploader:
    """Delivers what the spool holds; several threads may take steps, each with a camera of its own."""

    def __init__(
        self, spool: Spool, grants: Grants, http: httpx.Client, now: Now, *, time_s: Callable[[], float] = monotonic_s
    ) -> None:
        self._spool = spool
        self._grants = grants
        self._http = http
        self._now = now
        self._time_s = time_s
        self._rests: dict[str, _Rest] = {}

    def step(self, *, flush: bool = False) -> bool:
        """Try one object; False when there is none to try now."""
        parcel = self._spool.claim(self._now(), resting=self._resting(), flush=flush)
        if parcel is None:
            return False
        try:
            self._send(parcel)
        except Refused as refused:
            log.warning("%s is refused: %s", parcel.key, refused.code)
            self._spool.refused(parcel)
        except Unreachable as error:
            self._rest(parcel.camera_id, error)  # before it may be claimed again
            self._spool.release(parcel)
        else:
            self._spool.delivered(parcel)
            if self._rests.pop(parcel.camera_id, None):
                log.info("%s delivers again", parcel.camera_id)
        return True

    def _send(self, parcel: Parcel) -> None:
        """A grant may have been withdrawn or lapsed on the way, so the first refusal only means that it is old."""
        for attempt in stamina.retry_context(on=_may_pass, attempts=TRIES, wait_initial=0.5, wait_max=5.0):
            with attempt:
                try:
                    self._post(parcel)
                except Forbidden:
                    self._grants.forget(parcel.camera_id)
                    self._post(parcel)

    def _post(self, parcel: Parcel) -> None:
        grant = self._grants.of(parcel.camera_id)
        if not parcel.key.startswith(grant.prefix):
            raise Forbidden(f"the grant for {parcel.camera_id!r} covers {grant.prefix!r} only")
        _require_taken(self._put(grant, parcel))

    def _put(self, grant: Grant, parcel: Parcel) -> httpx.Response:
        """S3 reads nothing after the file, and refuses fields that the grant doesn't name."""
        try:
            return self._http.post(grant.url, data=grant.fields | {"key": parcel.key}, files={"file": parcel.body})
        except httpx.HTTPError as error:
            raise Unreachable(f"the store: {type(error).__name__}") from error

    def _resting(self) -> set[str]:
        return {camera_id for camera_id, rest in tuple(self._rests.items()) if self._time_s() < rest.until_s}

    def _rest(self, camera_id: str, error: Unreachable) -> None:
        """Twice as long each time, and jittered, so that a district's boxes don't come back in one moment."""
        before = self._rests.get(camera_id)
        length_s = min(2 * before.length_s, LONGEST_REST_S) if before else FIRST_REST_S
        wait_s = random.uniform(0.5, 1.0) * length_s  # noqa: S311  # no secret
        self._rests[camera_id] = _Rest(length_s, self._time_s() + wait_s)
        log.warning("%s rests for %.0f s: %s", camera_id, wait_s, error)


def _may_pass(error: Exception) -> bool:
    return isinstance(error, Unreachable) and not isinstance(error, Forbidden)


def _require_taken(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    found = _CODE.search(answer.text[:2000])
    code = found[1] if found else str(answer.status_code)
    if code in _NEVER:
        raise Refused(code)
    if answer.status_code in {401, 403}:
        raise Forbidden(f"the store: {code}")
    raise Unreachable(f"the store: {code}")
