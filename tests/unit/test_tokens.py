"""Tokens: which are taken, which are refused, and what happens when the issuer cannot be reached."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from chalicelib.errors import Misconfigured, NotIdentified, Transient
from chalicelib.store.jwks import ASK_AGAIN_AFTER, KEPT, SigningKeys, fetch_https
from chalicelib.store.tokens import MAX_TOKEN_CHARS, TokenVerifier
from local.issuer import AUDIENCE, URL, Issuer, claims, new_issuer

ISSUER = new_issuer()
STRANGER = new_issuer()
PUBLIC_KEY = ISSUER.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
"""Far enough from the time at which a slow machine gets to run the test."""


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Source:
    """An issuer's JWKS that can be down, and that counts how often it is asked."""

    def __init__(self, *issuers: Issuer) -> None:
        self.keys = [key for issuer in issuers for key in json.loads(issuer.jwks())["keys"]]
        self.down = False
        self.asked = 0

    def __call__(self) -> bytes:
        self.asked += 1
        if self.down:
            raise Transient("down")
        return json.dumps({"keys": self.keys}).encode()


def verifier(source: Callable[[], bytes] | None = None, clock: Clock | None = None) -> TokenVerifier:
    keys = SigningKeys(source or Source(ISSUER), clock=clock or Clock())
    return TokenVerifier(keys, issuer=URL, audience=AUDIENCE)


def signed(**changed: Any) -> str:
    """A good token of the issuer, with claims changed or, where None, left out."""
    said = {**claims("someone"), **changed}
    return ISSUER.sign({name: value for name, value in said.items() if value is not None})


def forged(algorithm: str, key: Any, **header: Any) -> str:
    return jwt.encode(claims("someone"), key, algorithm=algorithm, headers={"kid": ISSUER.key_id, **header})


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def hs256(secret: bytes, *, key_id: str = ISSUER.key_id) -> str:
    """Made by hand: PyJWT would not even sign with a public key for a secret."""
    said = {**claims("someone"), "iat": 0, "nbf": 0, "exp": 9_999_999_999}
    header = {"alg": "HS256", "typ": "JWT", "kid": key_id}
    signing = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(said).encode())}"
    return f"{signing}.{encoded(hmac.digest(secret, signing.encode(), 'sha256'))}"


def tampered() -> str:
    """A good signature under other claims."""
    header, _, signature = signed().split(".")
    said = {**claims("someone-else"), "iat": 0, "nbf": 0, "exp": 9_999_999_999}
    return f"{header}.{encoded(json.dumps(said).encode())}.{signature}"


def test_token_of_the_issuer_for_us_is_taken() -> None:
    assert verifier().verify(signed())["sub"] == "someone"


def test_rs256_is_taken_too() -> None:
    """Cognito signs with it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "rsa", "alg": "RS256", "use": "sig"}
    source = Source()
    source.keys = [jwk]
    assert verifier(source).verify(forged("RS256", key, kid="rsa"))["sub"] == "someone"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(signed(exp=NOW - DAY), id="expired, and so replayed after its time"),
        pytest.param(signed(nbf=NOW + DAY), id="not valid yet"),
        pytest.param(signed(iat=NOW + DAY), id="from the future"),
        pytest.param(signed(aud="another-app"), id="made for another audience"),
        pytest.param(signed(aud=["another-app", "a-third"]), id="made for several others"),
        pytest.param(signed(iss="https://issuer.elsewhere"), id="made by another issuer"),
        pytest.param(signed(iss=URL + "/"), id="made by almost the issuer"),
        pytest.param(signed(exp=None), id="without an end"),
        pytest.param(signed(aud=None), id="for nobody in particular"),
        pytest.param(signed(iss=None), id="by nobody in particular"),
        pytest.param(signed(sub=None), id="about nobody"),
        pytest.param(signed(sub=7), id="about a number"),
        pytest.param(forged("none", None), id="alg none"),
        pytest.param(hs256(PUBLIC_KEY), id="HS256 with the public key, which everybody has, for a secret"),
        pytest.param(hs256(b"x" * 32), id="HS256 with any secret"),
        pytest.param(forged("ES256", STRANGER.key), id="signed by a stranger under a key id of the issuer's"),
        pytest.param(STRANGER.sign(claims("someone")), id="signed with a key that nobody knows"),
        pytest.param(jwt.encode(claims("someone"), ISSUER.key, algorithm="ES256"), id="that names no key"),
        pytest.param(tampered(), id="whose claims were changed"),
        pytest.param(signed().rsplit(".", 1)[0] + ".", id="whose signature was cut off"),
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="that is none"),
        pytest.param("\x00é😀", id="of strange letters"),
        pytest.param(signed(note="x" * MAX_TOKEN_CHARS), id="too long"),
        pytest.param("[" * 4000, id="of many brackets"),
    ],
)
def test_token_is_refused(token: str) -> None:
    with pytest.raises(NotIdentified) as refusal:
        verifier().verify(token)
    assert not token or token not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_key_that_is_a_shared_secret_is_no_key() -> None:
    """Even an issuer that published one could not have us take it."""
    source = Source()
    source.keys = [{"kty": "oct", "k": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg", "kid": "s", "alg": "HS256"}]
    assert SigningKeys(source, clock=Clock()).find("s") is None
    with pytest.raises(NotIdentified):
        verifier(source).verify(hs256(b"x" * 32, key_id="s"))


def test_key_is_asked_for_once_an_hour() -> None:
    source, clock = Source(ISSUER), Clock()
    checking = verifier(source, clock)
    for _ in range(3):
        checking.verify(signed())
    assert source.asked == 1
    clock.now += KEPT
    checking.verify(signed())
    assert source.asked == 2


def test_unknown_key_is_asked_for_at_most_every_few_minutes() -> None:
    """Or made-up key ids would have us ask all day."""
    source, clock = Source(ISSUER), Clock()
    checking = verifier(source, clock)
    for _ in range(5):
        with pytest.raises(NotIdentified):
            checking.verify(STRANGER.sign(claims("x")))
    assert source.asked == 1
    source.keys = Source(ISSUER, STRANGER).keys
    clock.now += ASK_AGAIN_AFTER
    assert checking.verify(STRANGER.sign(claims("x")))["sub"] == "x"
    assert source.asked == 2


def test_issuer_that_is_down_leaves_its_known_keys_in_force() -> None:
    source, clock = Source(ISSUER), Clock()
    checking = verifier(source, clock)
    checking.verify(signed())
    source.down = True
    clock.now += 3 * KEPT
    assert checking.verify(signed())["sub"] == "someone"


def test_issuer_that_is_down_from_the_start_is_no_refusal() -> None:
    """The token may be good: it is for the caller to try again."""
    source = Source(ISSUER)
    source.down = True
    with pytest.raises(Transient):
        verifier(source).verify(signed())


@pytest.mark.parametrize("nonsense", [b"<html>", b"[]", b"{}", b'{"keys": []}', b"\xff"])
def test_what_is_no_jwks_is_as_if_the_issuer_were_down(nonsense: bytes) -> None:
    with pytest.raises(Transient):
        verifier(lambda: nonsense).verify(signed())


@pytest.mark.parametrize("url", ["http://issuer.local/jwks.json", "file:///etc/passwd"])
def test_keys_come_by_https_only(url: str) -> None:
    with pytest.raises(Misconfigured):
        fetch_https(url)
