"""YAML that remembers its lines, so that every problem is told where a person can mend it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chalicelib.errors import InvalidInput

_SEXAGESIMAL = re.compile(r"^-?[0-9]+(:[0-9]{2})+$")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # whichever is built
    """YAML without the numbers of base sixty: in YAML 1.1 the hour 22:00 is 1320, here it is the text it looks like."""


_Loader.add_implicit_resolver("tag:yaml.org,2002:str", _SEXAGESIMAL, list("-0123456789"))
for _first, _resolvers in list(_Loader.yaml_implicit_resolvers.items()):  # the first that fits wins
    _Loader.yaml_implicit_resolvers[_first] = sorted(_resolvers, key=lambda one: one[1] is not _SEXAGESIMAL)


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file: its data, and its node tree that remembers the lines."""

    path: Path
    data: Any
    root: yaml.Node | None


def load(path: Path, *, optional: bool = False) -> Source:
    """Read a file; one that is optional and missing is an empty list. Raises InvalidInput with the line."""
    if optional and not path.exists():
        return Source(path, [], None)
    try:
        loader = _Loader(path.read_bytes())
        root = loader.get_single_node()
        return Source(path, loader.construct_document(root) if root else None, root)
    except FileNotFoundError as error:
        raise InvalidInput(f"{path}: no such file") from error
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        raise InvalidInput(f"{path}:{mark.line + 1 if mark else 1}: {problem or 'not readable as YAML'}") from error


def read_nodes(text: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Each entry of a list in YAML, and where in the text it begins and ends."""
    loader = _Loader(text)
    root = loader.get_single_node()
    for node in root.value if isinstance(root, yaml.SequenceNode) else ():
        yield node.start_mark.index, _end(node), loader.construct_document(node)


def located(problems: Iterable[str], sources: Mapping[str, Source], *, rest: str) -> InvalidInput:
    """Problems such as `cameras[3].profile: field required` with file and line; `rest` holds what is no section."""
    return InvalidInput("\n".join(_locate(problem, sources, rest) for problem in problems))


def _end(node: yaml.Node) -> int:
    """Where a node's last value ends: in block style YAML takes the blank lines and comments after it for its own."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _locate(problem: str, sources: Mapping[str, Source], rest: str) -> str:
    section, *parts = re.findall(r"[^.\[\]]+", problem.split(": ", maxsplit=1)[0])
    source = sources.get(section)
    if source is None or section == rest:
        source, parts = sources[rest], [section, *parts]
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
