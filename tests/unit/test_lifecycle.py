"""The table of statuses and actions, held against a drawing of it by hand: what isn't drawn can't be done."""

from itertools import product

import pytest

from chalicelib.domain.lifecycle import BY_PEOPLE, ENDED, LIVE, Action, Status, next_status
from chalicelib.errors import WrongState

# Each row an action, each column a status as its first letter (P: in progress); the letter is the status that follows.
LETTERS = dict(zip("WOAPRD", Status, strict=True))
DRAWING = """
             W O A P R D
confirm      O . . . . .
reject       D . . . . .
acknowledge  . A . . . .
start        . P P . . .
resolve      . R R R . .
dismiss      . D D D . .
reopen       . . . . O O
transfer     . O O O . .
assign       . O A P . .
check        . O A P . .
comment      W O A P R D
grow         W O A P . .
join         W O A P . .
leave        W O A P . .
end          . R R R . .
return       . . . . O .
escalate     . O A P . .
lapse        D . . . . .
"""


def drawn() -> dict[tuple[Status, Action], Status]:
    columns, *rows = (line.split() for line in DRAWING.strip().splitlines())
    return {
        (LETTERS[column], Action(action)): LETTERS[letter]
        for action, *letters in rows
        for column, letter in zip(columns, letters, strict=True)
        if letter != "."
    }


@pytest.mark.parametrize(("status", "action"), [*product(Status, Action)])
def test_every_action_leads_where_it_is_drawn_or_is_refused(status: Status, action: Action) -> None:
    expected = drawn().get((status, action))
    if expected is not None:
        assert next_status(status, action) is expected
        return
    with pytest.raises(WrongState, match=status.value.replace("_", " ")):
        next_status(status, action)


def test_a_status_is_live_or_ended() -> None:
    assert set(Status) == LIVE | ENDED
    assert not LIVE & ENDED


def test_people_and_machines_share_no_action() -> None:
    assert {Action.CONFIRM, Action.COMMENT} <= BY_PEOPLE
    assert not BY_PEOPLE & {Action.GROW, Action.END, Action.ESCALATE, Action.LAPSE}
