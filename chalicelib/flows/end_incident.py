"""What else ends when an incident does: the one for the whole city, with the last of those it stands for."""

from datetime import datetime

from chalicelib.domain.incidents import Change, Incident
from chalicelib.domain.seen import lose
from chalicelib.store.ports import IncidentStore


def with_parent(change: Change, incidents: IncidentStore, *, at_utc: datetime) -> tuple[Change, ...]:
    """A change, and what it means to the parent when it ends the incident."""
    ended = change.incident
    parent = None if ended.is_live or ended.parent_id is None else incidents.get(ended.parent_id)
    if parent is None or not _stands_for(parent, ended):
        return (change,)
    return change, lose(parent, ended.id, last_seen_utc=ended.last_seen_utc, at_utc=at_utc)


def _stands_for(parent: Incident, child: Incident) -> bool:
    return parent.is_live and child.id in parent.seen_by
