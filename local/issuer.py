"""An issuer of tokens for one laptop, in place of Cognito, with a key of its own that is made at the start.

Its public half is what the authoriser gets for the issuer's keys (bootstrap.signing_keys), so no network is needed. The
private half may be kept in a file that only its owner reads, for `python -m ops.token` to sign with.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

URL = "https://issuer.local"
AUDIENCE = "matpho-local"
LIVES = timedelta(hours=12)
KEY_FILE = Path(__file__).parent.parent / ".demo" / "issuer-key.json"
"""The private half, for whoever may read this working copy anyway."""

ENVIRONMENT = {"MATPHO_OIDC_ISSUER": URL, "MATPHO_OIDC_AUDIENCE": AUDIENCE}
"""What makes the authoriser take this issuer's tokens; claims go by Cognito's names, as unless told."""

_ALGORITHM = "ES256"
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs tokens with its key."""

    key: ec.EllipticCurvePrivateKey

    @property
    def key_id(self) -> str:
        public = ECAlgorithm.to_jwk(self.key.public_key())
        return hashlib.sha256(public.encode()).hexdigest()[:16]

    def jwks(self) -> bytes:
        """The public key as an issuer publishes it."""
        public = ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return json.dumps({"keys": [{**public, "kid": self.key_id, "alg": _ALGORITHM, "use": "sig"}]}).encode()

    def token(
        self, subject: str, *, grants: Iterable[str] = (), units: Iterable[str] = (), cameras: Iterable[str] = ()
    ) -> str:
        """A token for half a day, for whoever holds these grants (`ward_officer@new-town`)."""
        groups = {"cognito:groups": list(grants), "custom:units": " ".join(units), "custom:cameras": " ".join(cameras)}
        return self.sign({**claims(subject), **groups})

    def sign(self, claimed: Mapping[str, Any]) -> str:
        """A token that says just this."""
        return jwt.encode(dict(claimed), self.key, algorithm=_ALGORITHM, headers={"kid": self.key_id})

    def save(self, path: Path) -> None:
        """Keep the key where only its owner reads it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=_OWNER_ONLY)
        path.write_text(ECAlgorithm.to_jwk(self.key), encoding="utf-8")


def new_issuer() -> Issuer:
    return Issuer(ec.generate_private_key(ec.SECP256R1()))


def kept_issuer(path: Path) -> Issuer:
    """The issuer of this laptop, made at its first use, so that tokens outlive a restart."""
    if not path.exists():
        new_issuer().save(path)
    return read_issuer(path)


def read_issuer(path: Path) -> Issuer:
    """The issuer whose key was saved; raises FileNotFoundError."""
    key = ECAlgorithm(ECAlgorithm.SHA256).from_jwk(path.read_text(encoding="utf-8"))
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path.name} holds no private key")
    return Issuer(key)


def claims(subject: str) -> dict[str, Any]:
    """What every token says: who, by whom, for whom, from when until when."""
    now = datetime.now(UTC)
    return {"sub": subject, "iss": URL, "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + LIVES}
