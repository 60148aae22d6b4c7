"""The manifest of the demo, parsed and checked once."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from layers.models.manifest import PackageSource

MANIFEST = Path(__file__).parent / "manifest.toml"

Staging = Literal["fire", "flood", "garbage", "jam", "cover", "passer_by"]
Share = Annotated[float, Field(ge=0, le=1)]

SIMULATED: tuple[Staging, ...] = ("fire", "flood", "garbage", "jam")
"""What is painted on a photograph; the other stagings only transform and combine real ones."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Package(_Frozen):
    """Where photographs come from, and on what terms."""

    author: str
    licence: str
    shows: str
    source: PackageSource


class Outline(_Frozen):
    """A thing in a photograph, as a polygon in its pixels."""

    photograph: str
    outline_px: tuple[tuple[int, int], ...]


class DemoCamera(_Frozen):
    """The part a camera plays: its view, and what is staged in it and must be found."""

    id: str
    photograph: str
    expects: str | None = None
    staging: Staging | None = None
    crop_rel: tuple[Share, Share, Share, Share] = (0, 0, 1, 1)
    size_share: Share = 0.5
    position_rel: tuple[Share, Share] = (0.5, 1)


class LabelledCamera(_Frozen):
    """A camera that shows photographs of one class out of a folder beside the project."""

    id: str
    folder: str
    expects: str | None = None


class DemoManifest(_Frozen):
    """All of it; photographs are named by their file, which no two packages share."""

    packages: dict[str, Package]
    cutouts: dict[str, Outline]
    cameras: tuple[DemoCamera, ...]
    labelled: tuple[LabelledCamera, ...]


def read_demo_manifest(path: Path = MANIFEST) -> DemoManifest:
    """Read the manifest that ships, or another; raises pydantic's ValidationError where it doesn't hold."""
    return DemoManifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
