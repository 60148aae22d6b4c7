"""Cursors: where a page ended, as one opaque word that belongs to its query.

They are not signed, because there is nothing in them to gain: what a cursor leads to is held against the asker's
permissions like everything else. They are checked, because a wrong one must be a refusal and not a wrong page.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from chalicelib.api.fields import PageQuery
from chalicelib.errors import InvalidInput

T = TypeVar("T")


def after(query: PageQuery) -> Any:
    """The position that a query's cursor names, None at the beginning; raises InvalidInput."""
    if query.cursor is None:
        return None
    try:
        belongs_to, position = json.loads(base64.urlsafe_b64decode(query.cursor + "=="))
    except (ValueError, TypeError) as error:
        raise InvalidInput("the cursor is none of ours") from error
    if belongs_to != _digest(query):
        raise InvalidInput("the cursor belongs to another query")
    return position


def cursor(query: PageQuery, position: Any) -> str:
    """A word for a position, which is anything that JSON can say."""
    return base64.urlsafe_b64encode(json.dumps([_digest(query), position]).encode()).decode().rstrip("=")


def page_by_id(items: Iterable[T], query: PageQuery, *, key: Callable[[T], str]) -> tuple[Sequence[T], str | None]:
    """The part of a list in memory that a query asks for, in the order of its ids, and the cursor of the next."""
    position = after(query)
    if not isinstance(position, str | None):
        raise InvalidInput("the cursor is none of ours")
    rest = sorted((one for one in items if position is None or key(one) > position), key=key)
    part = rest[: query.limit]
    return part, cursor(query, key(part[-1])) if len(rest) > len(part) else None


def _digest(query: BaseModel) -> str:
    """The filters, without where and how much."""
    filters = query.model_dump_json(exclude={"cursor", "limit"})
    return hashlib.sha256(f"{type(query).__name__}{filters}".encode()).hexdigest()[:12]
