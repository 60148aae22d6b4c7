"""Who may come in, as it is deployed: the authoriser before every route, the user pool, the gateway's own refusals."""

import json
from dataclasses import fields
from typing import Any

import pytest

import app
from chalicelib.api.authoriser import KEPT_S
from chalicelib.api.problems import SORTS, TOO_MANY_REQUESTS, Sort
from chalicelib.domain.people import read_grants
from chalicelib.errors import NotFound, NotIdentified, Transient
from chalicelib.settings import Oidc
from tests.package.conftest import Package

pytestmark = pytest.mark.xdist_group("package")

LATER = SORTS[Transient]
REFUSED = {
    "UNAUTHORIZED": SORTS[NotIdentified],
    "ACCESS_DENIED": SORTS[NotIdentified],
    "MISSING_AUTHENTICATION_TOKEN": SORTS[NotFound],
    "THROTTLED": TOO_MANY_REQUESTS,
    "AUTHORIZER_FAILURE": LATER,
    "INTEGRATION_FAILURE": LATER,
    "INTEGRATION_TIMEOUT": LATER,
}


def test_gateway_asks_the_authoriser_before_every_route_but_the_open_ones(package: Package) -> None:
    document = package.properties("RestAPI")["DefinitionBody"]
    secured = {path: [one.get("security") for one in methods.values()] for path, methods in document["paths"].items()}
    assert secured.pop("/health") == secured.pop("/openapi.json") == [None]
    assert all(one == [{"authorise": []}] for methods in secured.values() for one in methods)
    asked = document["securityDefinitions"]["authorise"]["x-amazon-apigateway-authorizer"]
    assert (asked["type"], asked["authorizerResultTtlInSeconds"]) == ("token", KEPT_S)


@pytest.mark.parametrize(("response", "sort"), REFUSED.items(), ids=REFUSED)
def test_what_the_gateway_refuses_by_itself_reads_like_our_own_problems(
    package: Package, response: str, sort: Sort
) -> None:
    """A token that doesn't hold is denied by the authoriser; the client must hear 401 and not 403."""
    refusal = package.properties("RestAPI")["GatewayResponses"][response]
    told = json.loads(refusal["ResponseTemplates"]["application/json"])
    assert refusal["StatusCode"] == told["status"] == sort.status
    assert told["type"] == f"urn:matpho:problem:{sort.name}"
    assert told["request_id"] == "$context.requestId"
    assert ("WWW-Authenticate" in refusal["ResponseParameters"]["Headers"]) is (sort.status == 401)


def test_authoriser_gets_every_setting_of_its_own_and_nobody_else_does(package: Package) -> None:
    wanted = {f"MATPHO_OIDC_{field.name.upper()}" for field in fields(Oidc)}
    for name, function in package.functions.items():
        has = {one for one in function["Environment"]["Variables"] if one.startswith("MATPHO_OIDC_")}
        assert has == (wanted if name == "Authorise" else set())


def test_authoriser_may_do_nothing_but_log_and_trace(package: Package) -> None:
    role = package.properties(package.functions["Authorise"]["Role"]["Fn::GetAtt"][0])
    rights = [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]
    assert {action.partition(":")[0] for one in rights for action in one["Action"]} == {"logs", "xray"}


def test_groups_of_the_user_pool_are_grants(package: Package) -> None:
    """A slip of the pen there would grant nothing, and nobody would know why."""
    names = [one["Properties"]["GroupName"] for one in package.of_type("AWS::Cognito::UserPoolGroup").values()]
    assert len(read_grants(names)) == len(names) == 8


def test_nobody_can_make_himself_a_user_or_another_units(package: Package) -> None:
    client, pool = package.properties("UserPoolClient"), package.properties("UserPool")
    assert client["WriteAttributes"] == ["email"]
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert "ALLOW_USER_PASSWORD_AUTH" not in client["ExplicitAuthFlows"]
    assert package.template["Resources"]["UserPool"]["DeletionPolicy"] == "Retain"


def test_console_signs_in_by_a_code_on_the_pools_page_and_in_no_other_way_of_a_browser(package: Package) -> None:
    """Tokens never stand in an address, and nobody is sent to a page that the deployment doesn't name."""
    client = package.properties("UserPoolClient")
    with_console = {
        name: value["Fn::If"] for name, value in client.items() if isinstance(value, dict) and "Fn::If" in value
    }
    assert {condition for condition, _, _ in with_console.values()} == {"HasConsole"}
    wanted = {name: value for name, (_, value, _) in with_console.items()}
    assert wanted["AllowedOAuthFlows"] == ["code"]
    assert wanted["AllowedOAuthScopes"] == ["openid", "profile", "email"]
    assert wanted["CallbackURLs"] == wanted["LogoutURLs"] == {"Ref": "ConsoleUrls"}
    assert client["GenerateSecret"] is False
    assert package.template["Resources"]["LoginPage"]["Condition"] == "HasConsole"


def test_limits_of_single_routes_are_of_routes_that_there_are(package: Package) -> None:
    settings: list[dict[str, Any]] = package.properties("RestAPI")["MethodSettings"]
    single = {
        (one["ResourcePath"].replace("~1", "/").replace("//", "/"), one["HttpMethod"])
        for one in settings
        if "*" not in one["ResourcePath"]
    }
    there = {(path, method) for path, methods in app.app.routes.items() for method in methods}
    assert single
    assert single <= there
    assert all(one["ThrottlingBurstLimit"] >= one["ThrottlingRateLimit"] > 0 for one in settings)


def test_answers_stay_out_of_traces(package: Package) -> None:
    """Powertools would write every answer, incidents and all, into the trace."""
    for function in package.functions.values():
        assert function["Environment"]["Variables"]["POWERTOOLS_TRACER_CAPTURE_RESPONSE"] == "false"
