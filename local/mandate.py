"""What allows a laptop to look for the people of a trial list: an authorisation for a day, on every camera with faces.

A deployment's is asked for and approved by two people through its API.
"""

from datetime import datetime, timedelta

from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.city import CityPack
from chalicelib.domain.mandate import Mandate
from chalicelib.store.mandates import mandate_to_json
from chalicelib.vision.watchlist import WatchlistSnapshot


def trial_mandate(pack: CityPack, watchlist: bytes, *, at_utc: datetime) -> bytes:
    """The mandate to search a snapshot's entries, as they are valid, from an hour before until a day after."""
    entries = WatchlistSnapshot.from_bytes(watchlist).entries
    begins = at_utc - timedelta(hours=1)
    authorisation = Authorisation(
        id="trial",
        purpose="trial on this machine",
        legal_basis="none, no deployment",
        camera_ids=tuple(camera.id for camera in pack.cameras if pack.profile(camera).faces),
        lists=tuple(sorted({entry.category for entry in entries})),
        valid_from_utc=begins,
        valid_until_utc=at_utc + timedelta(days=1),
        requesting_unit="trial",
        requested_by="trial-officer",
        requested_at_utc=begins,
        approved_by="trial-commander",
        approved_at_utc=begins,
    )
    return mandate_to_json(Mandate(at_utc, (authorisation,), entries))
