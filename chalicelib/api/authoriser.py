"""Tells API Gateway who a bearer token speaks for. It judges identity only; what somebody may is the API's to judge.

A token that doesn't hold gets a policy that denies, which the template's gateway responses turn into a 401. When the
issuer's keys can't be had it raises, and the answer is a 503: neither lets anybody in.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib import bootstrap
from chalicelib.api.passport import CONTEXT_KEY, Passport
from chalicelib.domain.people import Actor, read_grants
from chalicelib.errors import NotIdentified
from chalicelib.settings import Oidc
from chalicelib.telemetry import logger

KEPT_S = 60
"""How long API Gateway may take our word for a token."""

_SCHEME = "bearer "


def authorise(header: str, method_arn: str) -> dict[str, Any]:
    """The policy for whoever sends this Authorization header; never says, nor logs, what was in it."""
    try:
        passport = identify(header)
    except NotIdentified as error:
        logger.info("token refused", extra={"reason": str(error)})
        return _policy("Deny", "nobody", method_arn, {})
    return _policy("Allow", passport.subject, method_arn, {CONTEXT_KEY: passport.model_dump_json()})


def identify(header: str) -> Passport:
    """Whoever a header speaks for; raises NotIdentified."""
    if not header.lower().startswith(_SCHEME):
        raise NotIdentified("a bearer token is needed")
    claims = bootstrap.tokens().verify(header[len(_SCHEME) :].strip())
    expires_at_utc = datetime.fromtimestamp(int(claims["exp"]), UTC)
    return Passport.of(read_actor(claims, bootstrap.oidc()), expires_at_utc=expires_at_utc)


def read_actor(claims: Mapping[str, Any], oidc: Oidc) -> Actor:
    """The actor that claims describe, under the names that the deployment gives them."""
    return Actor(
        subject=claims["sub"],
        grants=read_grants(_words(claims.get(oidc.roles_claim))),
        units=frozenset(_words(claims.get(oidc.units_claim))),
        cameras=frozenset(_words(claims.get(oidc.cameras_claim))),
    )


def _words(claim: Any) -> Iterable[str]:
    """A claim as issuers write it: a list, or one string with spaces or commas between."""
    if isinstance(claim, str):
        return claim.replace(",", " ").split()
    return [word for word in claim if isinstance(word, str)] if isinstance(claim, list) else ()


def _policy(effect: str, principal: str, method_arn: str, context: Mapping[str, str]) -> dict[str, Any]:
    """For every route of the stage, because API Gateway keeps it for the token and not for the route."""
    stage_arn = "/".join(method_arn.split("/")[:2])
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": [f"{stage_arn}/*"]}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": principal, "policyDocument": policy, "context": dict(context)}
