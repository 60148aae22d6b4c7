"""The OpenAPI 3.1 document, made of the routes' own declarations, so that it cannot say what they don't do."""

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib.api.endpoints import JSON, Endpoint
from chalicelib.api.problems import MEDIA_TYPE, Problem

VERSION = "1.0.0"
"""Of the API, not of matpho: raised where a client must change."""

_SCHEME = "token"
_REFS = "#/components/schemas/{model}"

_SAID = {
    304: "What `If-None-Match` names is still so.",
    400: "The body is no JSON.",
    401: "No token, or one that doesn't hold.",
    403: "None of your roles has the permission.",
    404: "There is no such thing, or it is none of yours.",
    405: "This path has no such method.",
    409: "It is in another state than you thought; `current`, if there, says how it is now.",
    413: "The body is too large.",
    415: "The body is not said to be JSON.",
    422: "Parts of the request don't hold; `errors` says which.",
    429: "Too much at once.",
    500: "Something went wrong inside; the request id leads to it.",
    503: "Something that is needed does not answer; try again after `Retry-After` seconds.",
}

_Models = Mapping[Any, Mapping[str, Any]]
"""References to definitions by model and mode."""


def describe(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The document of these endpoints; the same ones always give the same document."""
    models, definitions = models_json_schema(sorted(_models(endpoints), key=str), ref_template=_REFS)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, models)
    return {
        "openapi": "3.1.0",
        "info": {"title": "matpho", "version": VERSION, "description": "Camera frames in, the right unit alerted."},
        "servers": [{"url": "."}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {_SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _models(endpoints: Iterable[Endpoint]) -> set[tuple[type[BaseModel], JsonSchemaMode]]:
    sent = {(one.body, "validation") for one in endpoints if one.body}
    answered = {(one.answer, "serialization") for one in endpoints if _is_model(one.answer)}
    return sent | answered | {(Problem, "serialization")}  # type: ignore[return-value]  # literals widen to str


def _operation(endpoint: Endpoint, models: _Models) -> dict[str, Any]:
    summary, _, description = (inspect.getdoc(endpoint.handler) or "").partition("\n\n")
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": summary,
        "parameters": list(_parameters(endpoint)),
        "responses": _responses(endpoint, models),
    }
    if description:
        operation["description"] = description
    if endpoint.needs is not None:
        operation |= {"security": [{_SCHEME: []}], "x-permission": endpoint.needs.value}
    if endpoint.body:
        content = {JSON: {"schema": models[endpoint.body, "validation"]}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameters(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """Those of path and query, their schemas in place, each with its description beside it."""
    for where, model in (("path", endpoint.path_model), ("query", endpoint.query)):
        schema = model.model_json_schema() if model else {}
        for name, one in schema.get("properties", {}).items():
            required = name in schema.get("required", ())
            yield {"name": name, "in": where, "required": required, "schema": _inlined(one, schema.get("$defs", {}))}

    if endpoint.keyed:
        described = "Yours for this very request: under the same key it may come again and is done once."
        yield _header("Idempotency-Key", "^[A-Za-z0-9_-]{8,64}$", described)
    if endpoint.method == "PUT":
        yield _header("If-Match", '^"[!#-~]{1,128}"$', "The ETag of what you saw, and now replace.")


def _header(name: str, pattern: str, described: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "header", "required": True, "schema": schema, "description": described}


def _inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """A schema that needs no definitions: those of parameters are enumerations at most."""
    if isinstance(schema, dict) and "$ref" in schema:
        return definitions[schema["$ref"].rsplit("/", 1)[-1]]
    if isinstance(schema, dict):
        return {name: _inlined(one, definitions) for name, one in schema.items()}
    return [_inlined(one, definitions) for one in schema] if isinstance(schema, list) else schema


def _responses(endpoint: Endpoint, models: _Models) -> dict[str, Any]:
    content = {endpoint.media_type: {"schema": _answer(endpoint, models)}}
    responses: dict[str, Any] = {str(endpoint.status): {"description": "So it is.", "content": content}}
    if endpoint.method == "GET":
        responses["304"] = {"description": _SAID[304]}
    told = {MEDIA_TYPE: {"schema": models[Problem, "serialization"]}}
    return responses | {str(status): {"description": _SAID[status], "content": told} for status in _refusals(endpoint)}


def _answer(endpoint: Endpoint, models: _Models) -> Mapping[str, Any]:
    if _is_model(endpoint.answer):
        return models[endpoint.answer, "serialization"]
    return {"type": "string" if endpoint.answer is str else "object"}


def _refusals(endpoint: Endpoint) -> list[int]:
    """The statuses that this endpoint can refuse with."""
    statuses = {405, 429, 500, 503}
    if endpoint.needs is not None:
        statuses |= {401, 403}
    if endpoint.path_model.model_fields:
        statuses |= {404, 422}
    if endpoint.query:
        statuses |= {404, 422}
    if endpoint.body:
        statuses |= {400, 404, 413, 415, 422}
    names_version = endpoint.body is not None and "version" in endpoint.body.model_fields
    if endpoint.keyed or endpoint.stateful or names_version or endpoint.method == "PUT":
        statuses |= {409}
    return sorted(statuses)


def _is_model(answer: Any) -> bool:
    return isinstance(answer, type) and issubclass(answer, BaseModel)
