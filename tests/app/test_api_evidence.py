"""Pictures over the API: redacted for who handles an incident, the original for a purpose, and no look unaudited."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.domain.evidence import CameraPicture, Face, Part
from chalicelib.domain.frames import frame_key
from chalicelib.domain.incidents import Evidence, Incident
from chalicelib.errors import Conflict
from chalicelib.telemetry import logger
from tests.app.calling import Caller
from tests.app.conftest import NOW, later
from tests.app.law_wishes import ask
from tests.unit.happenings import START, kept_picture, opened

IOC, OFFICER, REVIEWER, TECHNICIAN = "ioc_operator@*", "city_officer@*", "reviewer@*", "camera_operator@*"


def happened(api: Caller, kind: str = "flood", *, subject: str = "", age_h: float = 0) -> Incident:
    """An incident on three real frames, of which nothing is kept yet."""
    seen = [START + timedelta(seconds=5 * number) - timedelta(hours=age_h) for number in range(3)]
    frames = tuple(Evidence(frame_key("cam-1", at, 0), "00", at, 0.8) for at in seen)
    change = opened(kind, subject=subject)
    incident = replace(change.incident, evidence=frames, opened_at_utc=START - timedelta(hours=age_h))
    api.incidents.commit(replace(change, incident=incident))
    return incident


def acts(api: Caller) -> list[tuple[str, str, str, str]]:
    acts = [one.act for one in api.audit.records]
    return [(one.actor, one.purpose, one.action, one.subject) for one in acts]


def bucket_and_key(image: dict[str, Any]) -> str:
    parts = urlsplit(image["url"])
    return f"{parts.netloc.partition('.')[0]}{parts.path}"


def test_evidence_is_listed_in_the_order_in_which_it_was_taken_with_addresses_of_redacted_pictures(
    api: Caller,
) -> None:
    incident = happened(api)
    after, before = kept_picture(2, Part.AFTER, at_s=60), kept_picture(1, Part.BEFORE, at_s=-40)
    api.vault.tell(incident.id, [before, after])
    items = api.by(IOC).get(f"/incidents/{incident.id}/evidence").json_body["items"]
    assert [(one["number"], one["role"], one["missing"]) for one in items] == [
        (1, "before", None),
        (3, "sighting", "pending"),
        (4, "sighting", "pending"),
        (5, "sighting", "pending"),
        (2, "after", None),
    ]
    assert bucket_and_key(items[0]["image"]) == f"the-evidence/incidents/{incident.id}/1.jpg"
    assert items[0]["image"]["expires_at_utc"] == later(5).isoformat().replace("+00:00", "Z")
    assert [one["score"] for one in items] == [None, 0.8, 0.8, 0.8, None]


@pytest.mark.parametrize(
    ("kind", "age_h", "missing"),
    [
        pytest.param("flood", 71, "pending", id="its frames are still there"),
        pytest.param("flood", 73, "erased", id="its frames are gone"),
        pytest.param("watchlist_candidate", 23, "pending", id="a candidate within its day"),
        pytest.param("watchlist_candidate", 25, "erased", id="a candidate after its day"),
    ],
)
def test_what_is_not_kept_says_whether_it_is_still_to_come(api: Caller, kind: str, age_h: float, missing: str) -> None:
    incident = happened(api, kind, age_h=age_h)
    items = api.by(REVIEWER, IOC).get(f"/incidents/{incident.id}/evidence").json_body["items"]
    assert {(one["image"], one["missing"]) for one in items} == {(None, missing)}


def test_every_look_is_in_the_audit(api: Caller) -> None:
    incident = happened(api)
    api.vault.tell(incident.id, [kept_picture()])
    api.by(IOC, subject="olga").get(f"/incidents/{incident.id}/evidence")
    api.by(OFFICER, subject="duc").post(f"/incidents/{incident.id}/unsealings", {"number": 1, "purpose": "case 7"})
    subject = f"incident/{incident.id}"
    assert acts(api) == [
        ("olga", "handling of the incident", "evidence_viewed", subject),
        ("duc", "case 7", "original_unsealed", subject),
    ]


def test_an_original_is_lent_for_two_minutes_and_no_longer(api: Caller) -> None:
    incident = happened(api)
    api.vault.tell(incident.id, [kept_picture()])
    answer = api.by(OFFICER).post(f"/incidents/{incident.id}/unsealings", {"number": 1, "purpose": "case 7"})
    image = answer.json_body["image"]
    assert answer.status_code == 201
    assert bucket_and_key(image) == f"the-sealed/incidents/{incident.id}/1"
    assert "X-Amz-Expires=120&" in image["url"]
    assert image["expires_at_utc"] == later(2).isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"number": 2, "purpose": "case 7"}, 404, id="a picture that isn't kept"),
        pytest.param({"number": 1, "purpose": ""}, 422, id="no purpose"),
        pytest.param({"number": 1}, 422, id="nothing said of a purpose"),
        pytest.param({"number": 0, "purpose": "case 7"}, 422, id="no number"),
    ],
)
def test_nothing_is_unsealed_without_a_purpose_or_a_picture(api: Caller, body: dict[str, Any], status: int) -> None:
    incident = happened(api)
    api.vault.tell(incident.id, [kept_picture()])
    assert api.by(OFFICER).post(f"/incidents/{incident.id}/unsealings", body).status_code == status
    assert acts(api) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/incidents/{}/evidence", None, id="evidence"),
        pytest.param("/incidents/{}/unsealings", {"number": 1, "purpose": "case 7"}, id="an original"),
    ],
)
def test_what_the_audit_does_not_take_is_not_shown(
    api: Caller, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, Any] | None
) -> None:
    """Audited before the address is made, not after."""
    incident = happened(api)
    api.vault.tell(incident.id, [kept_picture()])

    def refuse(record: Any) -> None:
        raise Conflict(f"somebody else wrote before {record.sequence}")

    monkeypatch.setattr(api.audit, "append", refuse)
    api.by(OFFICER)
    answer = api.get(path.format(incident.id)) if body is None else api.post(path.format(incident.id), body)
    assert answer.status_code == 409
    assert "X-Amz-Signature" not in answer.body.decode()


def test_purposes_and_addresses_are_in_no_log(api: Caller, caplog: pytest.LogCaptureFixture) -> None:
    incident = happened(api)
    api.vault.tell(incident.id, [kept_picture()])
    api.by(OFFICER).get(f"/incidents/{incident.id}/evidence")
    api.post(f"/incidents/{incident.id}/unsealings", {"number": 1, "purpose": "vụ án 7"})
    logged = "\n".join(logger.registered_formatter.format(record) for record in caplog.records)
    assert "POST /incidents/{incident_id}/unsealings" in logged
    for word in ("X-Amz", "the-sealed", "vụ án 7", json.dumps("vụ án 7"), incident.id):
        assert word not in logged


def test_a_candidate_is_shown_beside_whom_it_resembles(api: Caller) -> None:
    ask(api)
    incident = happened(api, "watchlist_candidate", subject="e1")
    face = Face(eye_distance_px=42.0, sharpness=0.03, brightness=130.0, turn=0.2)
    api.vault.tell(incident.id, [kept_picture(1), kept_picture(2, at_s=5, face=face)])
    told = api.by(REVIEWER, subject="hoa").get(f"/incidents/{incident.id}/comparison").json_body
    assert bucket_and_key(told["probe"].pop("image")) == f"the-sealed/incidents/{incident.id}/2-face"
    assert told["probe"]["quality"] == {"eye_distance_px": 42.0, "sharpness": 0.03, "brightness": 130.0, "turn": 0.2}
    assert (told["probe"]["score"], told["probe"]["camera_id"]) == (0.9, "cam-1")
    assert [bucket_and_key(one["image"]) for one in told["references"]] == ["the-biometrics/reviews/e1/1.jpg"]
    assert told["entry"] == {"id": "e1", "category": "wanted", "legal_basis": "QĐ 12/2026", "why": "bỏ trốn"}
    assert acts(api) == [("hoa", "handling of the incident", "faces_compared", f"incident/{incident.id}")]


def test_a_candidate_whose_face_is_not_kept_yet_is_compared_without_it(api: Caller) -> None:
    ask(api)
    incident = happened(api, "watchlist_candidate", subject="e1")
    probe = api.by(REVIEWER).get(f"/incidents/{incident.id}/comparison").json_body["probe"]
    assert (probe["image"], probe["quality"], probe["score"]) == (None, None, 0.8)


def test_nobody_compares_what_is_no_candidate_under_review(api: Caller) -> None:
    ask(api)
    incident = happened(api, "watchlist_candidate", subject="e1")
    review = {"confirmed": False, "version": 1, "reason": "false_alarm"}
    api.by(REVIEWER).post(f"/incidents/{incident.id}/reviews", review, Idempotency_Key="word-0001")
    assert api.get(f"/incidents/{incident.id}/comparison").status_code == 409
    assert api.get(f"/incidents/{happened(api).id}/comparison").status_code in {404, 409}


def test_a_cameras_picture_is_asked_for_and_seen(api: Caller) -> None:
    path = "/cameras/tv-1/picture"
    nothing = {"image": None, "captured_at_utc": None}
    assert api.by(TECHNICIAN, subject="ha").get(path).json_body == {**nothing, "missing": "none"}
    asked = api.post(path, {"purpose": "its zones"})
    assert (asked.status_code, asked.json_body) == (202, {**nothing, "missing": "pending"})
    assert api.requests.asked == {"tv-1": NOW}
    api.vault.put_camera_picture(CameraPicture("tv-1", NOW), b"a street")
    seen = api.get(path).json_body
    assert bucket_and_key(seen["image"]) == "the-evidence/cameras/tv-1.jpg"
    assert seen["captured_at_utc"] == NOW.isoformat().replace("+00:00", "Z")
    assert [one[1:3] for one in acts(api)] == [
        ("its zones", "camera_picture_asked_for"),
        ("drawing what the camera looks at", "camera_picture_viewed"),
    ]


def test_a_request_that_brought_nothing_is_given_up(api: Caller) -> None:
    api.by(TECHNICIAN).post("/cameras/tv-1/picture", {"purpose": "its zones"})
    api.now = later(5)
    assert api.get("/cameras/tv-1/picture").json_body["missing"] == "none"
