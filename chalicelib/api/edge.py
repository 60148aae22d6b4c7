"""Where HTTP ends: a request becomes a call of a declared function, and what comes of it becomes a response.

The only place that catches everything, so that nobody ever sees our insides. One line a request goes to the log: the
route, not the path, which may name somebody, and never the token.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import unquote

from chalice.app import Chalice, CORSConfig, Response
from pydantic import BaseModel, ValidationError

from chalicelib import bootstrap
from chalicelib.api.endpoints import JSON, Call, Endpoint, Versioned
from chalicelib.api.passport import CONTEXT_KEY, Passport
from chalicelib.api.problems import (
    INTERNAL,
    MEDIA_TYPE,
    METHOD_NOT_ALLOWED,
    Problem,
    TooLarge,
    Unreadable,
    WrongMediaType,
    misfit,
    problem,
    problem_of,
    sort_of,
)
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import may
from chalicelib.errors import InvalidInput, NotAllowed, NotIdentified
from chalicelib.settings import cors_origin
from chalicelib.telemetry import logger

KEY_HEADER = "Idempotency-Key"
KEY = re.compile("(?a)[A-Za-z0-9_-]{8,64}")
SEEN_HEADER = "If-Match"
SEEN = re.compile(r'(?a)"([!#-~]{1,128})"')
RETRY_AFTER_S = 2

_NOBODY = Actor("nobody")
_ALWAYS = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
_MAY_BE_SENT = ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match"]
_MAY_BE_READ = ["ETag", "Retry-After", "X-Request-Id"]


def serve(app: Chalice, endpoints: Iterable[Endpoint], authoriser: Any) -> None:
    """Put endpoints on the app, each behind the authoriser unless it is open to all."""
    for endpoint in endpoints:
        register = app.route(
            endpoint.path,
            methods=[endpoint.method],
            name=endpoint.name,
            authorizer=None if endpoint.needs is None else authoriser,
            content_types=[],  # Chalice would refuse others in words of its own
            cors=_cors(),
        )
        register(_view(app, endpoint))
    app.register_middleware(_in_our_words, "http")


def _view(app: Chalice, endpoint: Endpoint) -> Any:
    """The function that Chalice calls."""

    @wraps(endpoint.handler)
    def view(**path: str) -> Response:
        request = app.current_request
        request_id = _request_id(request)
        try:
            response = _respond(endpoint, request, path, request_id)
        except Exception as error:  # noqa: BLE001 - the edge: whatever happens is answered, and logged
            response = _refuse(error, request_id)
        response.headers |= {**_ALWAYS, "X-Request-Id": request_id}
        _log(endpoint, response.status_code, request_id)
        return response

    return view


def _respond(endpoint: Endpoint, request: Any, path: Mapping[str, str], request_id: str) -> Response:
    actor = _identify(endpoint, request)
    key, seen = _key(request) if endpoint.keyed else "", _seen(request) if endpoint.method == "PUT" else ""
    call = Call(actor, endpoint.needs, request_id, key, seen)
    arguments = _arguments(endpoint, request, path)
    if endpoint.takes_call:
        arguments["call"] = call
    return _answer(endpoint, endpoint.handler(**arguments), request)


def _identify(endpoint: Endpoint, request: Any) -> Actor:
    """Whoever asks, with the permission that the route needs, be it somewhere else."""
    if endpoint.needs is None:
        return _NOBODY
    word = (request.context.get("authorizer") or {}).get(CONTEXT_KEY)
    if word is None:
        raise NotIdentified("a token is needed")
    actor = Passport.model_validate_json(word).actor(bootstrap.clock())
    if not may(actor, endpoint.needs):
        raise NotAllowed(f"this needs the permission {endpoint.needs}, which none of your roles has")
    return actor


def _key(request: Any) -> str:
    key = str(request.headers.get(KEY_HEADER, ""))
    if not KEY.fullmatch(key):
        raise InvalidInput(f"the header {KEY_HEADER} must hold a key of 8 to 64 letters, digits and hyphens")
    return key


def _seen(request: Any) -> str:
    """The version in the one ETag that is named; weak ones and `*` would replace what nobody has looked at."""
    named = SEEN.fullmatch(str(request.headers.get(SEEN_HEADER, "")).strip())
    if named is None:
        raise InvalidInput(f"the header {SEEN_HEADER} must hold the ETag of what you saw")
    return named[1]


def _arguments(endpoint: Endpoint, request: Any, path: Mapping[str, str]) -> dict[str, Any]:
    named = _checked(endpoint.path_model, {name: unquote(value) for name, value in path.items()}, "path")
    arguments = {name: getattr(named, name) for name in path}
    if endpoint.query is not None:
        arguments["query"] = _checked(endpoint.query, _query(endpoint.query, request), "query")
    if endpoint.body is not None:
        arguments["body"] = _checked_body(endpoint.body, request, endpoint.most_bytes)
    return arguments


def _query(model: type[BaseModel], request: Any) -> dict[str, Any]:
    """What stands behind the question mark: a list where the model has a tuple, else the one value there may be."""
    given = request.query_params
    values = {name: given.getlist(name) for name in given or ()}
    many = {name for name, one in model.model_fields.items() if str(one.annotation).startswith("tuple")}
    return {name: value if name in many or len(value) > 1 else value[0] for name, value in values.items()}


def _checked_body(model: type[BaseModel], request: Any, most_bytes: int) -> BaseModel:
    if not request.headers.get("content-type", JSON).lower().startswith(JSON):
        raise WrongMediaType(f"the body must be {JSON}")
    raw = request.raw_body
    if len(raw) > most_bytes:
        raise TooLarge(f"the body has {len(raw)} bytes, at most {most_bytes} are taken")
    try:
        json.loads(raw)
    except (ValueError, RecursionError) as error:  # broken JSON, no UTF-8, or nested beyond all sense
        raise Unreadable("the body is no JSON") from error
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise misfit("body", error) from error


def _checked(model: type[BaseModel], given: Any, where: str) -> BaseModel:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise misfit(where, error) from error


def _answer(endpoint: Endpoint, made: BaseModel | Mapping[str, Any] | str, request: Any) -> Response:
    """The answer under a tag of its content, or nothing where the asker has that content already."""
    body = _written(made)
    if endpoint.method != "GET":
        return Response(body, {"Content-Type": endpoint.media_type}, endpoint.status)
    etag = f'"{_tag(made, body)}"'
    if etag in request.headers.get("if-none-match", ""):
        return Response("", {"ETag": etag}, 304)
    return Response(body, {"Content-Type": endpoint.media_type, "ETag": etag}, endpoint.status)


def _tag(made: BaseModel | Mapping[str, Any] | str, body: str) -> str:
    return made.version if isinstance(made, Versioned) else hashlib.sha256(body.encode()).hexdigest()[:32]


def _written(made: BaseModel | Mapping[str, Any] | str) -> str:
    if isinstance(made, BaseModel):
        return made.model_dump_json(by_alias=True)
    return made if isinstance(made, str) else json.dumps(made)


def _refuse(error: Exception, request_id: str) -> Response:
    sort = sort_of(error)
    if sort.status >= INTERNAL.status:
        logger.error("request failed", exc_info=error, extra={"request_id": request_id})
    return _told(problem_of(error, request_id=request_id))


def _told(one: Problem) -> Response:
    headers: dict[str, str | list[str]] = {"Content-Type": MEDIA_TYPE}
    if one.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if one.status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return Response(one.model_dump_json(exclude_none=True), headers, one.status)


def _in_our_words(request: Any, get_response: Callable[[Any], Response]) -> Response:
    """What Chalice refuses by itself, a method that a path doesn't have, as a problem like all others."""
    response = get_response(request)
    if response.status_code != METHOD_NOT_ALLOWED.status:
        return response
    told = _told(problem(METHOD_NOT_ALLOWED, "this path has no such method", request_id=_request_id(request)))
    told.headers |= response.headers
    return told


def _request_id(request: Any) -> str:
    """API Gateway's, which its own log has; on a laptop that of the invocation."""
    return str(request.context.get("requestId") or request.lambda_context.aws_request_id)


def _log(endpoint: Endpoint, status: int, request_id: str) -> None:
    route = f"{endpoint.method} {endpoint.path}"
    logger.info("answered", extra={"route": route, "status": status, "request_id": request_id})


def _cors() -> CORSConfig | None:
    origin = cors_origin()
    if origin is None:
        return None
    return CORSConfig(allow_origin=origin, allow_headers=_MAY_BE_SENT, expose_headers=_MAY_BE_READ, max_age=600)
