"""Hikvision's events: the multipart stream of ISAPI's `/ISAPI/Event/notification/alertStream`.

Each part is an EventNotificationAlert in XML; pictures among them are passed over. A camera repeats an event once a
second while it is active and says `inactive` at its end, and tells `videoloss inactive` all the time as a heartbeat.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import ParseError

import httpx
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .camera_events import CameraEvent, EventKind
from .config import Events
from .errors import SourceFailed
from .snapshots import http_auth

MAX_PART_BYTES = 64_000
"""Alerts have about one kilobyte; what goes on longer is a picture, and is dropped."""

SILENCE_S = 60.0
"""Heartbeats come every few seconds, or at least every half minute."""

KINDS = {
    "VMD": EventKind.MOTION,
    "linedetection": EventKind.INTRUSION,
    "fielddetection": EventKind.INTRUSION,
    "regionEntrance": EventKind.INTRUSION,
    "regionExiting": EventKind.INTRUSION,
    "attendedBaggage": EventKind.INTRUSION,
    "unattendedBaggage": EventKind.INTRUSION,
    "tamperdetection": EventKind.TAMPERING,
    "shelteralarm": EventKind.TAMPERING,
    "defocus": EventKind.TAMPERING,
    "scenechangedetection": EventKind.TAMPERING,
    "fireDetection": EventKind.FIRE,
    "smokeDetection": EventKind.FIRE,
    "fireSmokeDetect": EventKind.FIRE,
    "group": EventKind.CROWD,
    "rapidMove": EventKind.CROWD,
    "parking": EventKind.TRAFFIC,
    "vehicledetection": EventKind.TRAFFIC,
}

_BEGINS = b"<EventNotificationAlert"
_ENDS = b"</EventNotificationAlert>"


class HikvisionEvents:
    """The events of one camera."""

    def __init__(self, source: Events, *, transport: httpx.BaseTransport | None = None) -> None:
        self._source = source
        self._transport = transport

    def events(self) -> Iterator[CameraEvent]:
        """As the adapter's protocol says; signs in by digest, as the cameras ask for."""
        auth = http_auth(self._source.login)
        try:
            with (
                httpx.Client(auth=auth, timeout=SILENCE_S, transport=self._transport) as http,
                http.stream("GET", self._source.url) as answer,
            ):
                if not answer.is_success:
                    raise SourceFailed(f"the camera's events: {answer.status_code}")
                for alert in split_alerts(answer.iter_bytes()):
                    event = parse_alert(alert)
                    if event is not None:
                        yield event
        except httpx.HTTPError as error:
            raise SourceFailed(f"the camera's events: {type(error).__name__}") from error
        raise SourceFailed("the camera's events: the stream ended")


def split_alerts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The alerts in a stream, however it is cut; found by their element, as firmwares disagree on boundaries."""
    held = b""
    for chunk in chunks:
        *ended, held = (held + chunk).split(_ENDS)
        for part in ended:
            begins_at = part.rfind(_BEGINS)
            if begins_at >= 0:
                yield part[begins_at:] + _ENDS
        held = _unfinished(held)


def parse_alert(alert: bytes) -> CameraEvent | None:
    """What an alert tells; None at an event's end, for kinds that are no news, and for what is no alert."""
    try:
        fields = {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in fromstring(alert)}
    except (ParseError, DefusedXmlException, ValueError):
        return None
    name = fields.get("eventType", "")
    if fields.get("eventState") != "active" or name not in KINDS:
        return None
    return CameraEvent(KINDS[name], name)


def _unfinished(held: bytes) -> bytes:
    """What may be the beginning of an alert, or of the word it begins with: no more than one can be long."""
    begins_at = held.rfind(_BEGINS)
    kept = held[begins_at:] if begins_at >= 0 else held[-len(_BEGINS) :]
    return b"" if len(kept) > MAX_PART_BYTES else kept
