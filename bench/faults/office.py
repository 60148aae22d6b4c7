"""What people decide over the API and what the clock makes of it, with the function killed at each side effect.

A day at the office: a hold, an incident taken on, a candidate rejected, a camera's settings, a search that is allowed
and withdrawn, a person who wants to be erased, the night's report; then the months in which all of it has consequences.
Whoever was not answered asks again, as the console does, and the clock ticks again. What is left must be as if nobody
had died.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import boto3
from chalice.local import LambdaContext

import app
from bench.faults.broken_aws import Breaker, crash_points, installed
from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law, bootstrap_subjects, bootstrap_vision
from chalicelib.domain.audit import first_break, record_to_line
from chalicelib.domain.city import CityPack
from chalicelib.domain.evidence import sighting
from chalicelib.domain.incidents import Incident
from chalicelib.domain.mandate import Mandate
from chalicelib.domain.watchlists import CATEGORIES, Entry, Portrait, add_portrait, request_entry, require_category
from chalicelib.flows.enrol_portraits import NO_ROWS, template_to_bytes
from chalicelib.store.evidence_ports import Files
from chalicelib.store.mandates import MANDATE_KEY, mandate_from_json
from local.city import City, running_city
from local.cloud import environment
from local.events import schedule_event
from local.gateway import Answer, Gateway
from local.issuer import ENVIRONMENT, Issuer, new_issuer
from local.sample import opening

HANDLERS = ("api", "keep_watchlist", "keep_the_law", "report_yesterday")
START_UTC = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
GRANTS = ("city_officer@*", "reviewer@*", "data_protection_officer@*", "administrator@*")
"""Together they may do all of it; where two people are needed, two names ask."""
UNIT, ENTRY_ID, PHOTO, CASE = "police-new-town", "e1", "1.jpg", "case 7"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Left:
    """All that the story leaves behind, but for how often the audit says it."""

    incidents: tuple[tuple[str, str, int], ...]
    records: tuple[tuple[str, int], ...]
    files: tuple[str, ...]
    acts: frozenset[tuple[str, str]]
    breaks_in_the_audit: int
    mandate_is_true: bool


@dataclass(frozen=True, slots=True)
class Day:
    """What befell the story, and how it came out otherwise than without."""

    name: str
    breaches: tuple[str, ...]


def befall_office(pack: CityPack) -> Iterator[Day]:
    """The story undisturbed first; then with a death before each side effect, and after the last."""
    counted = Breaker()
    expected = live_through(pack, counted)
    yield Day("a day at the office", () if expected.mandate_is_true else ("the mandate is not what was decided",))
    for name, decide in crash_points(counted, HANDLERS):
        left = live_through(pack, Breaker(decide))
        other = (one.name for one in fields(Left) if getattr(left, one.name) != getattr(expected, one.name))
        yield Day(name, tuple(f"other {one}: {getattr(left, one)}, not {getattr(expected, one)}" for one in other))


def live_through(pack: CityPack, breaker: Breaker) -> Left:
    """Run the story on a cloud of its own."""
    issuer = new_issuer()
    parts = {"signing_keys": issuer.jwks}
    with environment(ENVIRONMENT), installed(breaker), running_city(pack, start_utc=START_UTC, parts=parts) as city:
        os.environ["MATPHO_REPORTS_BUCKET"] = city.frames_bucket  # the city puts the environment back
        office = _Office(city, breaker, issuer)
        flood, candidate = (_open(city, kind, camera) for kind, camera in _SEEN)
        _list_somebody()
        _morning(office, flood, candidate)
        _search(office)
        _afterwards(office, flood, candidate)
        return _left()


@dataclass(frozen=True, slots=True)
class _Office:
    """People who ask until they are answered, and a clock that ticks until it was heard."""

    city: City
    breaker: Breaker
    issuer: Issuer
    gateway: Gateway = field(default_factory=lambda: Gateway(app.app))

    def ask(self, by: str, method: str, path: str, body: Mapping[str, Any] | None = None, *, seen: str = "") -> Any:
        headers = {
            "Authorization": f"Bearer {self.issuer.token(by, grants=GRANTS, units=[UNIT])}",
            "Content-Type": "application/json",
            "Idempotency-Key": "once-only",
            **({"If-Match": f'"{seen}"'} if seen else {}),
        }
        sent = json.dumps(body).encode() if body else b""
        answer: Answer = self._alive("api", lambda _: self.gateway.answer(method, path, headers, sent), {})
        if answer.status >= 400:
            raise AssertionError(f"{method} {path} answered {answer.status}: {answer.body.decode()}")
        return json.loads(answer.body)

    def tick(self, name: str, *, later: timedelta) -> None:
        self.city.clock.advance_to(self.city.clock() + later)
        event = schedule_event(self.city.clock())
        self._alive(name, lambda event: getattr(app, name)(event, LambdaContext(name, memory_size=512)), event)

    def _alive(self, handler: str, invoke: Callable[[Any], Any], event: Mapping[str, Any]) -> Any:
        """What comes of it, the second time when it was killed the first: a process dies once."""
        call = self.breaker.watched(handler, invoke)
        answer = call(event)
        return call(event) if isinstance(answer, dict) and "batchItemFailures" in answer else answer


_SEEN = (("flood", "tv-5"), ("watchlist_candidate", "tv-4"))


def _open(city: City, kind: str, camera_id: str) -> Incident:
    """An incident, its frames and a picture of it, all as they would be."""
    camera = city.pack.camera(camera_id)
    if camera is None:
        raise AssertionError(f"the pack has no camera {camera_id!r}")
    opened = opening(city.pack, kind, camera, city.clock())
    incident = opened.incident
    bootstrap.incidents().commit(opened)
    for one in incident.evidence:
        city.s3.put_object(Bucket=city.frames_bucket, Key=one.frame_key, Body=b"scripted")
    vault, picture = bootstrap_evidence.evidence_vault(), sighting(1, incident.evidence[0], (), None)
    vault.keep(incident.id, picture, Files(b"original", b"redacted", None))
    vault.tell(incident.id, [picture])
    return incident


def _list_somebody() -> None:
    """An entry that waits for a decision, whose photograph has passed the gate."""
    entry = Entry(
        ENTRY_ID, "wanted", "HS-2026-114", "bỏ trốn", "QĐ 12/2026", UNIT, "an", START_UTC, hours=24, under_18=False
    )
    entries, biometrics = bootstrap_law.entries(), bootstrap_law.biometrics()
    asked = request_entry(entry, require_category(CATEGORIES, entry.category))
    portrait = Portrait(PHOTO, "ab" * 32, embedder_digest=bootstrap_vision.embedder_digest())
    entries.commit(asked)
    entries.commit(add_portrait(asked.after, portrait, by="gate", at_utc=START_UTC))
    bucket = bootstrap_law.law_settings().biometrics_bucket
    boto3.client("s3").put_object(Bucket=bucket, Key=f"portraits/{ENTRY_ID}/{PHOTO}", Body=b"a face")
    biometrics.keep_template(ENTRY_ID, PHOTO, template_to_bytes(NO_ROWS))


def _morning(office: _Office, flood: Incident, candidate: Incident) -> None:
    office.ask("dung", "POST", "/holds", {"subject": f"incident/{flood.id}", "purpose": CASE})
    for version, action in enumerate(("acknowledge", "resolve"), start=1):
        office.ask("olga", "POST", f"/incidents/{flood.id}/commands", {"action": action, "version": version})
    rejection = {"confirmed": False, "version": 1, "reason": "false_alarm"}
    office.ask("olga", "POST", f"/incidents/{candidate.id}/reviews", rejection)
    view = office.ask("olga", "GET", "/cameras/tv-1/view")
    named = ("profile", "road_zone_rel", "masks", "schedules", "road_zones", "crowd")
    wish = {**{name: view[name] for name in named}, "stopped_after_s": 600, "purpose": CASE}
    office.ask("olga", "PUT", "/cameras/tv-1/view", wish, seen=view["version"])


def _search(office: _Office) -> None:
    """Allowed, searched for, and withdrawn."""
    entry = f"/watchlist/entries/{ENTRY_ID}/acts"
    office.ask("binh", "POST", entry, {"action": "approve", "version": 2, "purpose": CASE})
    wish = {
        "purpose": CASE,
        "legal_basis": "QĐ 13/2026",
        "camera_ids": ["tv-4"],
        "lists": ["wanted"],
        "valid_from": START_UTC.isoformat(),
        "valid_until": (START_UTC + 6 * HOUR).isoformat(),
        "requesting_unit": UNIT,
    }
    given = office.ask("an", "POST", "/authorisations", wish)
    act = {"action": "approve", "version": 1, "purpose": CASE}
    office.ask("binh", "POST", f"/authorisations/{given['id']}/acts", act)
    office.tick("keep_watchlist", later=HOUR)
    office.ask("an", "POST", entry, {"action": "withdraw", "version": 3, "purpose": CASE})
    office.tick("keep_watchlist", later=HOUR)


def _afterwards(office: _Office, flood: Incident, candidate: Incident) -> None:
    """Somebody wants to be erased; the night reports the day; a hold keeps what it is on, and lets it go."""
    wish = {
        "action": "erase",
        "reference": "CV-114/2026",
        "received_at": START_UTC.isoformat(),
        "incidents": [candidate.id, flood.id],
        "purpose": "CV-114/2026",
    }
    letter = office.ask("dung", "POST", "/subject-requests", wish)
    office.ask("dung", "POST", f"/subject-requests/{letter['id']}/answers", {"version": 1, "purpose": "entitled"})
    office.tick("keep_the_law", later=HOUR)
    office.tick("report_yesterday", later=16 * HOUR)
    office.tick("keep_the_law", later=20 * HOUR)
    (hold,) = office.ask("dung", "GET", "/holds")["items"]
    office.ask("dung", "POST", f"/holds/{hold['id']}/lifts", {"version": 1, "purpose": "over"})
    office.tick("keep_the_law", later=HOUR)
    office.tick("keep_the_law", later=timedelta(days=180) - 39 * HOUR)
    office.tick("keep_watchlist", later=HOUR)  # each minute in a deployment: it mends what the mandate was not told


def _left() -> Left:
    stores: tuple[Any, ...] = (
        bootstrap_law.entries(),
        bootstrap_law.authorisations(),
        bootstrap_law.holds(),
        bootstrap_subjects.requests(),
    )
    records = (record for store in stores for record in chain(store.current(), store.over()))
    days = [START_UTC.date() + timedelta(days=number) for number in (0, 1, 180, 181)]
    acts = [list(bootstrap_law.audit_log().read(day)) for day in days]
    anchors = map(bootstrap_law.audit_vault().anchor, days)
    drawn, known = bootstrap_law.publish_mandate().draw(), _mandate()
    return Left(
        incidents=tuple((one.id, one.status.value, one.version) for one in bootstrap.incidents().newest()),
        records=tuple(sorted((one.id, one.version) for one in records)),
        files=tuple(sorted(_files())),
        acts=frozenset((one.act.action, one.act.subject) for day in acts for one in day),
        breaks_in_the_audit=sum(
            first_break(map(record_to_line, day), anchor) is not None for day, anchor in zip(acts, anchors, strict=True)
        ),
        mandate_is_true=(known.authorisations, known.entries) == (drawn.authorisations, drawn.entries),
    )


def _mandate() -> Mandate:
    """What is published this very moment, and not what a function remembers of it."""
    bucket = bootstrap.settings().config_bucket
    return mandate_from_json(boto3.client("s3").get_object(Bucket=bucket, Key=MANDATE_KEY)["Body"].read())


def _files() -> Iterator[str]:
    s3 = boto3.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for listed in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", []):
            yield f"{bucket['Name']}/{listed['Key']}"
