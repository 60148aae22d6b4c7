"""The map without a ground, which a canvas draws: what stands there is told at a click, and keys and mouse push it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.console.conftest import Town

SignIn = Callable[..., Any]
STEP_PX = 80

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(120)]


def map_at(town: Town, sign_in: SignIn, camera_id: str) -> Any:
    """The map with a camera in its very middle."""
    camera = town.pack.camera(camera_id)
    assert camera is not None
    page = sign_in("tech", f"#/map?at={camera.latitude},{camera.longitude}")
    page.locator(".map canvas").wait_for()
    page.wait_for_load_state("networkidle")
    return page


def click(page: Any, *, right_px: float = 0) -> None:
    box = page.locator(".map canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + right_px, box["y"] + box["height"] / 2)


def test_a_click_tells_which_camera_that_is_and_leads_to_it(town: Town, sign_in: SignIn) -> None:
    page = map_at(town, sign_in, "tv-2")
    click(page)
    page.locator(".about a").click()
    assert page.url.endswith("#/cameras?search=tv-2")


def test_arrows_push_the_map(town: Town, sign_in: SignIn) -> None:
    page = map_at(town, sign_in, "tv-2")
    page.locator(".map canvas").focus()
    page.keyboard.press("ArrowLeft")
    click(page)
    assert page.locator(".about").count() == 0
    click(page, right_px=STEP_PX)
    page.locator(".about").wait_for()


def test_a_drag_pushes_the_map_and_is_no_click(town: Town, sign_in: SignIn) -> None:
    page = map_at(town, sign_in, "tv-2")
    box = page.locator(".map canvas").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + STEP_PX, middle[1], steps=4)
    page.mouse.up()
    assert page.locator(".about").count() == 0
    click(page, right_px=STEP_PX)
    page.locator(".about").wait_for()
