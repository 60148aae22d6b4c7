"""Who asks for what the law looks after: entries with photographs, authorisations, holds, people's own requests."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest

from chalicelib import bootstrap_law
from local.drawn_street import draw_face, to_jpeg
from tests.console.axe import found_by_axe
from tests.console.conftest import Town

SignIn = Callable[..., Any]

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(120)]


def fill(page: Any, said: Mapping[str, str]) -> None:
    for label, text in said.items():
        page.get_by_label(label, exact=True).fill(text)


def entry_form(sign_in: SignIn) -> Any:
    """The form, once it knows which lists there are."""
    page = sign_in("asks", "#/law/entry")
    page.get_by_label("Danh sách", exact=True).locator("option").first.wait_for(state="attached")
    return page


def test_an_entry_is_asked_for_and_gets_a_photograph(town: Town, sign_in: SignIn) -> None:
    page = entry_form(sign_in)
    page.get_by_label("Độ tuổi").select_option("no")
    fill(page, {"Số hồ sơ": "HS-31", "Lý do": "went missing", "Căn cứ pháp lý": "order 7", "Mục đích": "find him"})
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Đề nghị").click()
    record = page.locator(".record", has_text="HS-31")
    photograph = {"name": "face.jpg", "mimeType": "image/jpeg", "buffer": to_jpeg(draw_face(seed=1))}
    record.get_by_label("Thêm ảnh").set_input_files(photograph)
    page.get_by_text("Đã gửi ảnh").wait_for()
    assert photographs_of(town, "HS-31") == [photograph["buffer"]]


def test_what_the_rules_don_t_allow_is_said_and_nothing_typed_is_lost(sign_in: SignIn) -> None:
    """Nobody under 18 may be on a list of wanted people."""
    page = entry_form(sign_in)
    page.get_by_label("Danh sách", exact=True).select_option("wanted")
    page.get_by_label("Độ tuổi").select_option("yes")
    fill(page, {"Số hồ sơ": "HS-32", "Lý do": "fled", "Căn cứ pháp lý": "order 8", "Mục đích": "find her"})
    page.get_by_role("button", name="Đề nghị").click()
    page.get_by_role("alert").get_by_text("Người dưới 18 tuổi không được vào danh sách wanted").wait_for()
    assert page.get_by_label("Số hồ sơ").input_value() == "HS-32"


def test_lists_are_the_city_s_own_and_say_what_they_allow(sign_in: SignIn) -> None:
    page = entry_form(sign_in)
    lists = page.get_by_label("Danh sách", exact=True)
    assert lists.locator("option").all_inner_texts() == ["Người mất tích", "Thử nghiệm", "Đối tượng truy nã"]
    lists.select_option("missing_person")
    page.get_by_text("Nhiều nhất 720 giờ. Nhận cả người dưới 18 tuổi.").wait_for()
    assert page.get_by_label("Số giờ").get_attribute("max") == "720"


def test_what_doesn_t_fit_is_said_by_the_field_s_own_name(sign_in: SignIn) -> None:
    page = sign_in("asks", "#/law/authorisation")
    fill(page, {"Mục đích": "case 33", "Căn cứ pháp lý": "order 10"})
    page.get_by_role("button", name="Đề nghị").click()
    page.get_by_role("alert").get_by_text("Camera: cần ít nhất 1 mục").wait_for()
    page.get_by_role("alert").get_by_text("Danh sách tìm: cần ít nhất 1 mục").wait_for()


def test_what_was_written_outlives_a_lost_connection_and_is_done_once(town: Town, sign_in: SignIn) -> None:
    """The answer is lost twice, after the entry was made: sent again by hand it is still one entry."""
    page = entry_form(sign_in)
    page.get_by_label("Độ tuổi").select_option("no")
    fill(page, {"Số hồ sơ": "HS-34", "Lý do": "lost", "Căn cứ pháp lý": "order 11", "Mục đích": "find them"})
    page.route("**/watchlist/entries", lose_the_answer, times=2)
    page.get_by_role("button", name="Đề nghị").click()
    page.get_by_role("alert").get_by_text("Không có trả lời").wait_for()
    page.get_by_role("button", name="Đề nghị").click()
    page.locator(".record", has_text="HS-34").wait_for()
    assert page.locator(".record", has_text="HS-34").count() == 1


def test_what_was_written_outlives_the_session(sign_in: SignIn) -> None:
    """Whoever signs in again in another window goes on where they were."""
    page = entry_form(sign_in)
    page.get_by_label("Độ tuổi").select_option("no")
    fill(page, {"Số hồ sơ": "HS-35", "Lý do": "lost", "Căn cứ pháp lý": "order 12", "Mục đích": "find them"})
    page.evaluate(END_SESSION)
    page.get_by_role("button", name="Đề nghị").click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Đăng nhập lại").click()
    opened.value.click("button[value=asks]")
    page.locator(".record", has_text="HS-35").wait_for()


END_SESSION = """() => {
  const [name] = Object.keys(sessionStorage).filter(one => one.startsWith("oidc.user:"));
  const user = JSON.parse(sessionStorage[name]);
  sessionStorage[name] = JSON.stringify({ ...user, expires_at: 1 });
}"""


def lose_the_answer(route: Any) -> None:
    route.fetch()
    route.abort()


def test_an_authorisation_is_asked_for_with_cameras_of_the_list(town: Town, sign_in: SignIn) -> None:
    page = sign_in("asks", "#/law/authorisation")
    page.get_by_label("Người mất tích").check()
    fill(page, {"Mục đích": "case 31", "Căn cứ pháp lý": "order 9"})
    page.locator(".picker .check").first.click()
    page.get_by_text("Camera (1 đã chọn)").wait_for()
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Đề nghị").click()
    page.locator(".record", has_text="case 31").get_by_text("không có hiệu lực").wait_for()


def test_a_camera_is_chosen_on_the_map_by_hand(sign_in: SignIn) -> None:
    page = sign_in("asks", "#/law/authorisation")
    canvas = page.locator(".picker canvas")
    page.locator(".picker .check").first.wait_for()
    box = canvas.bounding_box()
    for _ in range(20):  # a click before the map has drawn hits nothing, one on a cluster opens it
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if page.locator(".picker input:checked").count():
            break
    assert page.locator(".picker input:checked").count() == 1


def test_a_hold_is_placed_from_the_incident_and_lifted(town: Town, sign_in: SignIn) -> None:
    incident = town.happen("garbage", "tv-3")
    page = sign_in("watches", f"#/incidents/{incident}")
    page.get_by_role("link", name="Giữ lại").click()
    page.get_by_label("Mục đích").fill("the court asked for it")
    page.get_by_role("button", name="Giữ lại").click()
    hold = page.locator(".record", has_text=incident)
    hold.get_by_text("the court asked for it").wait_for()
    assert found_by_axe(page) == []
    hold.get_by_role("button", name="Gỡ lệnh giữ").click()
    page.locator("dialog").get_by_label("Mục đích").fill("the case is closed")
    page.locator("dialog").get_by_role("button", name="Gỡ lệnh giữ").click()
    hold.wait_for(state="detached")


def test_what_is_held_about_somebody_is_found_and_the_request_answered(town: Town, sign_in: SignIn) -> None:
    incident = town.happen("congestion", "tv-3")
    page = sign_in("watches", "#/personal")
    page.get_by_role("button", name="Ghi nhận yêu cầu").click()
    asked = page.locator("form", has_text="Số thư")
    fill(asked, {"Số thư": "CV-31/2026", "Mã sự cố": incident, "Mục đích": "letter of the citizen"})
    asked.get_by_role("button", name="Ghi nhận").click()
    request = page.locator(".record", has_text="CV-31/2026")
    request.get_by_role("button", name="Tìm dữ liệu đang giữ").click()
    request.locator("td", has_text="sự cố").first.wait_for()
    assert found_by_axe(page) == []
    request.get_by_role("button", name="Đã trả lời").click()
    fill(page.locator("dialog"), {"Trả lời cho người dân": "one incident is held", "Mục đích": "letter of the citizen"})
    page.locator("dialog").get_by_role("button", name="Đã trả lời").click()
    request.wait_for(state="detached")


def photographs_of(town: Town, nominal: str) -> list[bytes]:
    found: list[bytes] = []

    def look(_: object) -> None:
        (entry,) = [one for one in bootstrap_law.entries().current() if one.nominal == nominal]
        s3, bucket = boto3.client("s3"), bootstrap_law.law_settings().biometrics_bucket
        put = s3.list_objects_v2(Bucket=bucket, Prefix=f"portraits/{entry.id}/").get("Contents", [])
        found.extend(s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read() for one in put)

    town.let(look)
    return found
