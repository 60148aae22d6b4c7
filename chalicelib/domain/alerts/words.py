"""What an alert says in Vietnamese and English: what happened, how bad it is, and the labels of a message's lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from chalicelib.domain.doubts import Doubt
from chalicelib.domain.incidents import EventType, TimelineEvent
from chalicelib.domain.lifecycle import Status

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    vi: str
    en: str

    def say(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en


class AlertType(StrEnum):
    """What an alert is to who gets it, however many events of the timeline mean the same."""

    OPENED = "opened"
    UPDATED = "updated"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"


MEANINGS: Mapping[EventType, tuple[AlertType, Words]] = {
    EventType.OPENED: (AlertType.OPENED, Words("MỚI", "NEW")),
    EventType.CONFIRMED: (AlertType.OPENED, Words("ĐÃ XÁC NHẬN", "CONFIRMED")),
    EventType.REOPENED: (AlertType.OPENED, Words("TÁI DIỄN", "BACK AGAIN")),
    EventType.UPDATED: (AlertType.UPDATED, Words("TIẾP DIỄN", "GOING ON")),
    EventType.JOINED: (AlertType.UPDATED, Words("GHI NHẬN THÊM ĐIỂM", "SEEN IN MORE PLACES")),
    EventType.STARTED: (AlertType.UPDATED, Words("ĐANG XỬ LÝ", "BEING HANDLED")),
    EventType.TRANSFERRED: (AlertType.UPDATED, Words("CHUYỂN GIAO", "HANDED OVER")),
    EventType.ESCALATED: (AlertType.ESCALATED, Words("CHƯA AI NHẬN", "NOT ACKNOWLEDGED")),
    EventType.UNANSWERED: (AlertType.ESCALATED, Words("VẪN CHƯA AI NHẬN", "STILL NOBODY ANSWERS")),
    EventType.ACKNOWLEDGED: (AlertType.ACKNOWLEDGED, Words("ĐÃ NHẬN", "ACKNOWLEDGED")),
    EventType.RESOLVED: (AlertType.RESOLVED, Words("ĐÃ KẾT THÚC", "OVER")),
    EventType.DISMISSED: (AlertType.CANCELLED, Words("HỦY", "CANCELLED")),
}
"""Of every event that units are told: the type of its alert, and the verb of its headline."""

SEVERITY = {
    "minor": Words("nhẹ", "minor"),
    "moderate": Words("vừa", "moderate"),
    "severe": Words("nghiêm trọng", "severe"),
    "extreme": Words("đặc biệt nghiêm trọng", "extreme"),
}

DOUBTS: Mapping[Doubt, Words] = {
    Doubt.DEGRADED: Words("camera nhìn không rõ", "the camera sees poorly"),
    Doubt.STILL: Words("không có gì chuyển động, có thể là đèn hoặc biển", "nothing moves, maybe a lamp or a poster"),
    Doubt.UNSTEADY: Words("mặt nước lúc có lúc không", "the water comes and goes"),
}
"""Why people should look twice before they send anybody."""

LABELS = {
    "covered": Words("bị che", "covered"),
    "dark": Words("quá tối", "too dark"),
    "white_out": Words("quá sáng", "too bright"),
    "blurred": Words("bị mờ", "blurred"),
    "frozen": Words("hình bị treo", "picture frozen"),
    "moved": Words("bị xoay lệch", "turned away"),
    "tampered": Words("bị can thiệp", "view tampered with"),
    "offline": Words("mất tín hiệu", "sends nothing"),
    "bicycle": Words("xe đạp", "bicycle"),
    "car": Words("ô tô", "car"),
    "motorcycle": Words("xe máy", "motorcycle"),
    "bus": Words("xe buýt", "bus"),
    "truck": Words("xe tải", "lorry"),
}
"""What a kind is more closely: a camera's fault, or what stopped; lists are called as the city pack calls them."""

EXERCISE = Words("DIỄN TẬP", "EXERCISE")
NOT_REAL = Words("Diễn tập: không có thật, chỉ để luyện tập.", "Exercise: nothing of this is real.")

_OVERDUE = Words("QUÁ HẠN XỬ LÝ", "TAKING TOO LONG")


def verb(event: TimelineEvent) -> Words:
    """What happened; where somebody has taken it on, what is unanswered is when it ends."""
    if event.type is EventType.UNANSWERED and event.incident.status is not Status.OPEN:
        return _OVERDUE
    return MEANINGS[event.type][1]
