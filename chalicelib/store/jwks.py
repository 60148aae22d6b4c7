"""The issuer's public keys, which tokens are checked with: fetched once, kept an hour, and kept on when it is down.

A key id that nobody knows may be a new key, so it is asked for; at most every few minutes, or made-up key ids would
have us ask all day. The cost: a new key that is used at once is refused for up to five minutes.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import urllib3
from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

from chalicelib.errors import Misconfigured, Transient
from chalicelib.store.ports import Clock

ALGORITHMS = ("RS256", "ES256")
"""What is taken: signatures that only the issuer can make. No `none`, and no secret shared with us."""

KEPT = timedelta(hours=1)
ASK_AGAIN_AFTER = timedelta(minutes=5)

_TIMEOUT_S = 3.0
_MAX_BYTES = 262_144
_log = logging.getLogger(__name__)


class SigningKeys:
    """The keys of one issuer by key id; `fetch` returns its JWKS or raises Transient."""

    def __init__(self, fetch: Callable[[], bytes], *, clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, PyJWK] = {}
        self._asked_at: datetime | None = None

    def find(self, key_id: str) -> PyJWK | None:
        """The key of an id; raises Transient when the issuer is down before it was ever heard."""
        now = self._clock()
        patience = KEPT if key_id in self._keys else ASK_AGAIN_AFTER
        if self._asked_at is None or now - self._asked_at >= patience:
            self._ask()
            self._asked_at = now
        return self._keys.get(key_id)

    def _ask(self) -> None:
        try:
            self._keys = _usable(self._fetch())
        except Transient as error:
            if not self._keys:
                raise
            _log.warning("keeping the issuer's known keys: %s", error)


def fetch_https(url: str) -> bytes:
    """Get a document over TLS; raises Transient when it can't be had, Misconfigured on any other kind of URL."""
    if not url.startswith("https://"):
        raise Misconfigured(f"signing keys come by https only, not from {url!r}")
    try:
        answer = urllib3.request("GET", url, timeout=_TIMEOUT_S, retries=1, redirect=False, preload_content=False)
        with answer:
            body = answer.read(_MAX_BYTES)
    except urllib3.exceptions.HTTPError as error:
        raise Transient(f"no signing keys from {url!r}: {type(error).__name__}") from error
    if answer.status != 200:
        raise Transient(f"no signing keys from {url!r}: status {answer.status}")
    return body


def _usable(jwks: bytes) -> Mapping[str, PyJWK]:
    """The keys that sign with an algorithm we take; raises Transient on what is no JWKS."""
    try:
        keys = PyJWKSet(json.loads(jwks)["keys"]).keys
    except (ValueError, TypeError, KeyError, PyJWTError) as error:
        raise Transient("what the issuer sent holds no signing keys") from error
    return {one.key_id: one for one in keys if one.key_id and _signs(one)}


def _signs(key: PyJWK) -> bool:
    return key.algorithm_name in ALGORITHMS and key.public_key_use in (None, "sig")
