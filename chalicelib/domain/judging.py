"""Nobody judges a candidate after another: what others said of it is nobody's to know while it awaits words.

Not even that somebody spoke, which a version would tell that counts it: so each sees the one as if others were silent.
"""

from chalicelib.domain.incidents import Incident
from chalicelib.domain.lifecycle import Status


def may_know(incident: Incident, person: str, judge: str) -> bool:
    """Whether a person may know another's word on a candidate: not before all have spoken."""
    return incident.status is not Status.AWAITING_CONFIRMATION or judge == person


def version_for(incident: Incident, person: str) -> int:
    """The version that a person sees, and names in a command."""
    return incident.version - sum(not may_know(incident, person, one.by) for one in incident.handling.reviews)
