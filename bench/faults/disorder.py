"""How frames may arrive: everything that queues, networks and clocks do to an order."""

from random import Random

from bench.faults.story import Rounds

SEED = 7
DOWN = slice(3, 9)
"""The rounds in which the link is lost."""


def thrice(rounds: Rounds) -> Rounds:
    return [keys * 3 for keys in rounds]


def again_at_the_end(rounds: Rounds) -> Rounds:
    """Everything is delivered once more when it is over."""
    return [*rounds[:-1], rounds[-1] + [key for keys in rounds for key in keys]]


def shuffled(rounds: Rounds) -> Rounds:
    """Within four rounds no order holds."""
    dice = Random(SEED)  # noqa: S311  # disorder, not a secret
    mixed: Rounds = []
    for first in range(0, len(rounds), 4):
        block = [key for keys in rounds[first : first + 4] for key in keys]
        dice.shuffle(block)
        mixed += [[]] * (len(rounds[first : first + 4]) - 1) + [block]
    return mixed


def reversed_rounds(rounds: Rounds) -> Rounds:
    """What is taken in four rounds arrives with the last of them, the newest first."""
    late: Rounds = []
    for first in range(0, len(rounds), 4):
        block = rounds[first : first + 4]
        late += [[]] * (len(block) - 1) + [[key for keys in reversed(block) for key in keys]]
    return late


def late(rounds: Rounds) -> Rounds:
    """Every frame of one camera comes two rounds late."""
    slow = [[key for key in keys if "tv-2" in key] for keys in rounds]
    quick = [[key for key in keys if "tv-2" not in key] for keys in rounds]
    shifted = [[], [], *slow[:-2]]
    shifted[-1] = shifted[-1] + slow[-2] + slow[-1]
    return [fast + behind for fast, behind in zip(quick, shifted, strict=True)]


def cut_off(rounds: Rounds) -> Rounds:
    """The link is lost for a while; what was taken meanwhile arrives all at once."""
    held = [key for keys in rounds[DOWN] for key in keys]
    before, after = rounds[: DOWN.start], rounds[DOWN.stop :]
    return [*before, *[[] for _ in rounds[DOWN]], held + after[0], *after[1:]]
