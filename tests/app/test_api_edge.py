"""What every route has in common, on an app of toy routes: who is let in, what is refused how, and what is answered."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import pytest
from chalice.app import AuthRequest, Chalice
from chalice.test import Client, HTTPResponse
from pydantic import BaseModel, Field

from chalicelib import bootstrap
from chalicelib.api import edge
from chalicelib.api.edge import serve
from chalicelib.api.endpoints import MOST_BYTES, Call, Routes, Strict
from chalicelib.api.passport import CONTEXT_KEY, Passport
from chalicelib.api.problems import refusal
from chalicelib.domain.people import Actor, read_grants
from chalicelib.domain.permissions import Permission, Scope
from chalicelib.errors import (
    Conflict,
    InvalidInput,
    MatphoError,
    Misconfigured,
    NotFound,
    StaleVersion,
    Transient,
    WrongState,
)
from chalicelib.telemetry import logger

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SECRET = "arn:aws:dynamodb:somewhere:table/insides"
routes = Routes("toys")


class Toy(BaseModel):
    name: str
    size: int = 1


class Order(Strict):
    name: Annotated[str, Field(max_length=5)]
    size: int = Field(ge=1, le=3)


class Wish(Strict):
    size: int | None = None
    colour: tuple[str, ...] = ()


@routes.get("/toys/{name}", needs=Permission.CITY_READ)
def read_toy(call: Call, name: Annotated[str, Field(pattern="^[a-z ]+$")]) -> Toy:
    """A toy."""
    call.require(Scope(areas=(name,)), what=f"toy {name!r}")
    return Toy(name=name)


@routes.get("/toys", needs=Permission.CITY_READ)
def list_toys(query: Wish) -> Toy:
    """A toy as wished for."""
    return Toy(name=",".join(query.colour), size=query.size or 0)


@routes.post("/toys", needs=Permission.CITY_READ, status=201)
def order_toy(body: Order) -> Toy:
    """A toy to order."""
    return Toy(name=body.name, size=body.size)


@routes.post("/toys/{name}/wraps", needs=Permission.CITY_READ, keyed=True)
def wrap_toy(call: Call, name: str) -> Toy:
    """A toy, wrapped once."""
    return Toy(name=f"{name} {call.key}")


@routes.get("/broken/{how}", needs=None)
def break_toy(how: str) -> Toy:
    """No toy."""
    raise FAILURES[how]


@routes.get("/loose", needs=None)
def loose_toy() -> Mapping[str, Any]:
    """Whatever."""
    return {"any": "thing"}


FAILURES: Mapping[str, Exception] = {
    "input": InvalidInput("the size 9 is too large"),
    "missing": NotFound("there is no toy 'x'"),
    "stale": refusal(StaleVersion("it has moved on"), current=Toy(name="bear", size=7)),
    "state": WrongState("it is sold already"),
    "race": Conflict(f"commit to {SECRET}: TransactionConflict"),
    "busy": Transient(f"read {SECRET}: Throttled"),
    "deployment": Misconfigured(f"no bucket {SECRET}"),
    "named": MatphoError(SECRET),
    "bug": ZeroDivisionError(SECRET),
}


def passport(*grants: str, lives: timedelta = timedelta(hours=1)) -> Mapping[str, str]:
    actor = Actor("somebody", read_grants(grants))
    return {CONTEXT_KEY: Passport.of(actor, expires_at_utc=NOW + lives).model_dump_json()}


class Toyshop:
    """The toy app; `said` is what the authoriser tells of whoever asks."""

    def __init__(self) -> None:
        self.said: Mapping[str, str] = passport("ioc_operator@*")
        app = Chalice("toys", configure_logs=False)

        @app.authorizer()
        def let_in(request: AuthRequest) -> dict[str, Any]:
            statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": ["*"]}
            policy = {"Version": "2012-10-17", "Statement": [statement]}
            return {"principalId": request.token, "policyDocument": policy, "context": dict(self.said)}

        serve(app, routes.endpoints, let_in)
        self.http = Client(app).http

    def get(self, path: str, **headers: str) -> HTTPResponse:
        return self.http.get(path, headers=self._headers(headers))

    def post(self, path: str, body: bytes, **headers: str) -> HTTPResponse:
        return self.http.post(path, body=body, headers=self._headers(headers))

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {"Authorization": "x", **{name.replace("_", "-"): value for name, value in headers.items()}}


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Toyshop:
    monkeypatch.setattr(bootstrap, "clock", lambda: NOW)
    return Toyshop()


def test_answer_carries_its_model_a_tag_and_the_request_id(shop: Toyshop) -> None:
    answer = shop.get("/toys/bear")
    assert (answer.status_code, answer.json_body) == (200, {"name": "bear", "size": 1})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Request-Id"]
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_path_is_decoded(shop: Toyshop) -> None:
    """Chalice leaves that to us."""
    assert shop.get("/toys/teddy%20bear").json_body["name"] == "teddy bear"


def test_what_is_known_already_is_not_sent_again(shop: Toyshop) -> None:
    etag = shop.get("/toys/bear").headers["ETag"]
    again = shop.get("/toys/bear", If_None_Match=f'"other", {etag}')
    assert (again.status_code, again.body, again.headers["ETag"]) == (304, b"", etag)
    assert shop.get("/toys/car", If_None_Match=etag).status_code == 200


def test_one_value_or_many_as_the_model_has_it(shop: Toyshop) -> None:
    answer = shop.get("/toys?size=2&colour=red&colour=blue")
    assert answer.json_body == {"name": "red,blue", "size": 2}


def test_body_is_taken(shop: Toyshop) -> None:
    answer = shop.post("/toys", b'{"name": "car", "size": 2}', Content_Type="application/json; charset=utf-8")
    assert (answer.status_code, answer.json_body) == (201, {"name": "car", "size": 2})


def test_any_mapping_is_an_answer(shop: Toyshop) -> None:
    assert shop.get("/loose").json_body == {"any": "thing"}


@pytest.mark.parametrize(
    ("path", "at"),
    [
        pytest.param("/toys/Bear!", "path.name", id="a path that doesn't fit"),
        pytest.param("/toys?size=big", "query.size", id="a filter that doesn't fit"),
        pytest.param("/toys?size=1&size=2", "query.size", id="one filter twice"),
        pytest.param("/toys?sise=1", "query.sise", id="a filter that there is not"),
    ],
)
def test_misfit_is_named_by_its_place(shop: Toyshop, path: str, at: str) -> None:
    answer = shop.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert answer.json_body["type"] == "urn:matpho:problem:invalid"
    assert [one["at"] for one in answer.json_body["errors"]] == [at]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param(b'{"name": "car", "size": "2"}', "application/json", 422, id="text for a number"),
        pytest.param(b'{"name": "car", "size": 2, "x": 1}', "application/json", 422, id="a field too many"),
        pytest.param(b'{"name": "car"}', "application/json", 422, id="a field too few"),
        pytest.param(b'["car"]', "application/json", 422, id="a list"),
        pytest.param(b"{", "application/json", 400, id="broken JSON"),
        pytest.param(b"", "application/json", 400, id="nothing"),
        pytest.param(b"\xff\xfe", "application/json", 400, id="no text"),
        pytest.param(b"{}", "text/plain", 415, id="said to be text"),
        pytest.param(b" " * (MOST_BYTES + 1), "application/json", 413, id="too large"),
    ],
)
def test_body_is_refused(shop: Toyshop, body: bytes, content_type: str, status: int) -> None:
    answer = shop.post("/toys", body, Content_Type=content_type)
    assert answer.status_code == status
    assert answer.json_body["status"] == status
    assert answer.json_body["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("key", "status"),
    [
        pytest.param({"Idempotency_Key": "f00d-0001"}, 200, id="a key"),
        pytest.param({}, 422, id="none"),
        pytest.param({"Idempotency_Key": "short"}, 422, id="one that others would think of, too"),
        pytest.param({"Idempotency_Key": "é" * 8}, 422, id="strange letters"),
    ],
)
def test_request_that_may_come_again_needs_a_key(shop: Toyshop, key: Mapping[str, str], status: int) -> None:
    assert shop.post("/toys/bear/wraps", b"", **key).status_code == status


def test_what_was_sent_is_not_sent_back(shop: Toyshop) -> None:
    """A value that doesn't fit may be somebody's name."""
    assert b"Nguyen" not in shop.post("/toys", b'{"name": "Nguyen Van A", "size": 2}').body


@pytest.mark.parametrize(
    ("how", "status", "sort"),
    [
        pytest.param("input", 422, "invalid", id="input"),
        pytest.param("missing", 404, "not-found", id="nothing there"),
        pytest.param("stale", 409, "stale-version", id="moved on"),
        pytest.param("state", 409, "wrong-state", id="in another state"),
        pytest.param("race", 409, "conflict", id="somebody else wrote first"),
        pytest.param("busy", 503, "try-again", id="a neighbour is down"),
        pytest.param("deployment", 500, "internal", id="the deployment is wrong"),
        pytest.param("named", 500, "internal", id="an error without a sort"),
        pytest.param("bug", 500, "internal", id="a bug"),
    ],
)
def test_error_becomes_a_problem_without_our_insides(shop: Toyshop, how: str, status: int, sort: str) -> None:
    answer = shop.get(f"/broken/{how}")
    assert (answer.status_code, answer.json_body["type"]) == (status, f"urn:matpho:problem:{sort}")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json_body["detail"].endswith(".")
    assert SECRET.encode() not in answer.body
    assert ("Retry-After" in answer.headers) is (status == 503)


def test_conflict_shows_the_thing_as_it_is_now(shop: Toyshop) -> None:
    assert shop.get("/broken/stale").json_body["current"] == {"name": "bear", "size": 7}


def test_method_that_a_path_does_not_have_is_a_problem_like_all_others(shop: Toyshop) -> None:
    answer = shop.post("/loose", b"{}")
    assert (answer.status_code, answer.json_body["type"]) == (405, "urn:matpho:problem:method-not-allowed")
    assert answer.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        pytest.param(passport("ioc_operator@*"), 200, id="who may, everywhere"),
        pytest.param(passport("ioc_operator@bear"), 200, id="who may, here"),
        pytest.param(passport("ioc_operator@car"), 404, id="who may, elsewhere"),
        pytest.param(passport("gateway@*"), 403, id="who may nowhere"),
        pytest.param(passport(), 403, id="who has no role"),
        pytest.param(passport("ioc_operator@*", lives=-timedelta(seconds=1)), 401, id="whose token has expired since"),
        pytest.param({}, 401, id="of whom nobody says who it is"),
    ],
)
def test_who_is_let_in(shop: Toyshop, said: Mapping[str, str], status: int) -> None:
    shop.said = said
    answer = shop.get("/toys/bear")
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)


def test_refusal_comes_before_anything_is_looked_at(shop: Toyshop) -> None:
    """Who may not gets no hints on how to ask better."""
    shop.said = passport("gateway@*")
    assert shop.get("/toys?sise=1").status_code == 403


def test_log_names_the_route_and_never_the_path_the_token_or_the_asker(
    shop: Toyshop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.get("/toys/teddy", Authorization="Bearer tell-nobody")
    told = logged(caplog)
    assert json.loads(told)["route"] == "GET /toys/{name}"
    assert not [word for word in ("teddy", "tell-nobody", "somebody") if word in told]


def test_bug_is_logged_in_full_under_the_request_id(shop: Toyshop, caplog: pytest.LogCaptureFixture) -> None:
    answer = shop.get("/broken/bug")
    failed = json.loads(logged(caplog).splitlines()[0])
    assert failed["request_id"] == answer.headers["X-Request-Id"]
    assert SECRET in failed["exception"]


@pytest.mark.parametrize("origin", [None, "https://console.example"])
def test_other_pages_may_call_only_where_a_setting_says_so(
    shop: Toyshop, monkeypatch: pytest.MonkeyPatch, origin: str | None
) -> None:
    monkeypatch.setattr(edge, "cors_origin", lambda: origin)
    answer = Toyshop().get("/loose")
    assert answer.headers.get("Access-Control-Allow-Origin") == origin


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What went to the log, as it goes there."""
    return "\n".join(logger.registered_formatter.format(record) for record in caplog.records)
