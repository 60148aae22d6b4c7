"""A city pack, or one camera's view of its street, comes into force over the API as from the command line: audited.

Whoever changes it names the version that was seen. What incidents still need can't be dropped.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.audit import Act
from chalicelib.domain.camera_view import VIEW_FIELDS
from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.city_check import check_pack
from chalicelib.domain.pack_changes import PackChange, pack_changes, still_needed
from chalicelib.errors import InvalidInput, NotFound, StaleVersion, Unsound, WrongState
from chalicelib.store.pack_keys import unknown_keys
from chalicelib.store.packs import EDITED, pack_from_json, versioned
from chalicelib.store.ports import CameraStore, Clock, IncidentStore, PackInForce, PackVersions
from chalicelib.store.subscriptions import beyond_limits, wanted_subscriptions


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a pack changes in the one in force, and a sentence for each thing that must wait for an incident's end."""

    known: PackInForce
    pack: CityPack
    changes: tuple[PackChange, ...]
    blocked: tuple[str, ...]

    @property
    def before(self) -> str | None:
        """The version in force."""
        return self.known.pack.version if self.known.pack else None


@dataclass(frozen=True, slots=True)
class ChangeCity:
    """`seen` is the version that somebody saw in force; None asks for no particular one.

    The audit comes first: what it doesn't take is not done.
    """

    versions: PackVersions
    incidents: IncidentStore
    cameras: CameraStore
    record: Callable[[Act], object]
    clock: Clock

    def compare(self, pack: CityPack) -> Proposal:
        """What putting a pack in force would do; raises InvalidInput when it is another city's."""
        known = self.versions.in_force()
        if known.pack is not None and known.pack.id != pack.id:
            raise InvalidInput(f"the city in force is {known.pack.id!r}, not {pack.id!r}")
        blocked = still_needed(pack, self.incidents.live(), self.cameras.tracked_incidents())
        return Proposal(known, pack, pack_changes(known.pack, pack), tuple(dict.fromkeys(blocked)))

    def put(self, proposal: Proposal, *, by: str, purpose: str, seen: str | None = None) -> None:
        """Put a sound pack in force, unless that changes nothing.

        Raises StaleVersion, WrongState when incidents need what it drops, and Conflict when another was put first.
        """
        if proposal.known.pack is not None and not proposal.changes:
            return  # whatever was seen: it may be what whoever asks put there, and was not told of
        _require_seen(proposal.before, seen)
        if proposal.blocked:
            raise WrongState("\n".join(proposal.blocked))
        details = {**_versions(proposal.known, proposal.pack), "changes": str(len(proposal.changes))}
        self.record(Act(by, purpose, "city_changed", f"city/{proposal.pack.id}", self.clock(), details))
        self.versions.replace(proposal.known, proposal.pack)

    def put_view(self, camera: Camera, *, by: str, purpose: str, seen: str) -> CityPack:
        """Put a camera in the place of the one with its id; returns the pack in force then.

        Raises NotFound, StaleVersion, Unsound and Conflict.
        """
        known = self.versions.in_force()
        pack = require_pack(known)
        before = pack.camera(camera.id)
        if before is None:
            raise NotFound(f"there is no camera {camera.id!r}")
        if before == camera:
            return pack  # as above
        _require_seen(pack.version, seen)
        cameras = tuple(camera if one.id == camera.id else one for one in pack.cameras)
        edited = versioned(replace(pack, cameras=cameras), mark=EDITED)
        if problems := check_pack(edited):
            raise Unsound(problems)
        changed = [name for name in VIEW_FIELDS if getattr(before, name) != getattr(camera, name)]
        details = {**_versions(known, edited), "changed": " ".join(changed)}
        self.record(Act(by, purpose, "camera_changed", f"camera/{camera.id}", self.clock(), details))
        self.versions.replace(known, edited)
        return edited


def sound_pack(data: Mapping[str, Any]) -> CityPack:
    """A compiled pack, held to what `ops.city` holds one to; raises Unsound with every problem.

    What only the folder can tell, such as boundaries that overlap, was told when it was compiled.
    """
    pack = pack_from_json(json.dumps(data).encode())
    problems = [*unknown_keys("", data, CityPack), *check_pack(pack), *beyond_limits(wanted_subscriptions(pack))]
    if not problems and versioned(pack).version != pack.version:
        problems = [f"version: {pack.version!r} is not that of this content: compile the folder again"]
    if problems:
        raise Unsound(problems)
    return pack


def require_pack(known: PackInForce) -> CityPack:
    """The pack in force; raises WrongState when there is none that can be read."""
    if known.pack is None:
        raise WrongState("there is no city pack in force that could be changed")
    return known.pack


def _versions(known: PackInForce, after: CityPack) -> dict[str, str]:
    return {"before": known.pack.version if known.pack else "", "after": after.version}


def _require_seen(before: str | None, seen: str | None) -> None:
    if seen not in (None, before):
        raise StaleVersion(f"you saw version {seen!r} of the city, {before!r} is in force by now: look again")
