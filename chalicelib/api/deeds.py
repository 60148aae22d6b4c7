"""What routes on records of the law have in common: a request makes one record, and an act is done once."""

import hashlib
from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field

from chalicelib import bootstrap_law
from chalicelib.api.endpoints import Call
from chalicelib.api.problems import refusal
from chalicelib.domain.deeds import Deed, Kept
from chalicelib.errors import StaleVersion, WrongState
from chalicelib.store.law_ports import DeedStore

K = TypeVar("K", bound=Kept)

RecordId = Annotated[str, Field(pattern="^[A-Za-z0-9-]{1,64}$", examples=["5f1d0c7a9b3e4826"])]
Category = Annotated[str, Field(pattern="^[a-z0-9_-]{1,64}$", examples=["missing_person"])]
Purpose = Annotated[str, Field(min_length=1, max_length=200, examples=["case 7/2026"])]
"""What something is done for, in the words of whoever does it; it goes into the audit."""

Version = Annotated[int, Field(ge=1, description="Of the record as you saw it.")]


def id_of(call: Call) -> str:
    """The id of what a keyed request makes: the same when the same person sends it again."""
    return hashlib.sha256(f"{call.actor.subject}\n{call.key}".encode()).hexdigest()[:16]


def request_once(store: DeedStore[K], record_id: str, request: Callable[[], K]) -> K:
    """What a request makes, or has made before."""
    known = store.get(record_id)
    return request() if known is None else _again(known)


def act_once(
    store: DeedStore[K],
    record_id: str,
    *,
    version: int,
    act: Callable[[], K],
    is_it: Callable[[Deed[K]], bool],
    view: Callable[[K], BaseModel],
) -> K:
    """The record as it became; `is_it` knows the very act among the deeds, in the place after the version it names.

    Raises Refusal with the record as it is now where it has moved on or doesn't allow the act.
    """
    try:
        return act()
    except (StaleVersion, WrongState) as error:
        deeds = store.deeds(record_id)
        if any(map(is_it, deeds[version : version + 1])):
            return _again(deeds[-1].after)
        raise refusal(error, current=view(deeds[-1].after)) from error


def _again(record: K) -> K:
    """What was done before may have failed just before analysers heard of it."""
    bootstrap_law.publish_mandate()()
    return record
