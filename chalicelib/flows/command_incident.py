"""What a person asks of an incident, done once however often it is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.audit import LONGEST_DETAIL, Act
from chalicelib.domain.city import CityPack
from chalicelib.domain.handled import Command, obey
from chalicelib.domain.incidents import Incident
from chalicelib.domain.judging import version_for
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.lifecycle import Action
from chalicelib.errors import Conflict, NotFound, StaleVersion
from chalicelib.flows.end_incident import with_parent
from chalicelib.store.ports import Clock, IncidentStore

JUDGING, ACTING = "judging a candidate", "acting on a candidate"
JUDGEMENTS = {Action.CONFIRM: "candidate_confirmed", Action.REJECT: "candidate_rejected"}


@dataclass(frozen=True, slots=True)
class CommandIncident:
    """The version that the person saw must still be there; only the same command asked again passes without it.

    `record` is the audit's: what it does not take of what people do with a candidate is not done. What they do with
    anything else is in its timeline, numbered and kept with it: nobody's fire waits for the audit.
    """

    incidents: IncidentStore
    pack: Callable[[], CityPack]
    clock: Clock
    record: Callable[[Act], object] | None = None

    def __call__(self, incident_id: str, command: Command) -> Incident:
        """The incident as it became.

        Raises NotFound, StaleVersion, WrongState or InvalidInput with a sentence for the person, and changes nothing.
        """
        incident = self.read(incident_id)
        if command.version < version_for(incident, command.by) and self._is_done(incident, command):
            return incident
        at_utc = self.clock()
        asked = obey(incident, command, self.pack(), at_utc=at_utc)
        self._record(incident, command, at_utc)
        try:
            self.incidents.commit(*with_parent(asked, self.incidents, at_utc=at_utc))
        except Conflict:
            raise StaleVersion("somebody else changed this incident at the same moment: look again") from None
        return asked.incident

    def read(self, incident_id: str) -> Incident:
        """An incident as it is; raises NotFound."""
        incident = self.incidents.get(incident_id)
        if incident is None:
            raise NotFound(f"there is no incident {incident_id!r}")
        return incident

    def _record(self, incident: Incident, command: Command, at_utc: datetime) -> None:
        if incident.kind != WATCHLIST_CANDIDATE or self.record is None:
            return
        action = JUDGEMENTS.get(command.action, f"candidate_{command.action.value}")
        purpose = JUDGING if command.action in JUDGEMENTS else ACTING
        details = {
            "version": str(incident.version),
            "entry": incident.subject,
            "list": incident.label,
            "cameras": " ".join(incident.camera_ids)[:LONGEST_DETAIL],
            "reason": command.reason.value if command.reason else "",
        }
        self.record(Act(command.by, purpose, action, f"incident/{incident.id}", at_utc, details))

    def _is_done(self, incident: Incident, command: Command) -> bool:
        asked = (command.by, command.mark)
        return any((event.by, event.key) == asked for event in self.incidents.timeline(incident.id) if event.key)
