"""One event is one alert, whatever form it goes out in: who hears of it, what it says, and what it never says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.alerts.because import in_vietnamese
from chalicelib.domain.alerts.cap import cap
from chalicelib.domain.alerts.cloud_event import cloud_event_json, plain, to_json
from chalicelib.domain.alerts.model import Alert, alert_of, listens_for
from chalicelib.domain.alerts.ngsi_ld import ngsi_ld
from chalicelib.domain.alerts.texts import SMS_LIMIT_UCS2, email, sms, subject_line
from chalicelib.domain.alerts.words import LABELS, MEANINGS
from chalicelib.domain.deadlines import on_due
from chalicelib.domain.handled import Command, obey
from chalicelib.domain.incidents import INTERNAL, Change, EventType, Place, Reason, TimelineEvent
from chalicelib.domain.judging import version_for
from chalicelib.domain.lifecycle import Action
from chalicelib.domain.routing import route
from chalicelib.domain.seen import open_parent
from chalicelib.errors import NotFound
from chalicelib.vision.vehicles import VEHICLES
from tests.unit.happenings import PACK, START, opened
from tests.unit.test_console_words import FAULTS

ENTRY = "entry-of-somebody"


def alert(change: Change) -> Alert:
    return alert_of(change.event, PACK, published_at_utc=START)


def do(change: Change, action: Action, *, reason: Reason | None = None, by: str = "lan", text: str = "") -> Change:
    """What a person does to the incident of a change."""
    command = Command(action, by, version_for(change.incident, by), key="", reason=reason, text=text)
    return obey(change.incident, command, PACK, at_utc=START + timedelta(minutes=2))


def confirmed_candidate() -> Change:
    first = do(opened("watchlist_candidate", camera_id="tv-4", subject=ENTRY), Action.CONFIRM)
    return do(first, Action.CONFIRM, by="minh")


def test_every_event_that_units_hear_of_has_a_type_and_a_verb() -> None:
    assert set(MEANINGS) == set(EventType) - INTERNAL


def test_a_repeated_alert_is_recognisably_the_same() -> None:
    """Only the time of publishing differs."""
    event = opened().event
    first = alert_of(event, PACK, published_at_utc=START)
    again = alert_of(event, PACK, published_at_utc=START + timedelta(minutes=5))
    assert first.id == again.id == event.id
    assert replace(first, hops=replace(first.hops, published_at=None)) == alert_of(event, PACK)
    assert first.hops.published_at != again.hops.published_at


@pytest.mark.parametrize(
    ("change", "headline"),
    [
        pytest.param(opened(camera_id="tv-1"), "NEW: Flooding - Main Street, New Town", id="a new incident"),
        pytest.param(do(opened(camera_id="tv-1"), Action.ACKNOWLEDGE), "ACKNOWLEDGED: Flooding - ", id="taken on"),
        pytest.param(
            confirmed_candidate(), "CONFIRMED: Watchlist candidate - Station Gate", id="a confirmed candidate"
        ),
        pytest.param(opened(exercise=True), "[EXERCISE] NEW: Flooding", id="an exercise"),
        pytest.param(
            open_parent(PACK, (opened(camera_id="tv-1").incident, opened(camera_id="tv-5").incident), at_utc=START),
            "NEW: Flooding - 2 places, Testville",
            id="one that stands for many",
        ),
    ],
)
def test_the_headline_says_what_and_where(change: Change, headline: str) -> None:
    assert alert(change).headline.en.startswith(headline)


def test_an_unanswered_incident_says_whether_anybody_has_it() -> None:
    fresh, taken = opened(), do(opened(), Action.ACKNOWLEDGE)
    nobody = replace(fresh.event, type=EventType.UNANSWERED)
    overdue = on_due(taken.incident, PACK, at_utc=START + timedelta(days=2)).event
    assert alert_of(nobody, PACK).headline.en.startswith("STILL NOBODY ANSWERS")
    assert alert_of(overdue, PACK).headline.en.startswith("TAKING TOO LONG")


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(opened("watchlist_candidate").event, id="a candidate that awaits people"),
        pytest.param(do(opened(), Action.COMMENT, text="on my way").event, id="a comment"),
    ],
)
def test_of_what_nobody_was_told_there_is_no_alert(event: TimelineEvent) -> None:
    with pytest.raises(NotFound, match="nobody was told"):
        alert_of(event, PACK)


def test_no_alert_is_lost_over_a_pack_that_has_forgotten_all_about_it() -> None:
    """Ended an hour ago and not yet told: kind, area, camera and units may be gone from the city by then."""
    event = do(opened(camera_id="tv-1"), Action.DISMISS, reason=Reason.FALSE_ALARM).event
    forgetful = replace(PACK, kinds=(), areas=(), cameras=(), units=())
    told, known = alert_of(event, forgetful), alert_of(event, PACK)
    assert (told.id, told.units, told.audience, told.type) == (known.id, known.units, known.audience, known.type)
    assert (told.kind_name.en, told.severity, told.checklist) == ("flood", known.severity, ())
    assert told.headline.en == "CANCELLED: flood - tv-1, New Town"
    assert all((cloud_event_json(told), sms(told), email(told), cap(told), ngsi_ld(told)))


def test_an_exercise_goes_to_another_audience() -> None:
    """Whoever listens for units alone never hears of it."""
    exercise = alert(opened("fire_smoke", exercise=True))
    assert exercise.units == ("ioc", "fire")
    assert exercise.audience == ("drill/ioc", "drill/fire")
    reached = [unit.id for unit in PACK.units if set(listens_for(unit)) & set(exercise.audience)]
    assert reached == [unit.id for unit in PACK.units if unit.drills and unit.id in exercise.units]


def test_the_entry_of_a_confirmed_candidate_is_for_the_units_alone() -> None:
    """Invariant 8, and more: not even its id goes where others read."""
    told = alert(confirmed_candidate())
    assert ENTRY in cloud_event_json(told)
    others = (sms(told), email(told), subject_line(told), cap(told).decode(), to_json(ngsi_ld(told)))
    assert not [text for text in others if ENTRY in text]


def test_evidence_is_named_by_key_and_digest_only() -> None:
    assert [one.keys() for one in plain(alert(opened()).evidence)] == [{"frame", "sha256"}] * 3


@pytest.mark.parametrize(
    ("camera_id", "area", "text"),
    [
        pytest.param("tv-1", "Phố Mới", "MỚI: Ngập nước - Main Street, Phố Mới 15:00", id="all of it"),
        pytest.param("tv-1", "Phường " * 9, "MỚI: Ngập nước - Main Street 15:00", id="no area where both don't fit"),
        pytest.param("𓀀" * 40, "Phố Mới", f"MỚI: Ngập nước - {'𓀀' * 23}… 15:00", id="cut where the place is too long"),
    ],
)
def test_an_sms_says_what_where_and_when_in_one_part(camera_id: str, area: str, text: str) -> None:
    """The limit counts UTF-16 code units, of which a letter outside the basic plane takes two."""
    incident = replace(opened(camera_id=camera_id).incident, place=Place("new-town", area, 0, 0))
    assert sms(alert_of(replace(opened().event, incident=incident), PACK)) == text
    assert len(text.encode("utf-16-le")) // 2 <= SMS_LIMIT_UCS2


def test_the_subject_of_an_email_is_ascii() -> None:
    place = Place("new-town", "Phường Đạt Lý", 0, 0)
    event = replace(opened().event, incident=replace(opened().incident, place=place))
    assert subject_line(alert_of(event, PACK)) == "[moderate] NEW: Flooding - cam-1, Phuong Dat Ly"


def test_the_email_tells_both_languages_the_place_the_time_what_to_do_and_why() -> None:
    text = email(alert(opened(camera_id="tv-1")))
    vietnamese, english, _ = text.split("\n\n")
    assert "Camera: Main Street (tv-1)" in vietnamese
    assert "Ghi nhận: 01/03/2026 15:00:00" in vietnamese
    assert "[ ] Khơi thông cống" in vietnamese
    assert "To be answered by: 01/03/2026 15:15:00" in english
    assert "[ ] Clear the drains" in english
    assert "Dịch vụ đô thị: phụ trách New Town (quy tắc road-trouble)" in vietnamese
    assert "City services: route road-trouble" in english


@pytest.mark.parametrize("label", [*FAULTS, *VEHICLES])
def test_a_fault_or_a_vehicle_has_a_word_in_each_language(label: str) -> None:
    assert label in LABELS
    told = alert_of(replace(opened().event, incident=replace(opened().incident, label=label)), PACK)
    assert f"Chi tiết: {LABELS[label].vi}\n" in email(told)


def test_a_list_is_called_as_the_city_pack_calls_it() -> None:
    named = PACK.categories[0]
    told = alert_of(replace(opened().event, incident=replace(opened().incident, label=named.id)), PACK)
    assert (told.label_name.vi, told.label_name.en) == (named.name_vi, named.name_en)


def test_whatever_a_unit_is_told_for_is_said_in_vietnamese() -> None:
    """Each reason as the rules themselves give it: routed, unrouted, called in by a step, handed over."""
    noise = route(PACK, kind="noise", area=PACK.areas[0], severity="minor", at_utc=START)
    command = Command(Action.TRANSFER, "lan", 1, key="", units=("fire",))
    handed = obey(opened().incident, command, PACK, at_utc=START + timedelta(minutes=2)).incident.routed
    fire = opened("fire_smoke").incident
    for _ in range(2):
        assert fire.due_utc is not None
        fire = on_due(fire, PACK, at_utc=fire.due_utc).incident
    reasons = {*fire.routed.reasons, *noise.reasons, *handed.reasons}
    assert len({reason.split()[0] for reason in reasons}) == 5
    assert [reason for reason in reasons if in_vietnamese(reason) == reason] == []
    assert in_vietnamese("for a reason of later") == "for a reason of later"


def test_an_email_leads_to_the_incident_in_the_console() -> None:
    told = alert(opened())
    text = email(told, console_url="https://console.example/")
    assert text.endswith(f"link: https://console.example/#/incidents/{told.incident}\n")
    assert email(told).endswith(f"link: /incidents/{told.incident}\n")


def test_an_email_of_what_is_over_asks_for_nothing() -> None:
    text = email(alert(do(opened(), Action.DISMISS, reason=Reason.FALSE_ALARM)))
    assert "What to do" not in text
    assert "Cancelled because: false alarm" in text


def test_the_data_tells_how_it_stands() -> None:
    """The clock, the chain and the alert that came before it."""
    change = do(opened(), Action.ACKNOWLEDGE)
    told = alert(change)
    assert told.previous is not None
    assert (told.previous.id, told.sequence) == (f"{told.incident}/1", 2)
    assert told.hops.acknowledged_at == change.event.at_utc
    assert told.due_at == change.incident.due_utc
