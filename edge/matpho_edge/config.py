"""`edge.yaml`, checked whole before anything starts; what doesn't hold is one line that says where."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PositiveFloat,
    ValidationError,
    model_validator,
)

from .errors import ConfigError
from .frames import MAX_BUNDLE_FRAMES

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _require_tls(url: str) -> str:
    """A token over plain HTTP is everybody's; on the box itself nobody else listens."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS):
        raise ValueError("must begin with https://")
    return url.rstrip("/")


class Login(_Section):
    """Who the box is to a camera; the password lies in a file, so that this one can be shown to anybody."""

    user: str
    password_file: Path
    scheme: Literal["digest", "basic"] = "digest"

    def password(self) -> str:
        """Raises ConfigError when the file can't be read."""
        return read_secret(self.password_file)


class RtspSource(_Section):
    kind: Literal["rtsp"]
    url: Annotated[str, Field(pattern=r"^rtsps?://")]
    login: Login | None = None


class SnapshotSource(_Section):
    kind: Literal["snapshot"]
    url: Annotated[str, Field(pattern=r"^https?://")]
    login: Login | None = None


class VideoSource(_Section):
    """A recording: dated from `starts_at`, or from the file's own time; as fast as the box can unless `realtime`."""

    kind: Literal["video"]
    path: Path
    starts_at: AwareDatetime | None = None
    realtime: bool = False


class FolderSource(_Section):
    """A folder that a camera drops pictures into; each is dated by its file's time of modification."""

    kind: Literal["folder"]
    path: Path
    watch: bool = True
    delete_taken: bool = False


Source = Annotated[RtspSource | SnapshotSource | VideoSource | FolderSource, Field(discriminator="kind")]


class Cadence(_Section):
    """How often a camera is looked at, and how often a look is sent: calm, and for a while after something moved."""

    look_every_s: PositiveFloat = 1.0
    proof_every_s: PositiveFloat = 60.0
    burst_every_s: PositiveFloat = 2.0
    burst_for_s: PositiveFloat = 15.0


class Sensitivity(_Section):
    """What is a change: so much off, in levels of a colour and in the pixel's usual deviations, on a share of the view.

    At four deviations, what covers a pixel more than a seventeenth of the time is usual there: 1 / (4² + 1).
    """

    levels: Annotated[float, Field(gt=0, le=255)] = 20.0
    deviations: PositiveFloat = 4.0
    moved_share: Annotated[float, Field(gt=0, le=1)] = 0.005
    changed_share: Annotated[float, Field(gt=0, le=1)] = 0.03
    memory_s: PositiveFloat = 120.0


class Jpeg(_Section):
    quality: Annotated[int, Field(ge=40, le=100)] = 85
    max_side_px: Annotated[int, Field(ge=320, le=8000)] = 1920


class Events(_Section):
    """Where a camera tells of what it noticed itself; `adapter` is a name in events.ADAPTERS."""

    adapter: Literal["hikvision"]
    url: Annotated[str, Field(pattern=r"^https?://")]
    login: Login | None = None


class Camera(_Section):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    source: Source
    cadence: Cadence = Cadence()
    sensitivity: Sensitivity = Sensitivity()
    jpeg: Jpeg = Jpeg()
    events: Events | None = None


class SpoolBounds(_Section):
    """`max_mb` bounds the frames; the file takes some per cent more, and its journal up to as much as a few frames."""

    folder: Path
    max_mb: PositiveFloat = 2000.0
    max_age_h: PositiveFloat = 72.0


class Bundling(_Section):
    """How many frames of a camera share an object, and how long the first of them may wait for the others."""

    frames: Annotated[int, Field(ge=1, le=MAX_BUNDLE_FRAMES)] = 1
    wait_s: PositiveFloat = 10.0


class Metrics(_Section):
    port: Annotated[int, Field(ge=1, le=65535)] = 9464


class Config(_Section):
    """`uploads` is how many go at once, each of another camera."""

    api: Annotated[str, AfterValidator(_require_tls)]
    token_file: Path
    spool: SpoolBounds
    bundle: Bundling = Bundling()
    uploads: Annotated[int, Field(ge=1, le=16)] = 4
    metrics: Metrics | None = Metrics()
    clock_tolerance_s: Annotated[float, Field(ge=2)] = 5.0
    cameras: Annotated[tuple[Camera, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        twice = _first_repeated(camera.id for camera in self.cameras)
        if twice is not None:
            raise ValueError(f"two cameras are named {twice!r}")
        return self


def read_config(path: Path) -> Config:
    """Read and check `edge.yaml`; raises ConfigError with one line."""
    try:
        return Config.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not yaml: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {_first_fault(error)}") from error


def read_secret(path: Path) -> str:
    """The only line of a file; read anew each time, so that a secret can be changed under a running gateway."""
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot read the secret: {type(error).__name__}") from error
    if not secret or "\n" in secret:
        raise ConfigError(f"{path}: must hold one line")
    return secret


def _first_fault(error: ValidationError) -> str:
    """Where and what, without the value: it may hold a password."""
    fault = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in fault["loc"]) or "the file"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{place}: {fault['msg']}{more}"


def _first_repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
