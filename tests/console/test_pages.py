"""Every page that only some roles are shown: usable by everybody, on a phone, in either language and theme."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.console.axe import found_by_axe
from tests.console.conftest import Town

SignIn = Callable[..., Any]
PHONE = {"width": 360, "height": 740}
PAGES = {
    "asks": ("law", "law/entry", "law/authorisation"),
    "watches": ("audit", "personal"),
    "admin": ("city",),
    "tech": ("cameras", "cameras/tv-1"),
}

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(120)]
each_role = pytest.mark.parametrize("person", PAGES)


def visit(page: Any, town: Town, where: str) -> None:
    page.goto(f"{town.address}/#/{where}")
    page.locator("main h1").wait_for()
    page.wait_for_load_state("networkidle")


@each_role
def test_axe_finds_nothing(person: str, town: Town, sign_in: SignIn) -> None:
    page, found = sign_in(person), {}
    for theme in ("dark", "light"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        for where in PAGES[person]:
            visit(page, town, where)
            found[theme, where] = found_by_axe(page)
    assert {page: problems for page, problems in found.items() if problems} == {}


@each_role
def test_nothing_sticks_out_on_a_phone_in_either_language(person: str, town: Town, sign_in: SignIn) -> None:
    page, widths = sign_in(person, **PHONE), {}
    for language in ("vi", "en"):
        for where in PAGES[person]:
            visit(page, town, where)
            widths[language, where] = page.evaluate("document.documentElement.scrollWidth")
        assert page.locator("html").get_attribute("lang") == language
        page.locator(".language").click()
    assert {page: width for page, width in widths.items() if width > PHONE["width"]} == {}
