"""Keys that no field has: a misspelt option must not pass as its default."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args, get_type_hints

_AS_THEIR_FIELDS: Mapping[type, Collection[str]] = {}


def unknown_keys(
    place: str, value: Any, shape: type, *, written: Mapping[type, Collection[str]] = _AS_THEIR_FIELDS
) -> Iterator[str]:
    """Every `{place}.key: no such key` in the value of a dataclass, however deep.

    `written` says of a type whose keys in the file aren't its fields what they are.
    """
    if not isinstance(value, dict):
        return
    keys = written.get(shape, [field.name for field in dataclasses.fields(shape)])
    yield from (f"{place}.{key}".lstrip(".") + ": no such key" for key in value if key not in keys)
    for name, hint in get_type_hints(shape).items():
        for inner in _dataclasses_of(hint):
            yield from _below(f"{place}.{name}".lstrip("."), value.get(name), inner, written)


def _below(place: str, value: Any, shape: type, written: Mapping[type, Collection[str]]) -> Iterator[str]:
    if isinstance(value, list):
        for n, item in enumerate(value):
            yield from unknown_keys(f"{place}[{n}]", item, shape, written=written)
    else:
        yield from unknown_keys(place, value, shape, written=written)


def _dataclasses_of(hint: Any) -> Iterator[type]:
    """The dataclass that a hint is, holds many of, or may be instead of None."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        yield hint
    for part in get_args(hint):
        yield from _dataclasses_of(part)
