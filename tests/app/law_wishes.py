"""What New Town's police asks for at eight: an entry whose photograph is good, and two cameras of its ward."""

from dataclasses import replace

from chalicelib.domain.authorisations import request_authorisation
from chalicelib.domain.watchlists import CATEGORIES, add_portrait, request_entry, require_category
from tests.app.calling import Caller
from tests.app.conftest import NOW, later
from tests.unit.law_samples import GOOD, authorisation, wanted_entry

UNIT = "police-new-town"

ENTRY = {
    "category": "wanted",
    "nominal": "HS-2026-114",
    "reason": "bỏ trốn",
    "legal_basis": "QĐ 12/2026",
    "requesting_unit": UNIT,
    "under_18": False,
    "purpose": "case 7",
}

AUTHORISATION = {
    "purpose": "case 7",
    "legal_basis": "QĐ 13/2026",
    "camera_ids": ["tv-1", "tv-2"],
    "lists": ["wanted"],
    "valid_from": NOW.isoformat(),
    "valid_until": later(360).isoformat(),
    "requesting_unit": UNIT,
}

REQUEST = {
    "action": "find",
    "reference": "CV-114/2026",
    "received_at": NOW.isoformat(),
    "entries": ["e1"],
    "purpose": "CV-114/2026",
}


def ask(api: Caller) -> None:
    """Entry e1 at version 2 and authorisation a1 at version 1, both asked for by `an`."""
    entry = wanted_entry(requesting_unit=UNIT, requested_at_utc=NOW)
    deed = request_entry(entry, require_category(CATEGORIES, entry.category))
    api.entries.commit(deed)
    api.entries.commit(add_portrait(deed.after, GOOD, by="matpho", at_utc=NOW))
    asked = replace(
        authorisation(), requesting_unit=UNIT, requested_at_utc=NOW, valid_from_utc=NOW, valid_until_utc=later(360)
    )
    api.authorisations.commit(request_authorisation(asked, known_lists=asked.lists))
