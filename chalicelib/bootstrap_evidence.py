"""Wires the pictures of incidents: where they lie, and who lends them. Nothing here sees."""

from functools import cache

from chalicelib import bootstrap
from chalicelib.settings import EvidenceSettings, read_evidence_settings, read_law_settings
from chalicelib.store import clients
from chalicelib.store.evidence import S3EvidenceVault
from chalicelib.store.evidence_ports import EvidenceVault, Film, PictureDesk, PictureRequests, ReviewDesk
from chalicelib.store.film import S3Film
from chalicelib.store.lent_pictures import S3PictureDesk, S3ReviewDesk
from chalicelib.store.picture_requests import DynamoPictureRequests


@cache
def evidence_settings() -> EvidenceSettings:
    return read_evidence_settings()


@cache
def evidence_vault() -> EvidenceVault:
    settings = evidence_settings()
    return S3EvidenceVault(clients.s3_client(), settings.evidence_bucket, settings.sealed_bucket)


@cache
def picture_desk() -> PictureDesk:
    settings = evidence_settings()
    return S3PictureDesk(clients.s3_signer(), settings.evidence_bucket, settings.sealed_bucket, clock=bootstrap.clock)


@cache
def review_desk() -> ReviewDesk:
    return S3ReviewDesk(clients.s3_signer(), read_law_settings().biometrics_bucket, clock=bootstrap.clock)


@cache
def picture_requests() -> PictureRequests:
    return DynamoPictureRequests(bootstrap.settings().incidents_table)


@cache
def film() -> Film:
    return S3Film(clients.s3_client(), bootstrap.settings().frames_bucket, bootstrap.frames())
