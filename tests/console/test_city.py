"""An administrator compares a city pack with the one in force, sees what is wrong with it, and applies it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.city import CityPack
from chalicelib.store.packs import pack_to_json, versioned
from tests.console.axe import found_by_axe
from tests.console.conftest import Town

SignIn = Callable[..., Any]

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(120)]


def choose(page: Any, text: str) -> None:
    file = {"name": "pack.json", "mimeType": "application/json", "buffer": text.encode()}
    page.get_by_label("Chọn gói").set_input_files(file)


def renamed(pack: CityPack) -> str:
    first, *others = pack.units
    units = (replace(first, name_en="Control room"), *others)
    return compiled(replace(pack, units=units))


def compiled(pack: CityPack) -> str:
    return pack_to_json(versioned(pack)).decode()


def test_a_pack_is_compared_field_by_field_and_applied_for_a_purpose(town: Town, sign_in: SignIn) -> None:
    page = sign_in("admin", "#/city")
    choose(page, renamed(town.pack))
    page.locator("td", has_text="name_en").wait_for()
    page.get_by_text("Control room").wait_for()
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Áp dụng").click()
    page.get_by_label("Mục đích").fill("the control room has a name")
    page.locator("dialog").get_by_role("button", name="Áp dụng").click()
    page.get_by_text("Đã áp dụng gói").wait_for()


def test_every_problem_of_a_pack_is_told_and_it_can_t_be_applied(town: Town, sign_in: SignIn) -> None:
    broken = json.loads(renamed(town.pack))
    broken["cameras"][0]["profile"] = "nope"
    broken["routes"][0]["roles"] = ["nobody"]
    page = sign_in("admin", "#/city")
    choose(page, json.dumps(broken))
    page.get_by_text("'nope' is no profile").wait_for()
    page.get_by_text("'nobody' is no role of a unit").wait_for()
    assert page.get_by_role("button", name="Áp dụng").count() == 0


def test_what_an_incident_still_needs_blocks_a_pack(town: Town, sign_in: SignIn) -> None:
    town.happen("flood", "tv-3")
    kept = tuple(one for one in town.pack.cameras if one.id != "tv-3")
    page = sign_in("admin", "#/city")
    choose(page, compiled(replace(town.pack, cameras=kept)))
    page.get_by_text("Chưa áp dụng được").wait_for()
    assert page.get_by_role("button", name="Áp dụng").count() == 0


def test_a_file_that_is_no_pack_is_said_to_be_none(sign_in: SignIn) -> None:
    page = sign_in("admin", "#/city")
    choose(page, "cameras: []")
    page.get_by_text("không phải JSON").wait_for()
