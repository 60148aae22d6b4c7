"""The template that is laid over Chalice's own, out of its parts in this folder.

Chalice merges one file; one file for everything would be a thousand lines. The parts never set the same value twice.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalice.package import YAMLTemplateSerializer

FOLDER = Path(__file__).parent
PARTS = (
    "template.yaml",
    "layers.yaml",
    "identity.yaml",
    "law.yaml",
    "evidence.yaml",
    "audit.yaml",
    "operations.yaml",
    "leisure.yaml",
    "alarms.yaml",
    "suppressions.yaml",
)

Template = dict[str, Any]


def joined_parts() -> Template:
    """All parts as one template; raises ValueError where two of them set the same value."""
    whole: Template = {}
    for name in PARTS:
        whole = join(whole, read_template(FOLDER / name))
    return whole


def read_template(path: Path) -> Template:
    """A template with its short tags (`!Ref`) written out, as Chalice reads it."""
    template: Template = YAMLTemplateSerializer().load_template(path.read_text(encoding="utf-8"), str(path))
    return template


def write_template(template: Template, path: Path) -> None:
    path.write_text(YAMLTemplateSerializer().serialize_template(template), encoding="utf-8")


def join(one: Mapping[str, Any], other: Mapping[str, Any], where: str = "") -> Template:
    """Two mappings as one, level by level; raises ValueError naming the value that both set."""
    joined = dict(one)
    for name, value in other.items():
        path = f"{where}/{name}"
        if name not in joined:
            joined[name] = value
        elif isinstance(value, Mapping) and isinstance(joined[name], Mapping):
            joined[name] = join(joined[name], value, path)
        else:
            raise ValueError(f"two parts of the template set {path!r}")
    return joined
