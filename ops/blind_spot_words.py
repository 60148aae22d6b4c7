"""A camera's blind spots in Vietnamese or English: what was found where, in which light, and what was mistaken."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from chalicelib.domain.alerts.words import Language, Words
from chalicelib.domain.city import CityPack
from ops.blind_spots import FalseAlarms, Spot, found_by_light

_OVERLAYS: Mapping[str, Words] = {
    "fire": Words("lửa", "fire"),
    "smoke": Words("khói", "smoke"),
    "flood": Words("nước ngập", "flood water"),
    "garbage": Words("rác", "waste"),
}
_LIGHTS: Mapping[str, Words] = {
    "as it is": Words("như ảnh", "as it is"),
    "dusk": Words("chạng vạng", "dusk"),
    "infrared": Words("hồng ngoại", "infrared"),
}
_SMALLEST = Words("{0} nhỏ nhất thấy được, % chiều cao ảnh", "smallest {0} found, in % of the picture's height")
_NONE = Words("không thấy", "none")
_FOOT = Words("chân ở", "foot")
_ACROSS, _DOWN = Words("{0} % từ trái", "{0} % across"), Words("{0} % từ trên", "{0} % down")
_BY_LIGHT = Words("tỷ lệ mô phỏng thấy được theo ánh sáng", "share of simulations found, by light")
_ALARMS = Words("báo động giả trên ảnh bình thường", "false alarms on its quiet pictures")
_ALARM_COLUMNS = (
    Words("loại", "kind"),
    Words("ánh sáng", "light"),
    Words("số ảnh", "quiet pictures"),
    Words("vượt ngưỡng", "above the threshold"),
    Words("điểm cao nhất", "highest score"),
    Words("ngưỡng", "threshold"),
)
_SEEN_AT = Words("{0}: thấy ở {1} trên {2} chỗ", "{0}: found at {1} of {2} places")
_QUIET = Words(
    "ảnh bình thường bị nhầm là sự cố: {0} trên {1}", "quiet pictures that would have been mistaken: {0} of {1}"
)


def title(overlay: str, language: Language) -> str:
    """What the numbers of one overlay are."""
    return _SMALLEST.say(language).format(_OVERLAYS[overlay].say(language))


def smallest(spot: Spot, language: Language) -> str:
    """The smallest size found at a spot."""
    return _NONE.say(language) if spot.smallest is None else f"{100 * spot.smallest:.0f} %"


def spot_tables(spots: Sequence[Spot], language: Language) -> Iterator[Table]:
    """One for each overlay, laid out as the view is: the first row is the farthest."""
    for overlay in _overlays(spots):
        of_overlay = [spot for spot in spots if spot.overlay == overlay]
        columns = [_percent(_ACROSS, x, language) for x in dict.fromkeys(spot.foot_rel[0] for spot in of_overlay)]
        table = Table(_FOOT.say(language), *columns, title=title(overlay, language))
        for y in dict.fromkeys(spot.foot_rel[1] for spot in of_overlay):
            row = [smallest(spot, language) for spot in of_overlay if spot.foot_rel[1] == y]
            table.add_row(_percent(_DOWN, y, language), *row)
        yield table


def light_table(spots: Sequence[Spot], language: Language) -> Table:
    """What is seen by day may be missed at night."""
    by_overlay = {overlay: found_by_light(spots, overlay) for overlay in _overlays(spots)}
    lights = list(dict.fromkeys(light for found in by_overlay.values() for light in found))
    table = Table("", *(_LIGHTS[light].say(language) for light in lights), title=_BY_LIGHT.say(language))
    for overlay, found in by_overlay.items():
        shares = (f"{100 * found[light]:.0f} %" if light in found else "–" for light in lights)
        table.add_row(_OVERLAYS[overlay].say(language), *shares)
    return table


def alarm_table(
    alarms: Sequence[FalseAlarms], thresholds: Mapping[str, float], pack: CityPack, language: Language
) -> Table:
    """How near quiet pictures come to an incident; red where one would have been reported."""
    table = Table(*(column.say(language) for column in _ALARM_COLUMNS), title=_ALARMS.say(language))
    for one in alarms:
        kind = Words(pack.kind(one.kind).name_vi, pack.kind(one.kind).name_en).say(language)
        scores = f"{one.highest_score:.2f}", f"{thresholds[one.kind]:.2f}"
        counts = str(one.pictures), str(one.above_threshold)
        alarming = "red" if one.above_threshold else None
        table.add_row(kind, _LIGHTS[one.light].say(language), *counts, *scores, style=alarming)
    return table


def in_short(spots: Sequence[Spot], alarms: Sequence[FalseAlarms], language: Language) -> Iterator[str]:
    """The upshot: how many places see each overlay at all, and how many quiet looks would have been mistaken."""
    for overlay in _overlays(spots):
        found = [spot.smallest is not None for spot in spots if spot.overlay == overlay]
        yield _SEEN_AT.say(language).format(_OVERLAYS[overlay].say(language), sum(found), len(found))
    mistaken, looks = sum(one.above_threshold for one in alarms), sum(one.pictures for one in alarms)
    yield _QUIET.say(language).format(mistaken, looks)


def _overlays(spots: Sequence[Spot]) -> list[str]:
    return list(dict.fromkeys(spot.overlay for spot in spots))


def _percent(words: Words, share: float, language: Language) -> str:
    return words.say(language).format(f"{100 * share:.0f}")
