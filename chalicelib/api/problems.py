"""What went wrong, as RFC 9457 problem details: plain sentences for people, a type for programs, no internals.

One table says which error becomes which status. What the deployment or its neighbours did wrong is told in general
words only, and in full in the log, under the same request id.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from chalicelib.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotIdentified,
    Permanent,
    StaleVersion,
    Transient,
    Unsound,
    WrongState,
)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2


class Unreadable(InvalidInput):
    """The body is no JSON."""


class TooLarge(InvalidInput):
    """The body is larger than anything that is expected."""


class WrongMediaType(InvalidInput):
    """The body is said to be something else than JSON."""


class Misfit(InvalidInput):
    """Parts of the request don't hold; `places` says which, each with the reason."""

    def __init__(self, where: str, places: "Iterable[Place]") -> None:
        self.places = tuple(places)
        super().__init__(f"the {where} doesn't hold in {len(self.places)} of its parts")


class Refusal(Permanent):
    """A refusal that shows the thing as it is now."""

    def __init__(self, sort: "Sort", why: str, current: BaseModel) -> None:
        super().__init__(why)
        self.sort = sort
        self.current = current.model_dump(mode="json", by_alias=True)


class Place(BaseModel):
    """A part of the request that doesn't hold."""

    at: str = Field(description="Where: `body.camera_id`, `query.limit`.")
    problem: str


class Problem(BaseModel):
    """What went wrong: RFC 9457."""

    type: str = Field(description="The same for the same sort of problem: `urn:matpho:problem:not-found`.")
    title: str
    status: int
    detail: str
    request_id: str = Field(description="Give it to whoever looks after matpho.")
    errors: tuple[Place, ...] | None = None
    current: dict[str, Any] | None = Field(default=None, description="On a conflict: the thing as it is now.")


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of problem: its status, its name in `type`, and, where the error must not speak for itself, a sentence."""

    status: int
    name: str
    instead: str = ""


METHOD_NOT_ALLOWED = Sort(405, "method-not-allowed")
TOO_MANY_REQUESTS = Sort(429, "too-many-requests", "that was too much at once: try again in a moment")
INTERNAL = Sort(500, "internal", "something went wrong inside matpho: the request id leads to it in the log")

SORTS: Mapping[type[Exception], Sort] = {
    Unreadable: Sort(400, "unreadable"),
    NotIdentified: Sort(401, "not-identified"),
    NotAllowed: Sort(403, "not-allowed"),
    NotFound: Sort(404, "not-found"),
    WrongState: Sort(409, "wrong-state"),
    StaleVersion: Sort(409, "stale-version"),
    Conflict: Sort(409, "conflict", "somebody else changed it at the same moment: look at it again"),
    TooLarge: Sort(413, "too-large"),
    WrongMediaType: Sort(415, "wrong-media-type"),
    InvalidInput: Sort(422, "invalid"),
    Permanent: Sort(422, "refused"),
    Transient: Sort(503, "try-again", "something that matpho needs does not answer: try again in a moment"),
    Exception: INTERNAL,
}


def sort_of(error: Exception) -> Sort:
    """The sort of the nearest class that the table names."""
    if isinstance(error, Refusal):
        return error.sort
    return next(SORTS[kind] for kind in type(error).__mro__ if kind in SORTS)


def problem_of(error: Exception, *, request_id: str) -> Problem:
    """The problem that an error is to whoever asked."""
    sort = sort_of(error)
    told = problem(sort, sort.instead or str(error), request_id=request_id)
    places = error.places if isinstance(error, Misfit) else None
    current = error.current if isinstance(error, Refusal) else None
    return told.model_copy(update={"errors": places, "current": current})


def misfit(where: str, error: ValidationError) -> Misfit:
    """What pydantic has against a part of the request."""
    return Misfit(where, _places(where, error))


def unsound(where: str, error: Unsound) -> Misfit:
    """What is wrong with a city pack, or a part of it, that stands in the body at `where`."""
    return Misfit("body", (Place(at=f"{where}.{at}", problem=why) for at, _, why in map(_parted, error.problems)))


def refusal(error: WrongState | StaleVersion, *, current: BaseModel) -> Refusal:
    """The same refusal, with the thing as it is now."""
    return Refusal(sort_of(error), str(error), current)


def problem(sort: Sort, detail: str, *, request_id: str) -> Problem:
    """A problem of a sort, its detail made a sentence."""
    return Problem(
        type=f"urn:matpho:problem:{sort.name}",
        title=_sentence(sort.name.replace("-", " ")).removesuffix("."),
        status=sort.status,
        detail=_sentence(detail),
        request_id=request_id,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _parted(problem: str) -> tuple[str, str, str]:
    return problem.partition(": ")


def _places(where: str, error: ValidationError) -> Iterator[Place]:
    """Where and why, without the value: it may be somebody's name."""
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        path = ".".join(map(str, (where, *one["loc"])))
        yield Place(at=path, problem=one["msg"][0].lower() + one["msg"][1:])
