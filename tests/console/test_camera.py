"""A technician draws what a camera looks at: by mouse, by keys, undone, saved, and saved by two at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from chalicelib import bootstrap, bootstrap_evidence
from chalicelib.domain.city import Camera
from chalicelib.domain.evidence import CameraPicture
from chalicelib.flows.change_city import require_pack
from local.drawn_street import draw_street, to_jpeg
from tests.console.axe import found_by_axe
from tests.console.conftest import Town

SignIn = Callable[..., Any]

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(120)]


def add_mask(page: Any) -> None:
    page.get_by_role("button", name="+ Thêm vùng che").click()
    page.locator(".corner").nth(3).wait_for()


def save(page: Any, purpose: str) -> None:
    page.get_by_role("button", name="Lưu").click()
    page.get_by_label("Mục đích").fill(purpose)
    page.locator("dialog").get_by_role("button", name="Lưu").click()


def masks(page: Any) -> Any:
    return page.locator(".shapes button[aria-pressed]", has_text="Vùng che")


def first_corner(page: Any) -> str:
    return str(page.locator(".corner").first.get_attribute("aria-label"))


def test_a_mask_is_drawn_by_mouse_undone_done_again_and_kept(town: Town, sign_in: SignIn) -> None:
    page = sign_in("tech", "#/cameras/tv-1")
    add_mask(page)
    box = page.locator(".corner").first.bounding_box()
    page.mouse.move(box["x"] + 16, box["y"] + 16)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(box["x"] + 16 - 20 * step, box["y"] + 16 - 10 * step)
    page.mouse.up()
    dragged = first_corner(page)
    assert "35.0 %" not in dragged
    page.keyboard.press("Control+z")
    assert "ngang 35.0 %, dọc 35.0 %" in first_corner(page), "a drag is undone as one step"
    page.get_by_role("button", name="Làm lại").click()
    assert first_corner(page) == dragged
    save(page, "a window that is somebody's home")
    page.get_by_text("Đã lưu").wait_for()
    page.reload()
    masks(page).last.click()
    assert first_corner(page) == dragged
    sign_in("watches", "#/audit").get_by_text("a window that is somebody's home").wait_for()


def test_what_is_drawn_lies_on_the_camera_s_last_picture(town: Town, sign_in: SignIn) -> None:
    def take_picture(at_utc: datetime) -> None:
        street = to_jpeg(draw_street(None, seed=1).redacted())
        bootstrap_evidence.evidence_vault().put_camera_picture(CameraPicture("tv-2", at_utc), street)

    town.let(take_picture)
    page = sign_in("tech", "#/cameras/tv-2")
    picture = page.locator(".surface img")
    picture.wait_for()
    page.wait_for_load_state("networkidle")
    assert picture.evaluate("image => image.complete && image.naturalWidth")
    add_mask(page)
    assert found_by_axe(page) == []


def test_the_keyboard_is_enough_to_draw(town: Town, sign_in: SignIn) -> None:
    page = sign_in("tech", "#/cameras/tv-2")
    add_mask(page)
    corner = page.locator(".corner").first
    corner.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    assert "ngang 34.0 %, dọc 35.1 %" in first_corner(page)
    page.keyboard.press("+")
    assert page.locator(".corner").count() == 5
    assert "Góc 2" in page.evaluate("document.activeElement.ariaLabel"), "the new corner is what arrows move next"
    page.keyboard.press("Delete")
    assert page.locator(".corner").count() == 4
    page.get_by_label("Ngang của góc 3").fill("90")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "ngang 90.0 %" in page.locator(".corner").nth(2).get_attribute("aria-label")
    page.get_by_role("button", name="Thêm lịch").click()
    assert found_by_axe(page) == []


def test_a_part_of_the_road_is_drawn_named_kept_and_removed(town: Town, sign_in: SignIn) -> None:
    page = sign_in("tech", "#/cameras/tv-1")
    page.get_by_role("button", name="+ Thêm đoạn đường").click()
    page.get_by_label("Tên đoạn đường").fill("huong-cau")
    page.get_by_label("Ngang của góc 1").fill("20")
    page.keyboard.press("Tab")
    assert "huong-cau: ngang 20.0 %" in first_corner(page)
    assert found_by_axe(page) == []
    save(page, "the queue from the bridge")
    page.get_by_text("Đã lưu").wait_for()
    assert zones_of(town, "tv-1") == {"huong-cau": ((0.2, 0.35), (0.65, 0.35), (0.65, 0.65), (0.35, 0.65))}
    page.reload()
    page.get_by_role("button", name="huong-cau").click()
    page.get_by_role("button", name="Bỏ đoạn đường này").click()
    save(page, "the bridge is closed")
    page.get_by_text("Đã lưu").wait_for()
    assert zones_of(town, "tv-1") == {}


def test_parts_of_the_road_that_can_t_be_told_apart_are_not_saved(sign_in: SignIn) -> None:
    page = sign_in("tech", "#/cameras/tv-1")
    for _ in range(2):
        page.get_by_role("button", name="+ Thêm đoạn đường").click()
    page.get_by_label("Tên đoạn đường").fill("part-1")
    page.keyboard.press("Tab")
    page.get_by_text("Mỗi đoạn đường cần một tên riêng").wait_for()
    assert page.get_by_role("button", name="Lưu").is_disabled()


def test_the_zone_of_a_crowd_is_drawn_where_its_number_is_the_camera_s_own(sign_in: SignIn) -> None:
    page = sign_in("tech", "#/cameras/tv-1")
    page.get_by_label("Đông người từ").fill("40")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Vùng đếm người").click()
    page.locator(".corner").first.focus()
    page.keyboard.press("ArrowRight")
    assert "Vùng đếm người: ngang 1.0 %" in first_corner(page)


def test_what_the_api_refuses_is_said_and_the_purpose_is_kept(sign_in: SignIn) -> None:
    """A part of the road needs a profile that looks at vehicles."""
    page = sign_in("tech", "#/cameras/tv-6")
    page.get_by_label("Hồ sơ camera").select_option("lane")
    page.get_by_role("button", name="+ Thêm đoạn đường").click()
    save(page, "a try")
    page.locator("dialog").get_by_text("Đoạn đường: cần hồ sơ camera có đếm xe").wait_for()
    assert page.get_by_label("Mục đích").input_value() == "a try"


def zones_of(town: Town, camera_id: str) -> dict[str, Any]:
    found: list[Camera | None] = []

    def look(_: object) -> None:
        found.append(require_pack(bootstrap.pack_versions().in_force()).camera(camera_id))

    town.let(look)
    (camera,) = found
    assert camera is not None
    return {one.id: one.polygon_rel for one in camera.road_zones}


def test_who_saves_second_keeps_the_own_changes_and_sees_the_others(town: Town, sign_in: SignIn) -> None:
    slow, fast = sign_in("tech", "#/cameras/tv-3"), sign_in("tech", "#/cameras/tv-3")
    add_mask(slow)
    fast.get_by_role("button", name="Thêm lịch").click()
    save(fast, "nights are quiet")
    fast.get_by_text("Đã lưu").wait_for()
    save(slow, "a fountain")
    slow.get_by_text("Họ đã sửa: giờ tìm").wait_for()
    assert masks(slow).count() == 1
    assert slow.get_by_text("Lịch 1").count() == 1
    slow.get_by_role("button", name="Giữ như đang thấy").click()
    save(slow, "a fountain, and quiet nights")
    slow.get_by_text("Đã lưu").wait_for()


def test_another_camera_s_change_is_in_nobody_s_way(town: Town, sign_in: SignIn) -> None:
    slow, fast = sign_in("tech", "#/cameras/tv-4"), sign_in("tech", "#/cameras/tv-5")
    add_mask(slow)
    add_mask(fast)
    save(fast, "elsewhere")
    fast.get_by_text("Đã lưu").wait_for()
    save(slow, "here")
    slow.get_by_text("Đã lưu").wait_for()


def test_a_shape_that_crosses_itself_is_not_saved(town: Town, sign_in: SignIn) -> None:
    page = sign_in("tech", "#/cameras/tv-6")
    add_mask(page)
    page.get_by_label("Ngang của góc 1").fill("90")
    page.keyboard.press("Tab")
    page.get_by_text("tự cắt chính nó").wait_for()
    assert page.get_by_role("button", name="Lưu").is_disabled()


def test_who_only_looks_has_nothing_to_draw_with(town: Town, sign_in: SignIn) -> None:
    page = sign_in("olga", "#/cameras/tv-6")
    page.locator(".surface").wait_for()
    assert page.locator(".corner").count() == 0
    assert page.get_by_role("button", name="Lưu").count() == 0
