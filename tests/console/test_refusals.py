"""What a form of the console can be refused with is said in Vietnamese, too."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from chalicelib.api.authorisations import AuthorisationWish
from chalicelib.api.camera_view import CameraSettingsWish
from chalicelib.api.problems import misfit
from chalicelib.api.watchlist import EntryWish
from chalicelib.domain import authorisations, handled, lifecycle, retention, subject_requests, watchlists
from chalicelib.domain.camera_check import check_cameras
from chalicelib.domain.city import RoadZone
from city.reading import read_pack

ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / "console" / "src" / "i18n" / "refusals.ts").read_text(encoding="utf-8")
REFUSALS = {"InvalidInput", "NotAllowed", "StaleVersion", "WrongState"}
RULES = (authorisations, handled, lifecycle, retention, subject_requests, watchlists)
NOT_ASKED_BY_PEOPLE = ("is still in force", "its portraits are needed", "has not been ended", "is not over")
ENTRY = {
    "category": "wanted",
    "nominal": "HS-1",
    "reason": "fled",
    "legal_basis": "order 7",
    "requesting_unit": "ioc",
    "under_18": False,
    "purpose": "case 7",
}
AUTHORISATION = {
    "purpose": "case 7",
    "legal_basis": "order 7",
    "requesting_unit": "ioc",
    "camera_ids": ["tv-4"],
    "lists": ["wanted"],
    "valid_from": "2026-03-01T08:00:00Z",
    "valid_until": "2026-03-01T20:00:00Z",
}


def sentences(name: str) -> list[re.Pattern[str]]:
    """The patterns of one of the console's tables."""
    table = SOURCE.partition(f"const {name}: Sentences = [")[2].partition("\n];")[0]
    return [re.compile(one.replace(r"\/", "/")) for one in re.findall(r"\[\s*/(\^.+\$)/,", table)]


OF_FIELDS, OF_RULES = sentences("OF_FIELDS"), sentences("OF_RULES")


def is_said(text: str, patterns: list[re.Pattern[str]]) -> bool:
    return any(one.search(text) for one in patterns)


def refused_by(module: ModuleType) -> Iterator[str]:
    """Each sentence that a module refuses with, a 7 in place of what differs."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name, said = getattr(node.exc.func, "id", ""), node.exc.args[0]
            if name in REFUSALS:
                yield eval(compile(ast.Expression(_plain(said)), "", "eval"))  # noqa: S307 - our own source


def _plain(said: ast.expr) -> ast.expr:
    """An f-string with a constant for each of its expressions."""
    for part in ast.walk(said):
        if isinstance(part, ast.FormattedValue):
            part.value = ast.Constant("7")
    return ast.fix_missing_locations(said)


@pytest.mark.parametrize("module", RULES, ids=lambda one: one.__name__.rpartition(".")[2])
def test_each_rule_s_refusal_is_said_in_vietnamese(module: ModuleType) -> None:
    told = [one for one in refused_by(module) if not any(part in one for part in NOT_ASKED_BY_PEOPLE)]
    assert told
    assert [one for one in told if not is_said(one, OF_RULES)] == []


@pytest.mark.parametrize(
    ("wish", "sound", "wrong"),
    [
        pytest.param(EntryWish, ENTRY, {"nominal": ""}, id="too few letters"),
        pytest.param(EntryWish, ENTRY, {"nominal": "7" * 65}, id="too many letters"),
        pytest.param(EntryWish, ENTRY, {"hours": 0}, id="too small a number"),
        pytest.param(EntryWish, ENTRY, {"hours": 1000}, id="too large a number"),
        pytest.param(EntryWish, ENTRY, {"under_18": None}, id="something else than is asked for"),
        pytest.param(EntryWish, ENTRY, {"category": "no list!"}, id="letters that an id has not"),
        pytest.param(EntryWish, ENTRY, {"colour": "red"}, id="a field that there is not"),
        pytest.param(AuthorisationWish, AUTHORISATION, {"camera_ids": []}, id="too few items"),
        pytest.param(AuthorisationWish, AUTHORISATION, {"lists": ["wanted"] * 500}, id="too many items"),
        pytest.param(AuthorisationWish, AUTHORISATION, {"valid_from": ""}, id="no time"),
        pytest.param(CameraSettingsWish, {}, {}, id="a field left out"),
    ],
)
def test_what_doesn_t_fit_a_field_is_said_in_vietnamese(
    wish: type[BaseModel], sound: dict[str, Any], wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as raised:
        wish.model_validate({**sound, **wrong})
    told = [one.problem for one in misfit("body", raised.value).places]
    assert [one for one in told if not is_said(one, OF_FIELDS)] == []


def test_what_is_wrong_with_a_camera_s_drawing_is_said_in_vietnamese() -> None:
    """Zones need a profile that looks at vehicles, and a name each."""
    pack = read_pack(ROOT / "city" / "testville")
    zone = RoadZone("north", ((0, 0), (1, 0), (1, 1)))
    blind = next(one.id for one in pack.profiles if not one.vehicles)
    drawn = replace(pack.cameras[0], profile=blind, road_zones=(zone, zone))
    told = [one.partition(": ")[2] for one in check_cameras(replace(pack, cameras=(drawn,)))]
    assert len(told) == 2
    assert [one for one in told if not is_said(one, OF_FIELDS)] == []
