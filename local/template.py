"""Reads the template that is deployed, so that the local cloud is made of the same resources.

Only the parts named here are read, by the very loader that merges them: their resources with a Type
are all there is beside the functions, which a laptop runs in process. The cost: what Chalice itself generates is not
rehearsed here but in tests/package.
"""

import re
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from infra.template import FOLDER, join
from infra.template import read_template as read_part

PARTS = ("template.yaml", "law.yaml", "evidence.yaml")

Template = Mapping[str, Any]


def read_template() -> Template:
    """The parts of the merge template that a laptop has, with their short tags (`!Ref`) written out."""
    return reduce(join, (read_part(FOLDER / name) for name in PARTS))


def resources(template: Template, kind: str | None = None) -> dict[str, Any]:
    """The resources that are ours by logical id, or those of one type, such as `AWS::S3::Bucket`."""
    ours = {name: resource for name, resource in template["Resources"].items() if "Type" in resource}
    return {name: resource for name, resource in ours.items() if kind in (None, resource["Type"])}


def environment_of_functions(template: Template) -> dict[str, Any]:
    """The variables that every function gets, still with intrinsics."""
    variables: dict[str, Any] = template["Globals"]["Function"]["Environment"]["Variables"]
    return variables


def event_source(template: Template, function: str) -> dict[str, Any]:
    """The properties that the template lays over a function's one event source."""
    (source,) = template["Resources"][function]["Properties"]["Events"].values()
    properties: dict[str, Any] = source["Properties"]
    return properties


def intrinsics(value: Any) -> Iterator[dict[str, Any]]:
    """Every `{"Ref": …}` and `{"Fn::…": …}` inside a value, outermost only."""
    if _is_intrinsic(value):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from intrinsics(part)


def resolve(value: Any, outputs: Mapping[str, str]) -> Any:
    """The value with each intrinsic replaced by the stack output that `output_name` names."""
    if _is_intrinsic(value):
        return outputs[output_name(value)]
    if isinstance(value, dict):
        return {key: resolve(part, outputs) for key, part in value.items()}
    return [resolve(part, outputs) for part in value] if isinstance(value, list) else value


def output_name(intrinsic: Mapping[str, Any]) -> str:
    """A name for the stack output that carries an intrinsic's value, the same for the same intrinsic."""
    return re.sub(r"[^A-Za-z0-9]", "", repr(sorted(intrinsic.items())))


def _is_intrinsic(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))
