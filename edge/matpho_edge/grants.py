"""Leave to upload: presigned POST forms from the API, one a camera, renewed before they lapse.

`POST {api}/grants` with `{"camera_id": ...}` and the gateway's bearer token answers `url`, `fields`, `prefix` and
`expires_at`. How long a grant still holds is told by the answer's own Date, so that the box's clock doesn't matter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
from pydantic import AwareDatetime, BaseModel, ValidationError

from .clock import monotonic_s, served_at_utc, system_now
from .config import read_secret
from .errors import ConfigError, Forbidden, Unreachable

USED_SHARE = 0.8
"""How much of a grant's life is used, so that a slow upload still ends within it."""


class Grant(BaseModel):
    """A presigned POST: where to, the form's fields, and which keys it covers."""

    url: str
    fields: dict[str, str]
    prefix: str
    expires_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class _Held:
    grant: Grant
    until_s: float


class Grants:
    """Every camera's grant."""

    def __init__(
        self, http: httpx.Client, api: str, token_file: Path, *, time_s: Callable[[], float] = monotonic_s
    ) -> None:
        self._http = http
        self._url = f"{api}/grants"
        self._token_file = token_file
        self._time_s = time_s
        self._held: dict[str, _Held] = {}

    def of(self, camera_id: str) -> Grant:
        """A grant that holds for a while yet; raises Forbidden or Unreachable."""
        held = self._held.get(camera_id)
        if held is None or self._time_s() >= held.until_s:
            held = self._held[camera_id] = self._fetch(camera_id)
        return held.grant

    def forget(self, camera_id: str) -> None:
        """Fetch a new one the next time."""
        self._held.pop(camera_id, None)

    def _fetch(self, camera_id: str) -> _Held:
        asked_s = self._time_s()
        try:
            answer = self._http.post(
                self._url,
                json={"camera_id": camera_id},
                headers={"Authorization": f"Bearer {read_secret(self._token_file)}"},
            )
        except httpx.HTTPError as error:
            raise Unreachable(f"the api: {type(error).__name__}") from error
        except ConfigError as error:
            raise Forbidden(str(error)) from error
        _require_success(answer, camera_id)
        return _held(answer, asked_s)


def _require_success(answer: httpx.Response, camera_id: str) -> None:
    if answer.status_code in {401, 403, 404}:
        raise Forbidden(f"the api grants nothing for {camera_id!r}: {answer.status_code}")
    if not answer.is_success:
        raise Unreachable(f"the api: {answer.status_code}")


def _held(answer: httpx.Response, asked_s: float) -> _Held:
    try:
        grant = Grant.model_validate_json(answer.content)
    except ValidationError as error:
        raise Unreachable("the api: what it answered is no grant") from error
    life = grant.expires_at - (served_at_utc(answer) or system_now())
    return _Held(grant, asked_s + USED_SHARE * (life / timedelta(seconds=1)))
