"""What people do with the console, in a real browser over the whole local chain."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib import bootstrap_law
from chalicelib.domain.authorisations import Authorisation
from tests.console.axe import found_by_axe
from tests.console.conftest import Town

PHONE = {"width": 360, "height": 740}
SignIn = Callable[..., Any]

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(120)]


def row(page: Any, incident: str) -> Any:
    return page.locator(f".row[data-id='{incident}']")


def test_an_incident_appears_without_reload_and_calls_in_the_title(town: Town, sign_in: SignIn) -> None:
    page = sign_in("olga")
    incident = town.happen("flood", "tv-5")
    row(page, incident).get_by_text("Quay").wait_for(timeout=3_000)
    assert re.match(r"\(\d+\) Mắt phố", page.title())


def test_it_is_acknowledged_at_one_click(town: Town, sign_in: SignIn) -> None:
    incident = town.happen("garbage", "tv-5")
    page = sign_in("olga")
    row(page, incident).get_by_role("button", name="Nhận việc").click()
    row(page, incident).get_by_text("đã nhận").wait_for()
    assert "olga" in row(page, incident).inner_text()


def test_it_escalates_when_nobody_takes_it_in_time(town: Town, sign_in: SignIn) -> None:
    incident = town.happen("fire_smoke", "tv-6")
    page = sign_in("olga")
    row(page, incident).wait_for()
    town.ahead += timedelta(minutes=2, seconds=10)
    row(page, incident).get_by_text("leo thang cấp 1").wait_for()


def test_who_was_slower_sees_what_the_other_did(town: Town, sign_in: SignIn) -> None:
    """A command on an older version changes nothing and shows the incident as it is now."""
    incident = town.happen("congestion", "tv-5")
    slow, fast = (sign_in(person, f"#/incidents/{incident}") for person in ("olga", "oskar"))
    slow.get_by_role("button", name="Nhận việc").wait_for()
    slow.route(
        "**/api/incidents**", lambda route: route.abort() if route.request.method == "GET" else route.continue_()
    )
    fast.get_by_role("button", name="Nhận việc").click()
    fast.locator("header .status.acknowledged").wait_for()
    slow.get_by_role("button", name="Nhận việc").click()
    slow.get_by_text("Sự cố vừa được người khác thay đổi").wait_for()
    slow.get_by_text("oskar đã nhận").wait_for()


def test_two_people_confirm_a_candidate_and_neither_knows_of_the_other(town: Town, sign_in: SignIn) -> None:
    incident = town.happen("watchlist_candidate", "tv-4")
    where = f"#/candidates?id={incident}"
    first, operator = sign_in("first", where), sign_in("olga")
    first.get_by_role("button", name="Xác nhận").click()
    first.get_by_text("Bạn đã xác minh").wait_for()
    second = sign_in("second", where)
    second.get_by_role("button", name="Xác nhận").wait_for()
    second.wait_for_timeout(300)
    assert "first" not in second.locator("main").inner_text()
    assert row(operator, incident).count() == 0, "a unit heard of it after one confirmation"
    second.get_by_role("button", name="Xác nhận").click()
    row(operator, incident).wait_for()


def test_the_second_reviewer_finds_no_trace_of_the_first_on_the_incident_page(town: Town, sign_in: SignIn) -> None:
    incident = town.happen("watchlist_candidate", "tv-4")
    first = sign_in("first", f"#/candidates?id={incident}")
    first.get_by_role("button", name="Xác nhận").click()
    first.get_by_text("Bạn đã xác minh").wait_for()
    second = sign_in("second", f"#/incidents/{incident}")
    second.locator(".timeline li").first.wait_for()
    assert "first" not in second.locator("main").inner_text()
    assert "Một người đã xác minh" not in second.locator("main").inner_text()


def test_an_officer_sees_the_own_ward_and_no_other(town: Town, sign_in: SignIn) -> None:
    here, there = town.happen("flood", "tv-6"), town.happen("flood", "tv-3")
    officer, operator = sign_in("ward"), sign_in("olga")
    row(operator, there).wait_for()
    row(operator, here).wait_for()
    officer.locator(".row").first.wait_for()
    assert row(officer, there).count() == 0
    officer.goto(f"{town.address}/#/incidents/{there}")
    officer.get_by_text("Không có sự cố này").wait_for()


def test_who_signs_out_is_asked_who_to_be(sign_in: SignIn) -> None:
    page = sign_in("olga")
    page.get_by_role("button", name="Thoát").click()
    page.locator("button[value=olga]").wait_for()
    assert page.evaluate("Object.keys(sessionStorage).filter(one => one.startsWith('oidc.user:'))") == []


def test_a_comment_outlives_what_others_do_meanwhile(town: Town, sign_in: SignIn) -> None:
    incident = town.happen("garbage", "tv-5")
    slow, fast = (sign_in(person, f"#/incidents/{incident}") for person in ("olga", "oskar"))
    slow.get_by_role("textbox", name="Ghi chú").fill("on my way")
    slow.route(
        "**/api/incidents**", lambda route: route.abort() if route.request.method == "GET" else route.continue_()
    )
    fast.get_by_role("button", name="Nhận việc").click()
    fast.locator("header .status.acknowledged").wait_for()
    slow.get_by_role("button", name="Gửi ghi chú").click()
    fast.locator(".timeline").get_by_text("on my way").wait_for()


def test_an_incident_stays_in_sight_while_the_api_does_not_answer(town: Town, sign_in: SignIn) -> None:
    incident = town.happen("garbage", "tv-5")
    page = sign_in("olga", f"#/incidents/{incident}")
    page.get_by_role("button", name="Nhận việc").wait_for()
    page.route("**/api/incidents**", lambda route: route.fulfill(status=503, json=TRY_AGAIN))
    page.get_by_text("Mất kết nối").wait_for()
    assert page.get_by_role("button", name="Nhận việc").is_visible()


def test_what_a_dialog_asks_for_is_kept_when_the_api_refuses(town: Town, sign_in: SignIn) -> None:
    """Another reason needs a text that says which."""
    incident = town.happen("garbage", "tv-5")
    page = sign_in("olga", f"#/incidents/{incident}")
    page.get_by_role("button", name="Hủy").click()
    dialog = page.locator("dialog")
    dialog.get_by_label("Lý do").select_option("other")
    dialog.get_by_role("button", name="Hủy").click()
    dialog.get_by_text("Lý do khác thì phải viết rõ").wait_for()
    assert dialog.get_by_label("Lý do").input_value() == "other"


TRY_AGAIN = {
    "type": "urn:matpho:problem:try-again",
    "title": "Try again",
    "status": 503,
    "detail": "",
    "request_id": "r1",
}


def test_each_role_is_shown_its_own_pages(sign_in: SignIn) -> None:
    page = sign_in("tech")
    pages = page.locator("nav a").all_inner_texts()
    assert "Camera" in pages
    assert not {"Sự cố", "Xác minh", "Giao ca"} & set(pages)


def test_it_speaks_vietnamese_until_somebody_wants_english_and_remembers(sign_in: SignIn) -> None:
    page = sign_in("olga")
    assert page.locator("html").get_attribute("lang") == "vi"
    assert "Bản đồ" in page.locator("nav").inner_text()
    page.get_by_role("button", name="English").click()
    page.locator(".counts").get_by_text("nobody has taken").wait_for()
    page.reload()
    page.locator(".counts").get_by_text("nobody has taken").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"


def test_nothing_sticks_out_on_a_phone(town: Town, sign_in: SignIn) -> None:
    page = sign_in("olga", **PHONE)
    widths = {}
    for where in visited(page, town):
        widths[where] = page.evaluate("document.documentElement.scrollWidth")
    assert {where: width for where, width in widths.items() if width > PHONE["width"]} == {}


def test_a_thumb_finds_the_button_on_a_phone(town: Town, sign_in: SignIn) -> None:
    """44 px, the smallest that a thumb hits surely (WCAG 2.5.5)."""
    incident = town.happen("garbage", "tv-6")
    page = sign_in("olga", **PHONE)
    box = row(page, incident).get_by_role("button", name="Nhận việc").bounding_box()
    assert box["height"] >= 40
    assert box["width"] >= 44


def test_the_keyboard_is_enough(town: Town, sign_in: SignIn) -> None:
    """Choose, acknowledge, open, ask to dismiss, think better of it, and go back."""
    town.happen("congestion", "tv-6")
    page = sign_in("olga")
    page.locator(".row").first.wait_for()
    page.keyboard.press("j")
    chosen = page.evaluate("document.activeElement.closest('.row').dataset.id")
    page.keyboard.press("a")
    row(page, chosen).get_by_text("đã nhận").wait_for()
    row(page, chosen).locator("a").focus()
    page.keyboard.press("Enter")
    page.locator(".incident").wait_for()
    page.keyboard.press("d")
    page.locator("dialog[open]").wait_for()
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")
    page.keyboard.press("b")
    page.locator(".board").wait_for()


def test_who_asked_for_an_authorisation_is_not_who_approves_it(town: Town, sign_in: SignIn) -> None:
    """And whoever watches over it finds both in the audit, each with the purpose."""
    town.let(ask_for_faces)
    asks, decides = sign_in("asks", "#/law"), sign_in("decides", "#/law")
    asks.get_by_text("case 7").wait_for()
    assert asks.get_by_role("button", name="Duyệt").count() == 0
    decides.get_by_role("button", name="Duyệt").click()
    decides.get_by_label("Mục đích").fill("seen by the prosecutor")
    decides.locator("dialog").get_by_role("button", name="Duyệt").click()
    decides.locator("dd").get_by_text("decides", exact=True).wait_for()
    audit = sign_in("watches", "#/audit").locator("tbody")
    audit.get_by_text("seen by the prosecutor").wait_for()
    assert "case 7" in audit.inner_text()


def ask_for_faces(at_utc: datetime) -> None:
    asked = Authorisation(
        id="case-7",
        purpose="case 7",
        legal_basis="a court's order",
        camera_ids=("tv-4",),
        lists=("wanted",),
        valid_from_utc=at_utc - timedelta(hours=1),
        valid_until_utc=at_utc + timedelta(hours=8),
        requesting_unit="ioc",
        requested_by="asks",
        requested_at_utc=at_utc,
    )
    bootstrap_law.change_authorisations().request(asked)


def test_what_people_write_stays_text(town: Town, sign_in: SignIn) -> None:
    incident = town.happen("garbage", "tv-3")
    page = sign_in("olga", f"#/incidents/{incident}")
    page.get_by_role("textbox", name="Ghi chú").fill("<img src=x onerror=alert(1)><b>đậm</b>")
    page.get_by_role("button", name="Gửi ghi chú").click()
    page.get_by_text("<img src=x onerror=alert(1)><b>đậm</b>").wait_for()
    assert page.locator(".timeline img, .timeline b").count() == 0


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing(theme: str, town: Town, sign_in: SignIn) -> None:
    page = sign_in("olga")
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    found = {where: found_by_axe(page) for where in visited(page, town)}
    assert {where: problems for where, problems in found.items() if problems} == {}


def test_axe_finds_nothing_where_candidates_are_reviewed(town: Town, sign_in: SignIn) -> None:
    incident = town.happen("watchlist_candidate", "tv-4")
    page = sign_in("first", f"#/candidates?id={incident}")
    page.get_by_role("button", name="Loại bỏ").click()
    page.locator("dialog[open]").wait_for()
    assert found_by_axe(page) == []


def visited(page: Any, town: Town) -> Iterator[str]:
    """Go to every page of the console, one after another."""
    incident = town.happen("flood", "tv-1")
    for where in ("", "map", "cameras", "figures", "shift", "routing", f"incidents/{incident}"):
        page.goto(f"{town.address}/#/{where}")
        page.locator("main h1").wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        yield where
