"""Why a unit was told, in Vietnamese: the rules say and keep it in English, in the few sentences below."""

import re

_SAID = tuple(
    (re.compile(english), vietnamese)
    for english, vietnamese in (
        (r"the operations centre hears of everything", "trung tâm điều hành được báo mọi sự cố"),
        (r"route (\S+): role \S+ covers (.+)", r"phụ trách \2 (quy tắc \1)"),
        (r"no route for \S+ of severity \S+ reaches a unit in (.+)", r"chưa có quy tắc nào cho sự cố này tại \1"),
        (r"step (\d+): nobody acknowledged in time", r"bước \1: chưa ai nhận đúng hạn"),
        (r"handed over by hand", "được chuyển giao trực tiếp"),
    )
)


def in_vietnamese(reason: str) -> str:
    """The reason in Vietnamese; one that nobody put into words stays as it is."""
    for english, vietnamese in _SAID:
        if match := english.fullmatch(reason):
            return match.expand(vietnamese)
    return reason
