"""What people see of an incident: pictures without faces, an original for a purpose, and faces to compare."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from chalicelib import bootstrap_law
from chalicelib.domain.watchlists import Entry, Portrait
from local.drawn_street import draw_face, to_jpeg
from local.sample import ENTRY
from local.sample_pictures import LISTED
from tests.console.axe import found_by_axe
from tests.console.conftest import Town

SignIn = Callable[..., Any]
LOADED = "image => image.complete && image.naturalWidth"

pytestmark = [pytest.mark.xdist_group("console"), pytest.mark.timeout(120)]


def test_an_incident_shows_the_street_before_and_what_was_seen_with_boxes(town: Town, sign_in: SignIn) -> None:
    page = sign_in("olga", f"#/incidents/{town.happen('congestion', 'tv-5')}")
    page.locator(".exhibits img").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert all(one.evaluate(LOADED) for one in page.locator(".exhibits img").all())
    assert page.locator(".exhibits strong").first.inner_text() == "Trước"
    assert page.locator(".exhibits li").nth(1).locator("rect").count() > 3
    assert found_by_axe(page) == []


def test_a_picture_is_enlarged_and_its_boxes_taken_off_by_keyboard(town: Town, sign_in: SignIn) -> None:
    page = sign_in("olga", f"#/incidents/{town.happen('congestion', 'tv-3')}")
    page.locator(".exhibits .thumb").nth(1).focus()
    page.keyboard.press("Enter")
    picture = page.locator("dialog[open] .picture")
    fitting = picture.bounding_box()["width"]
    page.get_by_role("button", name="4×").press("Enter")
    assert picture.bounding_box()["width"] == pytest.approx(4 * fitting, rel=0.02)
    page.get_by_role("checkbox").press("Space")
    assert picture.locator("rect").count() == 0
    assert found_by_axe(page) == []
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")


def test_an_original_is_shown_for_a_purpose_that_the_audit_knows(town: Town, sign_in: SignIn) -> None:
    where = f"#/incidents/{town.happen('fire_smoke', 'tv-6')}"
    operator = sign_in("olga", where)
    operator.locator(".exhibits img").first.wait_for()
    assert operator.get_by_role("button", name="Xem ảnh gốc").count() == 0, "an operator has no business with it"
    officer = sign_in("asks", where)
    officer.get_by_role("button", name="Xem ảnh gốc").first.click()
    officer.get_by_label("Mục đích").fill("identify the vehicle on fire")
    officer.locator("dialog").get_by_role("button", name="Xem ảnh gốc").click()
    original = officer.locator("dialog .viewer img")
    original.wait_for()
    officer.wait_for_load_state("networkidle")
    assert original.evaluate(LOADED)
    sign_in("watches", "#/audit").get_by_text("identify the vehicle on fire").wait_for()


def test_a_reviewer_compares_faces_side_by_side(town: Town, sign_in: SignIn) -> None:
    town.let(list_somebody)
    candidate = town.happen("watchlist_candidate", "tv-4")
    page = sign_in("first", f"#/candidates?id={candidate}")
    page.locator(".pair img").nth(1).wait_for()
    page.wait_for_load_state("networkidle")
    assert all(one.evaluate(LOADED) for one in page.locator(".pair img").all())
    assert "went missing at the market" in page.locator("main").inner_text()
    assert found_by_axe(page) == []


def list_somebody(at_utc: datetime) -> None:
    portrait = Portrait("1.jpg", "drawn", embedder_digest="sample")
    entry = Entry(ENTRY, "missing_person", "HS-1", "went missing at the market", "the family's request", "ioc", "asks",
                  at_utc, hours=24, under_18=False, portraits=(portrait,))  # fmt: skip
    bootstrap_law.biometrics().keep_review(ENTRY, portrait.name, to_jpeg(draw_face(seed=LISTED)))
    bootstrap_law.change_watchlist().request(entry, purpose="find her")
