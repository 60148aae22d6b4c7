"""Bearer tokens (JWT) of the one issuer we trust, checked by PyJWT; what doesn't hold is refused in one sentence."""

from collections.abc import Mapping
from typing import Any

import jwt

from chalicelib.errors import NotIdentified
from chalicelib.store.jwks import ALGORITHMS, SigningKeys

MAX_TOKEN_CHARS = 8_192
LEEWAY_S = 10
"""What the clocks of issuer and function may differ."""

_MUST_SAY = ["exp", "iss", "aud", "sub"]


class TokenVerifier:
    """Takes tokens that `issuer` made for `audience`, and no others."""

    def __init__(self, keys: SigningKeys, *, issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience

    def verify(self, token: str) -> Mapping[str, Any]:
        """The claims of a token that holds now; raises NotIdentified on any other, Transient without keys."""
        if len(token) > MAX_TOKEN_CHARS:
            raise NotIdentified("the token is too long")
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                self._key(token),
                algorithms=list(ALGORITHMS),
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY_S,
                options={"require": _MUST_SAY},
            )
        except jwt.ExpiredSignatureError:
            raise NotIdentified("the token has expired") from None
        except jwt.PyJWTError as error:
            raise NotIdentified(f"the token doesn't hold: {type(error).__name__}") from None
        return claims

    def _key(self, token: str) -> jwt.PyJWK:
        """The key that the token says it was signed with, if it is one of the issuer's."""
        key_id = jwt.get_unverified_header(token).get("kid")
        key = self._keys.find(key_id) if isinstance(key_id, str) else None
        if key is None:
            raise NotIdentified("the token was signed with a key that the issuer doesn't have")
        return key
