"""Wires what the law asks for: the audit, lists, authorisations, holds and retention. Nothing here sees."""

from datetime import timedelta
from functools import cache

from chalicelib import bootstrap, bootstrap_evidence
from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.mandate import Mandate
from chalicelib.domain.retention import Hold
from chalicelib.domain.watchlists import Entry
from chalicelib.flows.change_authorisations import ChangeAuthorisations, ChangeHolds
from chalicelib.flows.change_watchlist import ChangeWatchlist
from chalicelib.flows.do_deeds import DoDeed, MendMandate, PublishMandate
from chalicelib.flows.erase_ended import EraseEnded
from chalicelib.flows.keep_audit import AnchorDay, RecordAct
from chalicelib.flows.purge import Purge
from chalicelib.settings import LawSettings, read_law_settings
from chalicelib.store import clients
from chalicelib.store.audit import DynamoAuditLog, S3AuditVault
from chalicelib.store.biometrics import S3Biometrics
from chalicelib.store.cached_objects import CachedObject
from chalicelib.store.deeds import authorisation_store, entry_store, hold_store
from chalicelib.store.erasure import DynamoErasure
from chalicelib.store.held_frames import S3HeldFrames
from chalicelib.store.law_ports import (
    AuditLog,
    AuditVault,
    Biometrics,
    DeedStore,
    Erasure,
    HeldFrames,
    MandateBoard,
    PortraitDesk,
)
from chalicelib.store.mandates import MANDATE_KEY, S3MandateBoard, mandate_from_json
from chalicelib.store.uploads import S3PortraitDesk

MANDATE_RECHECKED = timedelta(seconds=10)
"""How soon a withdrawal counts everywhere."""

ANCHORED_AFTER = timedelta(days=1, minutes=10)
"""A day, and time for whoever was writing when it ended."""


@cache
def law_settings() -> LawSettings:
    return read_law_settings()


@cache
def audit_log() -> AuditLog:
    return DynamoAuditLog(law_settings().audit_table)


@cache
def audit_vault() -> AuditVault:
    return S3AuditVault(clients.s3_client(), law_settings().audit_bucket)


@cache
def entries() -> DeedStore[Entry]:
    return entry_store(law_settings().law_table)


@cache
def authorisations() -> DeedStore[Authorisation]:
    return authorisation_store(law_settings().law_table)


@cache
def holds() -> DeedStore[Hold]:
    return hold_store(law_settings().law_table)


@cache
def biometrics() -> Biometrics:
    return S3Biometrics(clients.s3_client(), law_settings().biometrics_bucket)


@cache
def portrait_desk() -> PortraitDesk:
    return S3PortraitDesk(clients.s3_signer(), law_settings().biometrics_bucket, clock=bootstrap.clock)


@cache
def mandate_board() -> MandateBoard:
    return S3MandateBoard(clients.s3_client(), bootstrap.settings().config_bucket)


@cache
def mandate() -> CachedObject[Mandate]:
    """What analysers search by."""
    return CachedObject(
        clients.s3_client(),
        bootstrap.settings().config_bucket,
        MANDATE_KEY,
        mandate_from_json,
        clock=bootstrap.clock,
        recheck_after=MANDATE_RECHECKED,
    )


@cache
def held_frames() -> HeldFrames:
    return S3HeldFrames(clients.s3_client(), bootstrap.settings().frames_bucket)


@cache
def erasure() -> Erasure:
    return DynamoErasure(bootstrap.settings().incidents_table, bootstrap.settings().cameras_table)


def record_act() -> RecordAct:
    return RecordAct(audit_log())


def anchor_day() -> AnchorDay:
    return AnchorDay(audit_log(), audit_vault())


def publish_mandate() -> PublishMandate:
    return PublishMandate(entries(), authorisations(), mandate_board(), bootstrap.clock)


def mend_mandate() -> MendMandate:
    return MendMandate(publish_mandate(), mandate().current)


def do_to_entry() -> DoDeed[Entry]:
    return DoDeed("entry", entries(), record_act(), publish_mandate())


def do_to_authorisation() -> DoDeed[Authorisation]:
    return DoDeed("authorisation", authorisations(), record_act(), publish_mandate())


def change_watchlist() -> ChangeWatchlist:
    return ChangeWatchlist(entries(), do_to_entry(), bootstrap.city_packs().current, bootstrap.clock)


def change_authorisations() -> ChangeAuthorisations:
    return ChangeAuthorisations(
        authorisations(), do_to_authorisation(), bootstrap.city_packs().current, bootstrap.clock
    )


def change_holds() -> ChangeHolds:
    do = DoDeed("hold", holds(), record_act(), lambda: None)
    return ChangeHolds(holds(), do, bootstrap.incidents().get, held_frames(), bootstrap.clock)


def erase_ended() -> EraseEnded:
    return EraseEnded(entries(), do_to_entry(), holds(), biometrics(), record_act(), bootstrap.clock)


def purge() -> Purge:
    return Purge(
        erasure(),
        entries(),
        authorisations(),
        do_to_authorisation(),
        holds(),
        bootstrap_evidence.evidence_vault(),
        record_act(),
        bootstrap.clock,
    )


def keep_the_law() -> dict[str, int]:
    """What is due every hour: the audit of a day that is over is anchored, and what may not be kept goes."""
    anchored = anchor_day()((bootstrap.clock() - ANCHORED_AFTER).date())
    change_holds().release_lifted()
    change_holds().release_unplaced()
    purged = purge()()
    return {
        "anchored_chains": len(anchored.heads),
        "candidates_erased": purged.candidates,
        "incidents_erased": purged.incidents,
        "of_lapsed_erased": purged.of_lapsed,
        "pictures_erased": purged.pictures,
    }
