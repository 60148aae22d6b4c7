"""The only reader of the environment: what a deployment sets, by name, and a clear word where it is missing."""

import os
from dataclasses import dataclass
from pathlib import Path

from chalicelib.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides. docs/settings.md says what each is for."""

    stage: str
    frames_bucket: str
    config_bucket: str
    cameras_table: str
    incidents_table: str
    rejections_table: str
    alerts_topic_arn: str
    models_dir: Path


def read_settings() -> Settings:
    """Read every setting; raises Misconfigured naming the variable that is missing."""
    return Settings(
        stage=_require("MATPHO_STAGE"),
        frames_bucket=_require("MATPHO_FRAMES_BUCKET"),
        config_bucket=_require("MATPHO_CONFIG_BUCKET"),
        cameras_table=_require("MATPHO_CAMERAS_TABLE"),
        incidents_table=_require("MATPHO_INCIDENTS_TABLE"),
        rejections_table=_require("MATPHO_REJECTIONS_TABLE"),
        alerts_topic_arn=_require("MATPHO_ALERTS_TOPIC_ARN"),
        models_dir=Path(os.environ.get("MATPHO_MODELS_DIR", "/opt/models")),
    )


def frames_queue() -> str:
    """The queue's name, which Chalice wants while app.py is imported, before a function has its settings."""
    return os.environ.get("MATPHO_FRAMES_QUEUE", "matpho-dev-frames")


def recorded_queue() -> str:
    """The queue of recorded frames, by name, wanted as early as that of the live ones."""
    return os.environ.get("MATPHO_RECORDED_QUEUE", "matpho-dev-recorded")


def reports_bucket() -> str:
    """The bucket of what is made for people; only those functions have it that write there."""
    return _require("MATPHO_REPORTS_BUCKET")


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """Where pictures lie that people look at, and the originals under a key of their own."""

    evidence_bucket: str
    sealed_bucket: str


def read_evidence_settings() -> EvidenceSettings:
    """Read where evidence lies; raises Misconfigured naming the variable that is missing."""
    return EvidenceSettings(
        evidence_bucket=_require("MATPHO_EVIDENCE_BUCKET"),
        sealed_bucket=_require("MATPHO_SEALED_BUCKET"),
    )


@dataclass(frozen=True, slots=True)
class LawSettings:
    """Where the law's records and the only biometrics lie; only those functions ask for it that search or decide."""

    audit_table: str
    law_table: str
    biometrics_bucket: str
    audit_bucket: str


def read_law_settings() -> LawSettings:
    """Read the law's settings; raises Misconfigured naming the variable that is missing."""
    return LawSettings(
        audit_table=_require("MATPHO_AUDIT_TABLE"),
        law_table=_require("MATPHO_LAW_TABLE"),
        biometrics_bucket=_require("MATPHO_BIOMETRICS_BUCKET"),
        audit_bucket=_require("MATPHO_AUDIT_BUCKET"),
    )


@dataclass(frozen=True, slots=True)
class Oidc:
    """Whose tokens are taken, and under which names they say who somebody is; only the authoriser has it."""

    issuer: str
    audience: str
    jwks_url: str
    roles_claim: str
    units_claim: str
    cameras_claim: str


def read_oidc() -> Oidc:
    """Read what tokens are held to; the defaults are Amazon Cognito's names."""
    issuer = _require("MATPHO_OIDC_ISSUER")
    return Oidc(
        issuer=issuer,
        audience=_require("MATPHO_OIDC_AUDIENCE"),
        jwks_url=os.environ.get("MATPHO_OIDC_JWKS_URL") or f"{issuer}/.well-known/jwks.json",
        roles_claim=os.environ.get("MATPHO_OIDC_ROLES_CLAIM") or "cognito:groups",
        units_claim=os.environ.get("MATPHO_OIDC_UNITS_CLAIM") or "custom:units",
        cameras_claim=os.environ.get("MATPHO_OIDC_CAMERAS_CLAIM") or "custom:cameras",
    )


def console_url() -> str:
    """Where people open the console, for the links in e-mails; empty where there is none."""
    return os.environ.get("MATPHO_CONSOLE_URL", "")


def cors_origin() -> str | None:
    """The one origin whose pages may call the API, wanted while app.py is imported; unset, no other page may."""
    return os.environ.get("MATPHO_CORS_ORIGIN") or None


def _require(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise Misconfigured(f"environment variable {name} is not set")
    return value
