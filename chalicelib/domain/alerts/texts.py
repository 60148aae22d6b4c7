"""The alert in words for people: one short message, an e-mail, and the lines that other forms say as well."""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.alerts.because import in_vietnamese
from chalicelib.domain.alerts.model import Alert
from chalicelib.domain.alerts.words import DOUBTS, NOT_REAL, SEVERITY, AlertType, Language, Words
from chalicelib.domain.incidents import Reason

SMS_LIMIT_UCS2 = 70
"""UTF-16 code units of one SMS once any character is outside GSM 03.38, as the verbs of all our headlines are."""

_LABELS = {
    "severity": Words("Mức độ", "Severity"),
    "doubts": Words("Cần xem lại", "Look twice"),
    "label": Words("Chi tiết", "Detail"),
    "cameras": Words("Camera", "Camera"),
    "children": Words("Số điểm", "Places"),
    "area": Words("Địa bàn", "Area"),
    "location": Words("Tọa độ", "Position"),
    "seen": Words("Ghi nhận", "Seen"),
    "due": Words("Hạn phản hồi", "To be answered by"),
    "reason": Words("Lý do hủy", "Cancelled because"),
}

_REASONS: Mapping[Reason, Words] = {
    Reason.FALSE_ALARM: Words("báo nhầm", "false alarm"),
    Reason.DUPLICATE: Words("trùng sự cố khác", "duplicate of another incident"),
    Reason.EXERCISE: Words("diễn tập", "exercise"),
    Reason.PLANNED_WORKS: Words("công việc có kế hoạch", "planned works"),
    Reason.OTHER: Words("lý do khác", "another reason"),
    Reason.LAPSED: Words("không ai xác nhận", "nobody reviewed it"),
}


def sms(alert: Alert) -> str:
    """The headline and local time in one SMS; what doesn't fit goes without the area, which who gets it knows."""
    tail = f" {local(alert, alert.hops.first_captured_at):%H:%M}"
    room, headline = SMS_LIMIT_UCS2 - len(tail), alert.headline.vi
    fits = _units(headline) <= room
    return (headline if fits else _cut(headline.removesuffix(f", {alert.area.name}"), room)) + tail


def subject_line(alert: Alert) -> str:
    """The English headline in ASCII, which is all that SNS takes; Vietnamese names lose their marks."""
    spelt = unicodedata.normalize("NFKD", alert.headline.en.translate(_D)).encode("ascii", "ignore").decode()
    return f"[{alert.severity}] {spelt}"


def email(alert: Alert, *, console_url: str = "") -> str:
    """All that a unit needs, in Vietnamese and then in English, why it was told, and where to look.

    The link leads to the console; where no console is known it is the path under the API.
    """
    link = f"{console_url.rstrip('/')}/#{alert.links.incident}" if console_url else alert.links.incident
    return "\n".join((*_part(alert, "vi"), *_part(alert, "en"), *_reference(alert, link), ""))


def details(alert: Alert, language: Language) -> Iterator[str]:
    """What is known, a labelled line each; what isn't known has no line."""
    for name, text in _facts(alert, language):
        if text:
            yield f"{_LABELS[name].say(language)}: {text}"


def steps(alert: Alert, language: Language) -> Iterator[str]:
    """The kind's procedure, with a mark where a step is done."""
    for step in alert.checklist:
        yield f"[{'x' if step.done else ' '}] {step.name.say(language)}"


def local(alert: Alert, at: datetime) -> datetime:
    """An instant on the city's clock."""
    return at.astimezone(ZoneInfo(alert.city.timezone))


_D = str.maketrans("đĐ", "dD")
"""The one Vietnamese letter that does not fall apart into a letter and its mark."""


def _units(text: str) -> int:
    """UTF-16 code units: characters outside the basic plane count twice."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, room: int) -> str:
    """As many whole characters as fit, and a sign where some didn't."""
    if _units(text) <= room:
        return text
    while _units(text) > room - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _part(alert: Alert, language: Language) -> Iterator[str]:
    yield alert.headline.say(language)
    if alert.exercise:
        yield NOT_REAL.say(language)
    yield from details(alert, language)
    if alert.checklist and alert.type not in {AlertType.RESOLVED, AlertType.CANCELLED}:
        yield Words("Việc cần làm:", "What to do:").say(language)
        yield from (f"  {step}" for step in steps(alert, language))
    yield Words("Vì sao gửi:", "Why it was sent:").say(language)
    yield from (f"  {line}" for line in _routing(alert, language))
    yield ""


def _facts(alert: Alert, language: Language) -> Iterator[tuple[str, str]]:
    seen = (local(alert, at) for at in (alert.hops.first_captured_at, alert.hops.last_captured_at))
    yield "severity", SEVERITY[alert.severity].say(language)
    yield "doubts", "; ".join(DOUBTS[doubt].say(language) for doubt in alert.doubts)
    yield "label", alert.label_name.say(language)
    yield "cameras", ", ".join(f"{name} ({one})" for name, one in zip(alert.camera_names, alert.cameras, strict=True))
    yield "children", str(alert.children or "")
    yield "area", alert.area.name
    yield "location", "" if alert.is_everywhere else f"{alert.location.latitude:.6f}, {alert.location.longitude:.6f}"
    yield "seen", " – ".join(f"{at:%d/%m/%Y %H:%M:%S}" for at in seen)
    yield "due", f"{local(alert, alert.due_at):%d/%m/%Y %H:%M:%S}" if alert.due_at else ""
    yield "reason", _REASONS[alert.dismissed_because].say(language) if alert.dismissed_because else ""


def _routing(alert: Alert, language: Language) -> Iterator[str]:
    for name, reason in zip(alert.unit_names, alert.routed_because, strict=True):
        yield f"{name.say(language)}: {in_vietnamese(reason) if language == 'vi' else reason}"


def _reference(alert: Alert, link: str) -> Iterator[str]:
    yield f"Sự cố / incident: {alert.incident}, thông báo số / alert no. {alert.sequence}"
    yield f"Liên kết / link: {link}"
