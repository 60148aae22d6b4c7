"""How a route is declared: its permission in the decorator, everything else in the signature of its function.

    @routes.get("/cameras/{camera_id}", needs=Permission.CAMERA_READ)
    def read_camera(call: Call, camera_id: CameraId) -> CameraView:
        '''One camera, and when it was last heard of.'''

`call` is who asks, `query` and `body` are pydantic models, all other parameters stand in the path, and what is returned
is the answer. The edge (edge.py) parses and refuses by this declaration, and the OpenAPI document is made of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import Permission, Scope, may
from chalicelib.errors import NotFound

Handler = Callable[..., BaseModel | Mapping[str, Any] | str]
SomeHandler = TypeVar("SomeHandler", bound=Handler)

JSON = "application/json"

MOST_BYTES = 65_536
"""Of a body, where a route doesn't say otherwise."""

_CALL, _QUERY, _BODY, _ANSWER = "call", "query", "body", "return"


class Versioned(BaseModel):
    """An answer whose ETag is its version, for a PUT to name in If-Match; any other is known by its content."""

    version: str = Field(description="Of the city pack in force.", examples=["2025-07-01+81b85a0dd634"])


class Strict(BaseModel):
    """What is sent to us: a name that we don't know is a slip, and is said to be one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks, by which permission, and the request's id."""

    actor: Actor
    needs: Permission | None
    request_id: str
    key: str = ""
    """What the client calls this very request, the same when it sends it again; only on routes that are `keyed`."""

    seen: str = ""
    """The version that the client saw, of what it replaces; only on PUT."""

    def reaches(self, scope: Scope) -> bool:
        """Whether what is asked for lies within what the asker may."""
        return self.needs is None or may(self.actor, self.needs, scope)

    def require(self, scope: Scope, what: str) -> None:
        """Raise NotFound on what is another's: that it exists is theirs to know, too."""
        if not self.reaches(scope):
            raise NotFound(f"there is no {what}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path. `needs` is None where it is open to all."""

    method: str
    path: str
    needs: Permission | None
    status: int
    media_type: str
    tag: str
    handler: Handler
    takes_call: bool
    keyed: bool
    most_bytes: int
    stateful: bool
    path_model: type[BaseModel]
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    answer: Any

    @property
    def name(self) -> str:
        return self.handler.__name__


class Routes:
    """The endpoints of one resource, in the order in which they were declared."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.endpoints: list[Endpoint] = []

    def get(
        self, path: str, *, needs: Permission | None, media_type: str = JSON, stateful: bool = False
    ) -> Callable[[SomeHandler], SomeHandler]:
        """What is no JSON, its function writes out as a string; `stateful` is refused while things stand otherwise."""
        return self._declare("GET", path, needs, media_type=media_type, stateful=stateful)

    def post(
        self,
        path: str,
        *,
        needs: Permission | None,
        status: int = 200,
        keyed: bool = False,
        most_bytes: int = MOST_BYTES,
    ) -> Callable[[SomeHandler], SomeHandler]:
        """`keyed` wants an Idempotency-Key, under which the same request may come again and be done once."""
        return self._declare("POST", path, needs, status=status, keyed=keyed, most_bytes=most_bytes)

    def put(
        self, path: str, *, needs: Permission | None, most_bytes: int = MOST_BYTES
    ) -> Callable[[SomeHandler], SomeHandler]:
        """Replaces what the header If-Match names, and nothing that has become another since."""
        return self._declare("PUT", path, needs, most_bytes=most_bytes)

    def _declare(
        self,
        method: str,
        path: str,
        needs: Permission | None,
        *,
        status: int = 200,
        keyed: bool = False,
        media_type: str = JSON,
        most_bytes: int = MOST_BYTES,
        stateful: bool = False,
    ) -> Callable[[SomeHandler], SomeHandler]:
        def declare(handler: SomeHandler) -> SomeHandler:
            hints = get_type_hints(handler, include_extras=True)
            endpoint = Endpoint(
                method=method,
                path=path,
                needs=needs,
                status=status,
                media_type=media_type,
                keyed=keyed,
                most_bytes=most_bytes,
                stateful=stateful,
                tag=self.tag,
                handler=handler,
                answer=hints.pop(_ANSWER),
                takes_call=hints.pop(_CALL, None) is not None,
                query=hints.pop(_QUERY, None),
                body=hints.pop(_BODY, None),
                path_model=_model_of_path(handler.__name__, hints),
            )
            self.endpoints.append(endpoint)
            return handler

        return declare


def _model_of_path(name: str, hints: Mapping[str, Any]) -> type[BaseModel]:
    fields: dict[str, Any] = {one: (hint, ...) for one, hint in hints.items()}
    return create_model(f"{name}_path", __base__=Strict, **fields)
