"""Who may come in, rehearsed: the gateway, the authoriser with its layer, and a user pool that signs real tokens."""

import json
import time
from collections.abc import Mapping
from typing import Any

import boto3

from rehearse.deployed import Deployed
from rehearse.waiting import require, wait_for

USER = "olga"
PASSWORD = "rehearsal-Only-1"  # noqa: S105 - of a pool that is gone in minutes
GROUP = "ioc_operator@*"
SETTLE_S = 60


def knock(deployed: Deployed) -> dict[str, float]:
    """Who has no token that holds stays outside, without the authoriser's being asked and by its word.

    MiniStack 1.5 passes over the gateway responses in an API's body, which make a denial a 401 at AWS.
    """
    timings = {}
    for name, headers, wanted in (("without_s", {}, 401), ("nonsense_s", _bearer("nonsense"), 403)):
        began = time.monotonic()
        status, body = _ask(deployed, "/me", headers)
        timings[name] = round(time.monotonic() - began, 3)
        require(status == wanted, f"knocking answered {status}: {body}")
    return timings


def sign_in(deployed: Deployed) -> dict[str, float]:
    """A member of the operations centre's group signs in, is let in as that, and reads the incidents."""
    token = _token(deployed)
    _lead_to_the_pools_keys(deployed)
    began = time.monotonic()
    me = wait_for("the authoriser to let in", lambda: _let_in(deployed, token), within_s=SETTLE_S)
    seconds = round(time.monotonic() - began, 3)
    require(GROUP in me, f"who signed in is taken for {me}")
    status, body = _ask(deployed, "/incidents", _bearer(token))
    require(status == 200, f"the list of incidents answered {status}: {body}")
    return {"let_in_s": seconds}


def work_on_incidents(deployed: Deployed) -> dict[str, int]:
    """The operations centre reads what opened, takes one on, and is told when it acts on what it no longer is."""
    bearer = _bearer(_signed_in(deployed))
    listed = _answer(deployed, "/incidents?status=open&limit=200", bearer)["items"]
    require(bool(listed), "no incident is open after photographs of incidents")
    one = _answer(deployed, f"/incidents/{listed[0]['id']}", bearer)
    path, command = f"/incidents/{one['id']}/commands", {"action": "acknowledge", "version": one["version"]}
    headers = {**bearer, "Content-Type": "application/json", "Idempotency-Key": "rehearsal-1"}
    for _ in range(2):  # the second time as if the first answer had been lost
        status, body = _ask(deployed, path, headers, command)
        require(status == 200 and '"acknowledged"' in body, f"a command answered {status}: {body}")
    status, body = _ask(deployed, path, {**headers, "Idempotency-Key": "rehearsal-2"}, command)
    require(status == 409, f"a command on a version that has gone answered {status}: {body}")
    return {"open": len(listed)}


def _answer(deployed: Deployed, path: str, headers: Mapping[str, str]) -> Any:
    status, body = _ask(deployed, path, headers)
    require(status == 200, f"{path} answered {status}: {body}")
    return json.loads(body)


def _token(deployed: Deployed) -> str:
    """The ID token of a person, made and signed in as an administrator does: a page in a browser would use SRP."""
    cognito, pool, client = boto3.client("cognito-idp"), deployed.ids["UserPool"], deployed.ids["UserPoolClient"]
    cognito.update_user_pool_client(
        UserPoolId=pool, ClientId=client, ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )
    cognito.admin_create_user(UserPoolId=pool, Username=USER, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=USER, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=USER, GroupName=GROUP)
    return _signed_in(deployed)


def _signed_in(deployed: Deployed) -> str:
    answer = boto3.client("cognito-idp").admin_initiate_auth(
        UserPoolId=deployed.ids["UserPool"],
        ClientId=deployed.ids["UserPoolClient"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": USER, "PASSWORD": PASSWORD},
    )
    return str(answer["AuthenticationResult"]["IdToken"])


def _lead_to_the_pools_keys(deployed: Deployed) -> None:
    """The issuer's name is AWS's, but its keys lie on the emulator."""
    functions, name = boto3.client("lambda"), deployed.ids["Authorise"]
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    keys = f"{deployed.emulator.url}/{deployed.ids['UserPool']}/.well-known/jwks.json"
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": {**variables, "MATPHO_OIDC_JWKS_URL": keys}}
    )


def _let_in(deployed: Deployed, token: str) -> str:
    """Whom the API takes the token's bearer for; empty while it is not let in."""
    status, body = _ask(deployed, "/me", _bearer(token))
    return body if status == 200 else ""


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _ask(
    deployed: Deployed, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None = None
) -> tuple[int, str]:
    sent = None if body is None else json.dumps(body).encode()
    return deployed.emulator.ask(f"/restapis/{deployed.ids['RestAPI']}/api/_user_request_{path}", headers, sent)
