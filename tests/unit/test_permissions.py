"""Who may do what: the code grants what the table in docs/api.md says, and nothing else.

The expectation is the document that people read, so neither can change without the other.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from chalicelib.domain.people import Actor, Grant, Role, read_grants
from chalicelib.domain.permissions import GRANTED, Permission, Scope, may, permissions_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
HERE, ELSEWHERE = Scope(areas=("here", "city")), Scope(areas=("elsewhere", "city"))


def granted_in_the_document() -> Mapping[tuple[str, str], bool]:
    """Each cell of the table whose first column names permissions and whose others are roles."""
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| (permission|`[a-z]+\.[a-z_]+`) ", line)
    ]
    head = [cell.replace(" ", "_") for cell in rows[0]]
    return {(row[0], role): mark == "●" for row in rows[1:] for role, mark in zip(head[1:], row[1:], strict=True)}


DOCUMENTED = granted_in_the_document()
CELLS = [pytest.param(one, role, id=f"{role} {one}") for one in Permission for role in Role]


def somebody(*grants: str, units: tuple[str, ...] = (), cameras: tuple[str, ...] = ()) -> Actor:
    return Actor("somebody", read_grants(grants), frozenset(units), frozenset(cameras))


def test_document_has_every_permission_and_every_role_and_no_other() -> None:
    assert DOCUMENTED.keys() == {(str(one), str(role)) for one in Permission for role in Role}


@pytest.mark.parametrize(("permission", "role"), CELLS)
def test_role_may_what_the_document_says_in_its_area_and_nowhere_else(permission: Permission, role: Role) -> None:
    """Invariant 12. Units and cameras are the actor's own here; below they are not."""
    granted = DOCUMENTED[permission, role]
    actor = somebody(f"{role}@here", units=("u",), cameras=("c",))
    citywide = somebody(f"{role}@*", units=("u",), cameras=("c",))
    here = Scope(areas=("here", "city"), kind="flood", units=("u",), camera="c")
    elsewhere = Scope(areas=("elsewhere", "city"), kind="flood", units=("u",), camera="c")
    assert may(actor, permission) is granted
    assert may(actor, permission, here) is granted
    assert may(actor, permission, elsewhere) is False
    assert may(citywide, permission, elsewhere) is granted


@pytest.mark.parametrize("permission", Permission)
def test_who_has_no_role_may_nothing(permission: Permission) -> None:
    assert not may(somebody(), permission)
    assert not may(somebody(), permission, HERE)


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_somebodys(permission: Permission) -> None:
    assert GRANTED[permission]


@pytest.mark.parametrize(
    ("grant", "kind", "reaches"),
    [
        pytest.param("ioc_operator@*", "flood", True, id="all kinds unless one is said"),
        pytest.param("ioc_operator@*/flood", "flood", True, id="its kind"),
        pytest.param("ioc_operator@*/flood", "garbage", False, id="another kind"),
        pytest.param("ioc_operator@*/flood", None, True, id="what has no kind, such as a camera"),
    ],
)
def test_grant_for_one_kind_reaches_that_kind_only(grant: str, kind: str | None, *, reaches: bool) -> None:
    assert may(somebody(grant), Permission.INCIDENT_READ, Scope(areas=("here",), kind=kind)) is reaches


def test_grant_for_an_area_reaches_what_is_part_of_it() -> None:
    assert may(somebody("city_officer@city"), Permission.INCIDENT_READ, HERE)


def test_area_and_kind_must_come_from_one_grant() -> None:
    """Flood here and garbage there is no garbage here."""
    actor = somebody("ward_officer@here/flood", "ward_officer@elsewhere/garbage")
    assert not may(actor, Permission.INCIDENT_READ, Scope(areas=("here",), kind="garbage"))


@pytest.mark.parametrize(
    ("units", "reaches"),
    [
        pytest.param(("fire", "traffic"), True, id="sent to its unit"),
        pytest.param(("traffic",), False, id="sent to another"),
        pytest.param((), False, id="sent to nobody"),
        pytest.param(None, True, id="what is never sent to units"),
    ],
)
def test_unit_operator_sees_what_was_sent_to_its_unit(units: tuple[str, ...] | None, *, reaches: bool) -> None:
    actor = somebody("unit_operator@*", units=("fire",))
    assert may(actor, Permission.INCIDENT_READ, Scope(areas=("here",), units=units)) is reaches


def test_gateway_brings_frames_of_its_own_cameras_and_can_read_nothing() -> None:
    gateway = somebody("gateway@*", cameras=("c-1",))
    assert may(gateway, Permission.FRAME_GRANT, Scope(areas=("here",), camera="c-1"))
    assert not may(gateway, Permission.FRAME_GRANT, Scope(areas=("here",), camera="c-2"))
    assert permissions_of(gateway) == (Permission.FRAME_GRANT,)


def test_who_administers_sees_no_incident_and_no_evidence() -> None:
    mine = permissions_of(somebody("administrator@*"))
    assert not [one for one in mine if one.partition(".")[0] in {"incident", "candidate", "evidence", "watchlist"}]


@pytest.mark.parametrize(
    ("word", "grant"),
    [
        pytest.param("ward_officer@new-town", Grant(Role.WARD_OFFICER, "new-town"), id="a role in an area"),
        pytest.param("ward_officer@*/flood", Grant(Role.WARD_OFFICER, "*", "flood"), id="for one kind"),
        pytest.param("ward_officer@*/*", Grant(Role.WARD_OFFICER, "*"), id="for all, said aloud"),
        pytest.param("ward_officer", None, id="no area: what is forgotten never means everywhere"),
        pytest.param("ward_officer@", None, id="an empty area"),
        pytest.param("mayor@*", None, id="a role that there is not"),
        pytest.param("WARD_OFFICER@*", None, id="another spelling"),
        pytest.param("ward_officer@new-town ", None, id="a space behind"),
        pytest.param("xward_officer@*", None, id="something in front"),
        pytest.param("ward_officer@a/flood/more", None, id="something behind"),
    ],
)
def test_grant_is_read_or_grants_nothing(word: str, grant: Grant | None) -> None:
    assert read_grants([word]) == (() if grant is None else (grant,))


@pytest.mark.parametrize("word", ["ward_officer@new-town", "ward_officer@*/flood"])
def test_grant_is_written_as_it_was_read(word: str) -> None:
    assert list(map(str, read_grants([word]))) == [word]
