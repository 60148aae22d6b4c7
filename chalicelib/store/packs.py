"""A city pack as it travels: JSON in and out, held to the types of the domain.

Only the shape is checked here. What one part says of another is checked once, when the pack is compiled from YAML
(city/reading.py), so that a function that starts doesn't do it again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from chalicelib.domain.city import CityPack
from chalicelib.errors import Unsound

LONGEST_TOLD = 120
"""Characters of a wrong value."""

EDITED = ".edited"
"""Ends the version of a pack that was changed since it was compiled from its folder."""

_PACK = TypeAdapter(CityPack)


def pack_to_json(pack: CityPack) -> bytes:
    """Render a pack as UTF-8 JSON, the same bytes for the same pack."""
    return _PACK.dump_json(pack)


def pack_from_json(data: bytes) -> CityPack:
    """Read a pack; raises Unsound with one line for every value of a wrong type or missing."""
    try:
        return _PACK.validate_json(data, strict=True)
    except ValidationError as error:
        raise Unsound(_problems(error)) from error


def versioned(pack: CityPack, *, mark: str = "") -> CityPack:
    """The pack under the version that it declares and the digest of what it says: `2025-07-01+81b85a0dd634`."""
    declared = declared_version(pack)
    digest = hashlib.sha256(pack_to_json(replace(pack, version=declared))).hexdigest()
    return replace(pack, version=f"{declared}+{digest[:12]}{mark}")


def declared_version(pack: CityPack) -> str:
    """What its author calls it, without the digest."""
    return pack.version.rpartition("+")[0] or pack.version


def _problems(error: ValidationError) -> Iterator[str]:
    """Each as `cameras[3].latitude: input should be a valid number, not 'north'`."""
    for one in error.errors(include_url=False, include_context=False):
        message = one["msg"][0].lower() + one["msg"][1:]
        given = "" if one["type"] == "missing" else f", not {_shortened(one['input'])}"
        yield f"{_place(one['loc'])}: {message}{given}"


def _shortened(value: object) -> str:
    told = repr(value)
    return told if len(told) <= LONGEST_TOLD else f"{told[:LONGEST_TOLD]}…"


def _place(loc: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".") or "pack"
