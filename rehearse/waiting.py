"""Waiting for a cloud, which is what a rehearsal does most."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PAUSE_S = 0.05


class RehearsalFailed(Exception):
    """Something did not come out as it must."""


def wait_for(what: str, look: Callable[[], Found], *, within_s: float) -> Found:
    """What `look` finds, as soon as it finds anything; raises RehearsalFailed when the time is over."""
    give_up_at = time.monotonic() + within_s
    while not (found := look()):
        if time.monotonic() > give_up_at:
            raise RehearsalFailed(f"waited {within_s:.0f} s in vain for {what}")
        time.sleep(PAUSE_S)
    return found


def require(condition: object, what: str) -> None:
    """Fail the rehearsal, in words, unless a condition holds."""
    if not condition:
        raise RehearsalFailed(what)
