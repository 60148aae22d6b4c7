"""Who acts: a person or a machine, what it was made, and where.

A grant is written in one word, `ward_officer@new-town/flood`, so that it fits a group's name or a claim of a token
anywhere. Its area is always said, `*` for the whole city, because what is forgotten must never mean everywhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

EVERY_KIND = "*"


class Role(StrEnum):
    """What somebody was made. docs/api.md says in a sentence what each is for."""

    WARD_OFFICER = "ward_officer"
    CITY_OFFICER = "city_officer"
    REVIEWER = "reviewer"
    IOC_OPERATOR = "ioc_operator"
    UNIT_OPERATOR = "unit_operator"
    GATEWAY = "gateway"
    CAMERA_OPERATOR = "camera_operator"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"


_GRANT = re.compile(
    rf"(?a)(?P<role>{'|'.join(Role)})@(?P<area>\*|[a-z0-9][a-z0-9._-]{{0,63}})(?:/(?P<kind>\*|[a-z_]{{1,64}}))?"
)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in one area (`*`: the whole city), for one kind of incident (`*`: all of them)."""

    role: Role
    area: str
    kind: str = EVERY_KIND

    def __str__(self) -> str:
        return f"{self.role}@{self.area}" + ("" if self.kind == EVERY_KIND else f"/{self.kind}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks. `units` are those that it acts for, `cameras` those whose frames a gateway brings."""

    subject: str
    grants: tuple[Grant, ...] = ()
    units: frozenset[str] = frozenset()
    cameras: frozenset[str] = frozenset()


def read_grants(words: Iterable[str]) -> tuple[Grant, ...]:
    """The grants among the groups that somebody is in; what is no grant of ours grants nothing."""
    found = filter(None, map(_GRANT.fullmatch, words))
    return tuple(Grant(Role(one["role"]), one["area"], one["kind"] or EVERY_KIND) for one in found)
