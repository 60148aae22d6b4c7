"""layers.toml as values: which layers there are, what goes into them and what is left out, each with its reason."""

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from layers.build.errors import LayerError

ROOT = Path(__file__).parent.parent.parent
PLAN = Path(__file__).parent / "layers.toml"

_STRICT = ConfigDict(extra="forbid", frozen=True)


@checked(config=_STRICT)
class Trim:
    """Files left out of every layer: a pattern over paths in which `*` also crosses folders, save some folders."""

    files: str
    why: str
    spared: tuple[str, ...] = Field(default=(), alias="except")

    def covers(self, path: str) -> bool:
        """Whether the file at this POSIX path inside a layer's python folder is left out."""
        return fnmatchcase(path, self.files) and not any(f"/{name}/" in path for name in self.spared)


@checked(config=_STRICT)
class Layer:
    """Packages installed together: a locked requirements file, less some of them by name.

    `function` is the one that has it, beside the runtime's; None where the heaviest has.
    """

    name: str
    requirements: Path
    without: dict[str, str]
    function: str | None = None


@checked(config=_STRICT)
class Plan:
    """All of layers.toml; `architectures` maps Lambda's name to the wheels', `newest_symbols` a prefix to a version."""

    python: str
    function: str
    goal_bytes: int
    budget_bytes: int
    newest_symbols: dict[str, str]
    architectures: dict[str, str]
    layers: tuple[Layer, ...]
    trim: tuple[Trim, ...]

    @property
    def apart(self) -> frozenset[str]:
        """The layers that the heaviest function does without."""
        return frozenset(layer.name for layer in self.layers if layer.function)


def read_plan(path: Path = PLAN) -> Plan:
    """Read the plan; raises LayerError where it is not as it should be."""
    try:
        return TypeAdapter(Plan).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise LayerError(f"cannot use {path.name}: {error}") from error
