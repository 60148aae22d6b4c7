"""The manifest of models, parsed and checked once: a slip in it is one clear line, not a broken download."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from layers.models.errors import ModelError
from layers.models.state import Records

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
HttpsUrl = Annotated[str, Field(pattern=r"^https://")]
Triple = tuple[float, float, float]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PackageSource(_Frozen):
    """Files inside one exact version of a package, named as its archive names them."""

    registry: Literal["pypi", "npm"]
    package: str
    version: str
    members: dict[str, Sha256]

    @property
    def title(self) -> str:
        """Name the archive for people."""
        return f"{self.package} {self.version} from {self.registry}"


class UrlSource(_Frozen):
    """Files a deployment hosts itself."""

    registry: Literal["url"]
    members: dict[HttpsUrl, Sha256]

    @property
    def title(self) -> str:
        """Name the files for people."""
        return ", ".join(self.members)


Source = Annotated[PackageSource | UrlSource, Field(discriminator="registry")]


class ModelEntry(_Frozen):
    """One model: where its files come from, how they become ONNX, and how a picture must be fed to it."""

    title: str
    licence: str
    converter: Literal["as_is", "yunet", "sface", "nanodet", "efficientnet_lite"]
    source: Source
    input_wh: tuple[int, int]
    layout: Literal["NCHW", "NHWC"]
    colour: Literal["rgb", "bgr"]
    mean: Triple
    std: Triple
    labels: tuple[str, ...] = ()
    feature_dim: int | None = None


Manifest = dict[str, ModelEntry]


def parse_manifest(written: Records) -> Manifest:
    """Check what was written, by job; raises ModelError naming the first field that does not hold."""
    try:
        return TypeAdapter(Manifest).validate_python(written)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ModelError(f"the manifest's {where}: {first['msg']}, got {first['input']!r}") from error
