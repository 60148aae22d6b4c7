"""Wires settings, adapters, models and flows: one factory a part, each built at its first use and once a process.

Tests and the laptop's cloud replace a factory by assigning another to its name. What sees is wired in
bootstrap_vision.py, because REST functions share this module and must never load a model's libraries.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.domain.audit import Act
from chalicelib.flows.change_city import ChangeCity
from chalicelib.flows.command_incident import CommandIncident
from chalicelib.flows.drill import Drill
from chalicelib.flows.follow_sightings import FollowSightings
from chalicelib.flows.notice_silence import NoticeSilence
from chalicelib.flows.publish_alert import PublishAlert
from chalicelib.flows.report_day import ReportDay
from chalicelib.flows.report_traffic import ReportTraffic
from chalicelib.flows.sweep import Sweep
from chalicelib.settings import Oidc, Settings, console_url, read_oidc, read_settings, reports_bucket
from chalicelib.store import clients
from chalicelib.store.alerts import SnsAlertBus
from chalicelib.store.cameras import DynamoCameraStore
from chalicelib.store.frames import S3FrameStore
from chalicelib.store.incidents import DynamoIncidentStore
from chalicelib.store.pack_source import S3PackSource
from chalicelib.store.pack_versions import S3PackVersions
from chalicelib.store.ports import (
    AlertBus,
    CameraStore,
    FrameStore,
    IncidentStore,
    Ledger,
    PackVersions,
    RecordedStore,
    RejectionLog,
    ReportStore,
    UploadDesk,
)
from chalicelib.store.recorded import S3RecordedStore
from chalicelib.store.rejections import DynamoRejectionLog
from chalicelib.store.reports import S3ReportStore
from chalicelib.store.uploads import S3UploadDesk
from chalicelib.telemetry import TelemetryLedger, count_unanswered, count_unrouted, count_unswept

if TYPE_CHECKING:  # PyJWT and cryptography lie in a layer that only the authoriser has
    from chalicelib.store.tokens import TokenVerifier


def clock() -> datetime:
    return datetime.now(UTC)


def ledger() -> Ledger:
    return TelemetryLedger()


@cache
def settings() -> Settings:
    return read_settings()


@cache
def cameras() -> CameraStore:
    return DynamoCameraStore(settings().cameras_table)


@cache
def incidents() -> IncidentStore:
    return DynamoIncidentStore(settings().incidents_table, settings().cameras_table)


@cache
def frames() -> FrameStore:
    return S3FrameStore(clients.s3_client(), settings().frames_bucket)


@cache
def rejections() -> RejectionLog:
    return DynamoRejectionLog(settings().rejections_table)


@cache
def recorded() -> RecordedStore:
    return S3RecordedStore(clients.s3_client(), reports_bucket())


@cache
def uploads() -> UploadDesk:
    return S3UploadDesk(clients.s3_signer(), settings().frames_bucket, clock=clock)


@cache
def reports() -> ReportStore:
    return S3ReportStore(clients.s3_client(), reports_bucket())


@cache
def alert_bus() -> AlertBus:
    return SnsAlertBus(clients.sns_client(), settings().alerts_topic_arn, console_url=console_url())


@cache
def city_packs() -> S3PackSource:
    return S3PackSource(clients.s3_client(), settings().config_bucket, clock=clock)


@cache
def pack_versions() -> PackVersions:
    return S3PackVersions(clients.s3_client(), settings().config_bucket)


def change_city() -> ChangeCity:
    return ChangeCity(pack_versions(), incidents(), cameras(), record_act, clock)


def follow_sightings() -> FollowSightings:
    return FollowSightings(cameras(), incidents(), clock)


def publish_alert() -> PublishAlert:
    return PublishAlert(alert_bus(), city_packs().current, clock, count_unrouted, count_unanswered)


def record_act(act: Act) -> None:
    """Put an act into the audit; asked for its tables only then, which not everybody who commands has."""
    from chalicelib import bootstrap_law  # noqa: PLC0415 - it is made of the parts here

    bootstrap_law.record_act()(act)


def command_incident() -> CommandIncident:
    return CommandIncident(incidents(), city_packs().current, clock, record_act)


def drill() -> Drill:
    return Drill(incidents(), command_incident(), city_packs().current, clock)


def notice_silence() -> Callable[[], int]:
    return NoticeSilence(cameras(), incidents(), city_packs().current, clock)


def sweep() -> Sweep:
    return Sweep(
        cameras(), incidents(), follow_sightings(), notice_silence(), city_packs().current, clock, count_unswept
    )


def report_day() -> ReportDay:
    return ReportDay(incidents(), city_packs().current, reports(), clock)


def report_traffic() -> ReportTraffic:
    return ReportTraffic(cameras(), city_packs().current, reports(), clock)


@cache
def oidc() -> Oidc:
    return read_oidc()


def signing_keys() -> bytes:
    """The issuer's JWKS as it is now."""
    from chalicelib.store.jwks import fetch_https  # noqa: PLC0415 - the other functions don't carry PyJWT

    return fetch_https(oidc().jwks_url)


@cache
def tokens() -> "TokenVerifier":
    from chalicelib.store.jwks import SigningKeys  # noqa: PLC0415 - as above
    from chalicelib.store.tokens import TokenVerifier  # noqa: PLC0415 - as above

    keys = SigningKeys(signing_keys, clock=clock)
    return TokenVerifier(keys, issuer=oidc().issuer, audience=oidc().audience)
