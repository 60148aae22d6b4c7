"""What may become of an incident: one table of statuses and actions. What isn't in it can't be done."""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.errors import WrongState


class Status(StrEnum):
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


LIVE = frozenset({Status.AWAITING_CONFIRMATION, Status.OPEN, Status.ACKNOWLEDGED, Status.IN_PROGRESS})
"""An incident that somebody still has to see to."""

ENDED = frozenset({Status.RESOLVED, Status.DISMISSED})


class Action(StrEnum):
    """What people ask for, then what cameras and the clock bring."""

    CONFIRM = "confirm"
    REJECT = "reject"
    ACKNOWLEDGE = "acknowledge"
    START = "start"
    RESOLVE = "resolve"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    ASSIGN = "assign"
    CHECK = "check"
    COMMENT = "comment"

    GROW = "grow"
    JOIN = "join"
    LEAVE = "leave"
    END = "end"
    RETURN = "return"
    ESCALATE = "escalate"
    LAPSE = "lapse"


BY_PEOPLE = frozenset(list(Action)[: list(Action).index(Action.GROW)])

_HANDLED = (Status.OPEN, Status.ACKNOWLEDGED, Status.IN_PROGRESS)

TRANSITIONS: Mapping[tuple[Status, Action], Status] = {
    (Status.AWAITING_CONFIRMATION, Action.CONFIRM): Status.OPEN,
    (Status.AWAITING_CONFIRMATION, Action.REJECT): Status.DISMISSED,
    (Status.AWAITING_CONFIRMATION, Action.LAPSE): Status.DISMISSED,
    (Status.OPEN, Action.ACKNOWLEDGE): Status.ACKNOWLEDGED,
    (Status.OPEN, Action.START): Status.IN_PROGRESS,
    (Status.ACKNOWLEDGED, Action.START): Status.IN_PROGRESS,
    **{(status, Action.RESOLVE): Status.RESOLVED for status in _HANDLED},
    **{(status, Action.END): Status.RESOLVED for status in _HANDLED},
    **{(status, Action.DISMISS): Status.DISMISSED for status in _HANDLED},
    # Whoever takes it over has to acknowledge it anew.
    **{(status, Action.TRANSFER): Status.OPEN for status in _HANDLED},
    **{(status, Action.ASSIGN): status for status in _HANDLED},
    **{(status, Action.CHECK): status for status in _HANDLED},
    **{(status, Action.ESCALATE): status for status in _HANDLED},
    **{(status, action): status for status in LIVE for action in (Action.GROW, Action.JOIN, Action.LEAVE)},
    **{(status, Action.REOPEN): Status.OPEN for status in ENDED},
    (Status.RESOLVED, Action.RETURN): Status.OPEN,
    **{(status, Action.COMMENT): status for status in Status},
}


def next_status(status: Status, action: Action) -> Status:
    """The status that an action leads to; raises WrongState, in words for people, when it leads nowhere."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise WrongState(f"an incident that is {_plain(status)} can't take {_plain(action)!r}") from None


def _plain(word: StrEnum) -> str:
    return word.value.replace("_", " ")
