"""A city pack as it travels: JSON in and out, held to the types of the domain.

Only the shape is checked here. What one part says of another is checked once, when the pack is compiled from YAML
(city/reading.py), so that a function that starts doesn't do it again.
"""

from collections.abc import Iterator

from pydantic import TypeAdapter, ValidationError

from chalicelib.domain.city import CityPack
from chalicelib.errors import InvalidInput

_PACK = TypeAdapter(CityPack)


def pack_to_json(pack: CityPack) -> bytes:
    """Render a pack as UTF-8 JSON, the same bytes for the same pack."""
    return _PACK.dump_json(pack)


def pack_from_json(data: bytes) -> CityPack:
    """Read a pack; raises InvalidInput with one line for every value of a wrong type or missing."""
    try:
        return _PACK.validate_json(data, strict=True)
    except ValidationError as error:
        raise InvalidInput("\n".join(_problems(error))) from error


def _problems(error: ValidationError) -> Iterator[str]:
    """Each as `cameras[3].latitude: input should be a valid number, not 'north'`."""
    for one in error.errors(include_url=False, include_context=False):
        message = one["msg"][0].lower() + one["msg"][1:]
        given = "" if one["type"] == "missing" else f", not {one['input']!r}"
        yield f"{_place(one['loc'])}: {message}{given}"


def _place(loc: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".") or "pack"
