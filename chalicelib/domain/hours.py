"""Whether a moment lies in given hours of the week: routes, schedules and whatever else keeps hours ask here."""

from datetime import datetime, timedelta

from chalicelib.domain.city import DAYS, Hours


def covers(hours: Hours, local: datetime) -> bool:
    """Whether hours hold at a moment on the city's clock; what runs over midnight belongs to the day it began."""
    now = local.time()
    if hours.start < hours.until:
        return hours.start <= now < hours.until and _day(local) in hours.days
    if now >= hours.start:
        return _day(local) in hours.days
    return now < hours.until and _day(local - timedelta(days=1)) in hours.days


def _day(local: datetime) -> str:
    return DAYS[local.weekday()]
