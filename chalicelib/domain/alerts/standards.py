"""What the standards call our kinds and severities. A kind that nobody wrote down here goes by the widest word."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.kinds import (
    CAMERA_FAULT,
    CONGESTION,
    CROWD,
    FIRE_SMOKE,
    FLOOD,
    GARBAGE,
    STOPPED_VEHICLE,
    WATCHLIST_CANDIDATE,
)


@dataclass(frozen=True, slots=True)
class Category:
    """CAP 1.2's category; FIWARE's category and, where its list has a word for it, sub-category."""

    cap: str
    ngsi: str
    ngsi_sub: str = ""


CATEGORIES: Mapping[str, Category] = {
    FIRE_SMOKE: Category("Fire", "security", "buildingFire"),
    FLOOD: Category("Met", "naturalDisaster", "flood"),
    CONGESTION: Category("Transport", "traffic", "trafficJam"),
    GARBAGE: Category("Env", "environment"),
    WATCHLIST_CANDIDATE: Category("Security", "security", "suspiciousAction"),
    CAMERA_FAULT: Category("Infra", "security"),
    STOPPED_VEHICLE: Category("Transport", "traffic", "carStopped"),
    CROWD: Category("Safety", "security"),
}

NGSI_SEVERITY = {"minor": "low", "moderate": "medium", "severe": "high", "extreme": "critical"}

_OTHER = Category("Other", "security")


def category(kind: str) -> Category:
    return CATEGORIES.get(kind, _OTHER)
