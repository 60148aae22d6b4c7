"""What a deployment does by the minute and by the hour, on a laptop by the minute: lists kept, and the law's terms."""

from collections.abc import Callable
from datetime import datetime

from chalicelib import bootstrap_law, bootstrap_subjects, bootstrap_vision
from local.wiring import models_dir


def keep_lists_and_law() -> None:
    """Enrol, publish, erase; photographs pass the gate only where the models are."""
    if judges_photographs():
        bootstrap_vision.keep_watchlist()
    bootstrap_law.keep_the_law()
    bootstrap_subjects.erase_subjects()()


def judges_photographs() -> bool:
    return (models_dir() / "models.json").exists()


def each_minute(do: Callable[[], None], clock: Callable[[], datetime]) -> Callable[[], None]:
    """Call it as often as one likes: it does something at the first call in every minute."""
    done: datetime | None = None

    def in_a_new_minute() -> None:
        nonlocal done
        minute = clock().replace(second=0, microsecond=0)
        if minute != done:
            done = minute
            do()

    return in_a_new_minute
