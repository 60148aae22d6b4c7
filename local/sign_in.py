"""OpenID Connect on a laptop: the code flow with PKCE, as with Cognito, and a list of people in place of a login.

Whoever reaches this machine's loopback may be anybody of the list; it is for trying things out and for nothing else.
"""

import base64
import hashlib
import html
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from local.gateway import Answer
from local.issuer import AUDIENCE, LIVES, URL, Issuer, claims

PREFIX = "/oidc"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be: who, what the page says of them, and what the token grants."""

    id: str
    name: str
    role_vi: str
    role_en: str
    grants: tuple[str, ...]
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Promise:
    """What a code stands for until it is exchanged, once."""

    person: Person
    challenge: str
    redirect_uri: str
    nonce: str


@dataclass(slots=True)
class SignIn:
    """The issuer's pages under /oidc; answers whatever path it is asked for."""

    issuer: Issuer
    people: Sequence[Person]
    promises: dict[str, _Promise] = field(default_factory=dict)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        parts = urlsplit(path)
        asked = dict(parse_qsl(parts.query))
        origin = f"http://{headers.get('Host', '')}"
        match method, parts.path.removeprefix(PREFIX):
            case "GET", "/.well-known/openid-configuration":
                return _json(200, _metadata(origin + PREFIX))
            case "GET", "/jwks.json":
                return _json(200, json.loads(self.issuer.jwks()))
            case "GET", "/authorize":
                return self._authorise(asked, origin)
            case "POST", "/token":
                return self._exchange(dict(parse_qsl(body.decode("utf-8", "replace"))))
            case "GET", "/logout":
                return _sign_out(asked, origin + "/")
        return _refused("not_found", status=404)

    def _authorise(self, asked: Mapping[str, str], origin: str) -> Answer:
        """The list of people, or, once one is chosen, a code for the console's own page and no other."""
        redirect_uri = asked.get("redirect_uri", "")
        if not redirect_uri.startswith(origin + "/") or asked.get("client_id") != AUDIENCE:
            return _refused("unauthorized_client")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return _refused("invalid_request")
        person = next((one for one in self.people if one.id == asked.get("person")), None)
        if person is None:
            return _page(self.people, asked)
        code = secrets.token_urlsafe(32)
        self.promises[code] = _Promise(person, asked["code_challenge"], redirect_uri, asked.get("nonce", ""))
        return _redirect(f"{redirect_uri}?{urlencode({'code': code, 'state': asked.get('state', '')})}")

    def _exchange(self, asked: Mapping[str, str]) -> Answer:
        promise = self.promises.pop(asked.get("code", ""), None)
        if promise is None or promise.redirect_uri != asked.get("redirect_uri"):
            return _refused("invalid_grant")
        if not secrets.compare_digest(_challenge(asked.get("code_verifier", "")), promise.challenge):
            return _refused("invalid_grant")
        token = self._token(promise)
        lives_s = int(LIVES.total_seconds())
        return _json(200, {"id_token": token, "access_token": token, "token_type": "Bearer", "expires_in": lives_s})

    def _token(self, promise: _Promise) -> str:
        person = promise.person
        granted = {"cognito:groups": list(person.grants), "custom:units": " ".join(person.units)}
        nonce = {"nonce": promise.nonce} if promise.nonce else {}
        return self.issuer.sign({**claims(person.id), **granted, **nonce, "name": person.name})


def _sign_out(asked: Mapping[str, str], home: str) -> Answer:
    """As strict as Cognito's logout endpoint, which knows nothing of OIDC's own words for it."""
    if asked.get("client_id") != AUDIENCE or asked.get("logout_uri") != home:
        return _refused("invalid_request")
    return _redirect(home)


def _challenge(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _metadata(base: str) -> dict[str, Any]:
    return {
        "issuer": URL,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/jwks.json",
        "end_session_endpoint": f"{base}/logout",
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    }


def _page(people: Sequence[Person], asked: Mapping[str, str]) -> Answer:
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in asked.items()
    )
    buttons = "".join(
        f'<button name="person" value="{html.escape(one.id)}"><strong>{html.escape(one.name)}</strong>'
        f"<span>{html.escape(one.role_vi)}</span><small>{html.escape(one.role_en)}</small></button>"
        for one in people
    )
    text = _PAGE.format(hidden=hidden, buttons=buttons)
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())


def _redirect(address: str) -> Answer:
    return Answer(302, {"Location": address}, b"")


def _json(status: int, told: Any) -> Answer:
    return Answer(status, {"Content-Type": "application/json", "Cache-Control": "no-store"}, json.dumps(told).encode())


def _refused(error: str, *, status: int = 400) -> Answer:
    return _json(status, {"error": error})


_PAGE = """<!doctype html>
<html lang="vi">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mắt phố · Đăng nhập thử</title>
<link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/sign-in.css">
<main>
<h1>Mắt phố</h1>
<p>Chọn người dùng thử. <span lang="en">Choose who to be; this page exists on a laptop only.</span></p>
<form action="/oidc/authorize" method="get">{hidden}{buttons}</form>
</main>
</html>
"""
