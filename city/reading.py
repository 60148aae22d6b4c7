"""From a folder of YAML to a city pack, or to every error in it by file, line and value.

YAML is for people: this module and pyyaml stay out of the functions, which get the compiled JSON.
"""

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chalicelib.domain.city import Area, Camera, CameraProfile, CityPack, FaceBudget, KindPolicy, Route, Unit
from chalicelib.domain.city_check import check_pack
from chalicelib.errors import InvalidInput
from chalicelib.store.packs import pack_from_json, pack_to_json

_SECTIONS: dict[str, type] = {
    "areas": Area,
    "units": Unit,
    "routes": Route,
    "kinds": KindPolicy,
    "profiles": CameraProfile,
    "cameras": Camera,
}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class _Source:
    """One YAML file: its data, and its node tree that remembers the lines."""

    path: Path
    data: Any
    root: yaml.Node | None


def read_pack(folder: Path) -> CityPack:
    """Read `city.yaml` and a file for each section; the version becomes `{declared}+{digest of the content}`.

    Raises InvalidInput with a line for every problem: `testville/cameras.yaml:7: cameras[3].areas[0]: 'w-99' is no
    area`.
    """
    sources = {name: _load(folder / f"{name}.yaml") for name in ("city", *_SECTIONS)}
    raw = _merge(sources)
    problems = list(_unknown_keys(raw))
    try:
        pack = pack_from_json(json.dumps(raw, default=str).encode())
    except InvalidInput as error:
        raise _located([*problems, *str(error).splitlines()], sources) from error
    problems += check_pack(pack)
    if problems:
        raise _located(problems, sources)
    digest = hashlib.sha256(pack_to_json(pack)).hexdigest()
    return dataclasses.replace(pack, version=f"{pack.version}+{digest[:12]}")


def _load(path: Path) -> _Source:
    try:
        loader = _Loader(path.read_bytes())
        root = loader.get_single_node()
        return _Source(path, loader.construct_document(root) if root else None, root)
    except FileNotFoundError as error:
        raise InvalidInput(f"{path}: no such file") from error
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        raise InvalidInput(f"{path}:{mark.line + 1 if mark else 1}: {problem or 'not readable as YAML'}") from error


def _merge(sources: dict[str, _Source]) -> dict[str, Any]:
    city = sources["city"]
    if not isinstance(city.data, dict):
        raise InvalidInput(f"{city.path}:1: not a mapping")
    return {**city.data, **{section: sources[section].data for section in _SECTIONS}}


def _unknown_keys(raw: dict[str, Any]) -> Iterator[str]:
    """Keys that no field has: a misspelt option must not pass as its default."""
    yield from (f"{key}: no such key" for key in raw.keys() - _names(CityPack))
    yield from _strangers("face_budget", raw.get("face_budget"), FaceBudget)
    for section, shape in _SECTIONS.items():
        for n, item in enumerate(raw[section] or ()):
            yield from _strangers(f"{section}[{n}]", item, shape)


def _strangers(place: str, item: Any, shape: type) -> Iterator[str]:
    if isinstance(item, dict):
        yield from (f"{place}.{key}: no such key" for key in item.keys() - _names(shape))


def _names(shape: type) -> set[str]:
    return {field.name for field in dataclasses.fields(shape)}


def _located(problems: list[str], sources: dict[str, _Source]) -> InvalidInput:
    return InvalidInput("\n".join(_locate(problem, sources) for problem in problems))


def _locate(problem: str, sources: dict[str, _Source]) -> str:
    section, *parts = re.findall(r"[^.\[\]]+", problem.split(": ", maxsplit=1)[0])
    if section in _SECTIONS:
        source = sources[section]
    else:
        source, parts = sources["city"], [section, *parts]
    return f"{source.path}:{_line(source.root, parts)}: {problem}"


def _line(node: yaml.Node | None, parts: list[str]) -> int:
    """The line of the innermost part that is there; a key's own line where it has one."""
    line = node.start_mark.line + 1 if node else 1
    for part in parts:
        found = _child(node, part)
        if found is None:
            break
        node, line = found
    return line


def _child(node: yaml.Node | None, part: str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        pairs = ((value, key.start_mark.line + 1) for key, value in node.value if key.value == part)
        return next(pairs, None)
    if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        child = node.value[int(part)]
        return child, child.start_mark.line + 1
    return None
