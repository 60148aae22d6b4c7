"""What people do with authorisations to look for faces, and with legal holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from chalicelib.domain.authorisations import (
    Authorisation,
    approve_authorisation,
    end_authorisation,
    refuse_authorisation,
    request_authorisation,
)
from chalicelib.domain.city import CityPack
from chalicelib.domain.deeds import require_version
from chalicelib.domain.incidents import Incident
from chalicelib.domain.retention import Hold, lift_hold, place_hold
from chalicelib.flows.do_deeds import DoDeed
from chalicelib.store.law_ports import DeedStore, HeldFrames
from chalicelib.store.ports import Clock

LIFTED_LATELY = MADE_LATELY = timedelta(days=2)
SURELY_PLACED = timedelta(hours=1)
"""No request lives as long: a hold that isn't there by then never comes."""


@dataclass(frozen=True, slots=True)
class ChangeAuthorisations:
    """An emergency's authorisation is in force once it is requested; any other once somebody else approved it.

    All raise InvalidInput, NotAllowed or WrongState where the rules don't allow it, NotFound, StaleVersion when it is
    not at the `version` that somebody saw, and Conflict when another deed came first.
    """

    authorisations: DeedStore[Authorisation]
    do: DoDeed[Authorisation]
    pack: Callable[[], CityPack]
    clock: Clock

    def request(self, wanted: Authorisation) -> Authorisation:
        """Ask for an authorisation, made by the caller with a new id."""
        deed = request_authorisation(wanted, known_lists=[category.id for category in self.pack().categories])
        details = {
            "lists": " ".join(wanted.lists)[:200],
            "cameras": str(len(wanted.camera_ids)),
            "from": wanted.valid_from_utc.isoformat(),
            "until": wanted.valid_until_utc.isoformat(),
            "emergency": str(wanted.emergency),
        }
        return self.do(deed, purpose=wanted.purpose, details=details)

    def approve(self, authorisation_id: str, *, by: str, purpose: str, version: int | None = None) -> Authorisation:
        asked = self._seen(authorisation_id, version)
        return self.do(approve_authorisation(asked, by=by, at_utc=self.clock()), purpose=purpose)

    def refuse(self, authorisation_id: str, *, by: str, purpose: str, version: int | None = None) -> Authorisation:
        asked = self._seen(authorisation_id, version)
        return self.do(refuse_authorisation(asked, by=by, at_utc=self.clock()), purpose=purpose)

    def end(self, authorisation_id: str, *, by: str, purpose: str, version: int | None = None) -> Authorisation:
        given = self._seen(authorisation_id, version)
        return self.do(end_authorisation(given, by=by, at_utc=self.clock()), purpose=purpose)

    def _seen(self, authorisation_id: str, version: int | None) -> Authorisation:
        return require_version(self.authorisations.require(authorisation_id), version)


@dataclass(frozen=True, slots=True)
class ChangeHolds:
    """A hold's reason is its purpose. One on an incident keeps the frames of its evidence, as far as they are there."""

    holds: DeedStore[Hold]
    do: DoDeed[Hold]
    incident: Callable[[str], Incident | None]
    frames: HeldFrames
    clock: Clock

    def place(self, hold: Hold) -> Hold:
        """The frames first: they may expire at any moment, and copies of a hold that never came go within hours."""
        deed, kind, _, name = place_hold(hold), *hold.subject.partition("/")
        incident = self.incident(name) if kind == "incident" else None
        kept = self.frames.keep(hold.id, (one.frame_key for one in incident.evidence)) if incident else 0
        return self.do(deed, purpose=hold.reason, details={"on": hold.subject, "frames": str(kept)})

    def lift(self, hold_id: str, *, by: str, purpose: str, version: int | None = None) -> Hold:
        """Raises NotFound, WrongState, and StaleVersion when it is not at the `version` that somebody saw."""
        hold = require_version(self.holds.require(hold_id), version)
        lifted = self.do(lift_hold(hold, by=by, at_utc=self.clock()), purpose=purpose)
        self.frames.release(hold_id)
        return lifted

    def release_lifted(self) -> int:
        """Delete what holds kept that were lifted of late, whose lifter may have died before; returns how many."""
        lately = takewhile(lambda one: self.clock() - one.changed_at_utc < LIFTED_LATELY, self.holds.over())
        lifted = [one.id for one in lately]
        for hold_id in lifted:
            self.frames.release(hold_id)
        return len(lifted)

    def release_unplaced(self) -> int:
        """Delete copies made of late for holds that never came, as whoever made them died first; returns how many.

        Only of late: a table that was brought back to an earlier day knows nothing of holds that were placed since.
        """
        now = self.clock()
        made = self.frames.made_between(now - MADE_LATELY, now - SURELY_PLACED)
        unplaced = [hold_id for hold_id in made if self.holds.get(hold_id) is None]
        for hold_id in unplaced:
            self.frames.release(hold_id)
        return len(unplaced)
