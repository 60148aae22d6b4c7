"""Who may come in, rehearsed: the gateway, the authoriser with its layer, and a user pool that signs real tokens."""

import time
from collections.abc import Mapping

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


def _token(deployed: Deployed) -> str:
    """The ID token of a person, made and signed in as an administrator does: a page in a browser would use SRP."""
    cognito, pool, client = boto3.client("cognito-idp"), deployed.ids["UserPool"], deployed.ids["UserPoolClient"]
    cognito.update_user_pool_client(
        UserPoolId=pool, ClientId=client, ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )
    cognito.admin_create_user(UserPoolId=pool, Username=USER, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=USER, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=USER, GroupName=GROUP)
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
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


def _ask(deployed: Deployed, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
    return deployed.emulator.get(f"/restapis/{deployed.ids['RestAPI']}/api/_user_request_{path}", headers)
