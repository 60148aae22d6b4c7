"""Writes what was set in the console back into a folder's cameras.yaml: those cameras' entries, and no other character.

The cost: an entry that is written is one line in flow style, and comments inside it are gone.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import yaml
from pydantic_core import to_jsonable_python

from chalicelib.domain.camera_view import VIEW_FIELDS
from chalicelib.domain.city import Camera
from city.sources import read_nodes


def with_views(text: str, cameras: Iterable[Camera | None]) -> str:
    """The text of a cameras.yaml in which these cameras look for what, where and when they do now."""
    wanted = {one.id: one for one in cameras if one is not None}
    for start, end, entry in reversed(list(read_nodes(text))):
        camera = wanted.get(entry.get("id", ""))
        if camera is not None:
            text = f"{text[:start]}{flow(_with_view(entry, camera))}{text[end:]}"
    return text


def flow(item: Mapping[str, Any]) -> str:
    """One flow mapping, which keeps a change to one camera a change of one line."""
    text: str = yaml.safe_dump(item, default_flow_style=True, allow_unicode=True, sort_keys=False, width=math.inf)
    return text.strip()


def _with_view(entry: Mapping[str, Any], camera: Camera) -> Mapping[str, Any]:
    """What isn't set at all isn't written; 0 seconds are set."""
    given = to_jsonable_python(asdict(camera))
    view = {name: given[name] for name in VIEW_FIELDS if given[name] not in (None, [])}
    return {name: value for name, value in entry.items() if name in view or name not in VIEW_FIELDS} | view
