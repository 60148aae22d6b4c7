"""A camera's own events make the gateway look closer: Hikvision's stream is read however it is cut, and however odd."""

from pathlib import Path
from threading import Event

import httpx
import pytest

from edge.matpho_edge.camera_events import CameraEvent, EventKind
from edge.matpho_edge.config import Events, Login
from edge.matpho_edge.errors import SourceFailed
from edge.matpho_edge.events import ADAPTERS, listen
from edge.matpho_edge.hikvision import KINDS, MAX_PART_BYTES, HikvisionEvents, _unfinished, parse_alert, split_alerts

URL = "http://camera.test/ISAPI/Event/notification/alertStream"


def alert(name: str = "VMD", state: str = "active", *, extra: str = "", namespace: str = "hikvision.com") -> bytes:
    return (
        f'<EventNotificationAlert version="2.0" xmlns="http://www.{namespace}/ver20/XMLSchema">\r\n'
        f"<ipAddress>192.0.2.1</ipAddress><channelID>1</channelID><dateTime>2026-03-01T15:00:00+07:00</dateTime>"
        f"<activePostCount>1</activePostCount><eventType>{name}</eventType><eventState>{state}</eventState>{extra}"
        "<eventDescription>alarm</eventDescription>\r\n</EventNotificationAlert>"
    ).encode()


def part(body: bytes, kind: str = "application/xml") -> bytes:
    head = f'--boundary\r\nContent-Type: {kind}; charset="UTF-8"\r\nContent-Length: {len(body)}\r\n\r\n'
    return head.encode() + body + b"\r\n"


@pytest.mark.parametrize(
    ("told", "event"),
    [
        pytest.param(alert(), CameraEvent(EventKind.MOTION, "VMD"), id="motion"),
        pytest.param(alert("shelteralarm"), CameraEvent(EventKind.TAMPERING, "shelteralarm"), id="a covered lens"),
        pytest.param(alert(namespace="isapi.org"), CameraEvent(EventKind.MOTION, "VMD"), id="a newer firmware"),
        pytest.param(alert(state="inactive"), None, id="an event's end"),
        pytest.param(alert("videoloss", "inactive"), None, id="a heartbeat"),
        pytest.param(alert("diskfull"), None, id="a kind that is no news"),
        pytest.param(b"<EventNotificationAlert><eventType>VMD</EventNotificationAlert>", None, id="broken xml"),
        pytest.param(b"<EventNotificationAlert></EventNotificationAlert>", None, id="an empty alert"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY b "VMD">]>' + alert("&b;"), None, id="entities, which can be a bomb"),
    ],
)
def test_what_an_alert_tells(told: bytes, event: CameraEvent | None) -> None:
    assert parse_alert(told) == event


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_alerts_are_found_however_the_stream_is_cut(size: int) -> None:
    alerts = [alert(), alert("fielddetection"), alert(state="inactive")]
    stream = part(alerts[0]) + part(b"\xff\xd8" + bytes(500), "image/jpeg") + part(alerts[1]) + part(alerts[2])
    chunks = (stream[at : at + size] for at in range(0, len(stream), size))
    assert list(split_alerts(chunks)) == alerts


@pytest.mark.parametrize(
    "flood", [bytes(1000), b"<EventNotificationAlert>" * 40, b"<EventNotificationAlert " + bytes(2000)]
)
def test_a_stream_that_never_ends_an_alert_fills_no_memory_and_the_next_alert_is_found(flood: bytes) -> None:
    alerts = list(split_alerts([*[flood] * 300, part(alert())]))
    assert alerts == [alert()]
    assert len(_unfinished(b"<EventNotificationAlert" + bytes(MAX_PART_BYTES))) == 0


class Worker:
    """Counts what it is told to notice, and stops the listener after so many."""

    camera_id = "cam-1"

    def __init__(self, stop: Event, most: int) -> None:
        self._stop, self._most = stop, most
        self.noticed = 0

    def notice(self) -> None:
        self.noticed += 1
        if self.noticed == self._most:
            self._stop.set()


class Stop(Event):
    """Passes every wait at once."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def adapter(answer: httpx.Response, login: Login | None = None) -> HikvisionEvents:
    source = Events(adapter="hikvision", url=URL, login=login)
    return HikvisionEvents(source, transport=httpx.MockTransport(lambda _: answer))


def test_each_event_is_noticed_and_a_stream_that_breaks_is_opened_again() -> None:
    stop = Stop()
    worker = Worker(stop, 4)
    answer = httpx.Response(200, content=part(alert()) + part(alert("videoloss", "inactive")) + part(alert()))
    listen(adapter(answer), worker, stop)  # type: ignore[arg-type]  # all that a listener asks of a worker
    assert worker.noticed == 4


@pytest.mark.parametrize("status", [200, 401, 500])
def test_a_stream_that_ends_or_is_withheld_is_a_failure(status: int) -> None:
    with pytest.raises(SourceFailed, match=r"^the camera's events: "):
        list(adapter(httpx.Response(status, content=b"")).events())


def test_the_adapter_signs_in_as_the_camera_asks(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("1234")

    def answer(request: httpx.Request) -> httpx.Response:
        if "Digest" in request.headers.get("Authorization", ""):
            return httpx.Response(200, content=part(alert()))
        return httpx.Response(401, headers={"WWW-Authenticate": 'Digest realm="camera", nonce="n", qop="auth"'})

    login = Login(user="gateway", password_file=tmp_path / "password")
    source = Events(adapter="hikvision", url=URL, login=login)
    assert next(HikvisionEvents(source, transport=httpx.MockTransport(answer)).events()).kind is EventKind.MOTION


def test_every_brand_that_a_configuration_may_name_has_an_adapter() -> None:
    named = Events.model_json_schema()["properties"]["adapter"]
    assert set(named.get("enum", [named.get("const")])) == set(ADAPTERS)


def test_every_kind_that_brands_have_in_common_is_known_of_one() -> None:
    assert set(KINDS.values()) == set(EventKind)
