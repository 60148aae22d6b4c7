"""Made-up entries, authorisations and holds of one day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.retention import Hold
from chalicelib.domain.subject_requests import SubjectRequest, Wish
from chalicelib.domain.watchlists import (
    CATEGORIES,
    Entry,
    Portrait,
    add_portrait,
    approve_entry,
    request_entry,
    require_category,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = Portrait("1.jpg", "ab" * 32, embedder_digest="sface")


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def wanted_entry(**changes: Any) -> Entry:
    entry = Entry(
        id="e1",
        category="wanted",
        nominal="HS-2026-114",
        reason="bỏ trốn",
        legal_basis="QĐ 12/2026",
        requesting_unit="ward-police",
        requested_by="an",
        requested_at_utc=NOON,
        hours=24,
        under_18=False,
    )
    return replace(entry, **changes)


def requested(**changes: Any) -> Entry:
    """An entry that waits for a decision, with a portrait that passed."""
    entry = wanted_entry(**changes)
    asked = request_entry(entry, require_category(CATEGORIES, entry.category)).after
    return add_portrait(asked, GOOD, by="matpho", at_utc=asked.requested_at_utc).after


def approved(**changes: Any) -> Entry:
    """An entry in force from noon."""
    entry = requested(**changes)
    return approve_entry(entry, by="bình", at_utc=entry.requested_at_utc).after


def authorisation(**changes: Any) -> Authorisation:
    """One that was asked for at noon, from noon to six."""
    asked = Authorisation(
        id="a1",
        purpose="case 7",
        legal_basis="QĐ 13/2026",
        camera_ids=("tv-1", "tv-2"),
        lists=("wanted",),
        valid_from_utc=NOON,
        valid_until_utc=at(6),
        requesting_unit="ward-police",
        requested_by="an",
        requested_at_utc=NOON,
    )
    return replace(asked, **changes)


def granted(**changes: Any) -> Authorisation:
    """One in force from noon to six."""
    return authorisation(approved_by="bình", approved_at_utc=NOON, version=2, **changes)


def hold(subject: str = "entry/e1", **changes: Any) -> Hold:
    return replace(Hold("h1", subject, "court order 5", "chi", NOON), **changes)


def subject_request(wish: Wish, **changes: Any) -> SubjectRequest:
    """Request r1, that came in at noon and was recorded at once."""
    asked = SubjectRequest(
        id="r1",
        wish=wish,
        reference="CV-114/2026",
        purpose="CV-114/2026",
        received_at_utc=NOON,
        recorded_by="dung",
        recorded_at_utc=NOON,
    )
    return replace(asked, **changes)
