"""The fault suite judges as it must: disorder loses nothing, and what is lost, doubled or other is told."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from bench.faults import disorder
from bench.faults.__main__ import DISORDERS, _held_against, _is_as_it_must
from bench.faults.broken_aws import Breaker, Killed, crash_points, down, killed, refused, throttled
from bench.faults.lists import Ending
from bench.faults.poison import poisons
from bench.faults.story import Rounds, Told

ROUNDS: Rounds = [[f"frames/{camera}/{number}" for camera in ("tv-1", "tv-2")] for number in range(16)]
GOOD = Told(
    {("flood", ("tv-5",), False): ("open", ("opened",))},
    received=3,
    processed=3,
    rejected=0,
    dead_lettered=0,
    unkept=0,
    pictures=(),
    events_to_tell=frozenset({"a/1"}),
    alerts=("a/1", "a/1"),
)


@pytest.mark.parametrize("arrive", DISORDERS.values(), ids=DISORDERS.keys())
def test_disorder_loses_no_frame_and_makes_none_up(arrive: Callable[[Rounds], Rounds]) -> None:
    came = arrive(ROUNDS)
    assert len(came) == len(ROUNDS)
    assert {key for keys in came for key in keys} == {key for keys in ROUNDS for key in keys}


def test_a_link_that_is_lost_brings_everything_at_once() -> None:
    came = disorder.cut_off(ROUNDS)
    assert [len(keys) for keys in came[disorder.DOWN]] == [0] * 6
    assert len(came[disorder.DOWN.stop]) == 14


def test_a_story_that_came_out_right_has_no_breach_though_an_alert_came_twice() -> None:
    assert _held_against(GOOD, GOOD) == (1, ())


@pytest.mark.parametrize(
    ("came", "told"),
    [
        pytest.param(replace(GOOD, incidents={}), "other incidents", id="an incident is missing"),
        pytest.param(replace(GOOD, alerts=()), "lost alerts", id="an alert is lost"),
        pytest.param(replace(GOOD, alerts=("a/1", "b/1")), "alerts of nothing", id="an alert is of nothing"),
        pytest.param(
            replace(GOOD, told_otherwise=frozenset({"a/1"})), "other words", id="a repeat says something else"
        ),
        pytest.param(replace(GOOD, processed=2), "3 frames in, 2 processed", id="a frame is unaccounted for"),
        pytest.param(replace(GOOD, processed=2, dead_lettered=1), "1 dead-lettered", id="a frame was given up"),
        pytest.param(replace(GOOD, unkept=1), "given up", id="pictures were given up"),
    ],
)
def test_each_breach_is_told(came: Told, told: str) -> None:
    _, breaches = _held_against(came, GOOD)
    assert any(told in breach for breach in breaches)


@pytest.mark.parametrize(
    ("end", "must", "right"),
    [
        ("rejected not_an_image", "rejected", True),
        ("processed", "rejected", False),
        ("lost", "rejected", False),
        ("processed", "processed or rejected", True),
        ("rejected truncated", "processed or rejected", True),
        ("rejected bad_key", "bad_key", True),
        ("rejected not_an_image", "bad_key", False),
        ("lost", "processed or rejected", False),
    ],
)
def test_an_input_ends_as_it_must_or_not(end: str, must: str, right: bool) -> None:  # noqa: FBT001
    assert _is_as_it_must(end, must) is right


def test_there_are_sixty_inputs_that_are_no_frames_each_under_a_key_of_its_own() -> None:
    found = poisons(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    assert len(found) >= 60
    assert max(Counter(one.key for one in found).values()) == 1
    assert max(Counter(one.name for one in found).values()) == 1


def test_a_process_dies_once_at_its_side_effect_and_lives_on() -> None:
    effects: list[str] = []
    breaker = Breaker(killed("analyse_frames", 2, after=False), handler="analyse_frames")

    def write(operation: str) -> None:
        breaker.answer("dynamodb", operation, lambda: effects.append(operation))

    write("Query")
    write("PutItem")
    with pytest.raises(Killed):
        write("TransactWriteItems")
    write("TransactWriteItems")
    assert effects == ["Query", "PutItem", "TransactWriteItems"]


def test_a_handler_dies_before_its_first_side_effect_and_after_each() -> None:
    """What dies after its last has done all and told nobody, which what dies before the next one hides."""
    names = [name for name, _ in crash_points(Breaker(made=Counter(api=2, sweep=1)), ("api", "sweep"))]
    assert names == [
        *("api dies before side effect 1", "api dies after side effect 1", "api dies after side effect 2"),
        *("sweep dies before side effect 1", "sweep dies after side effect 1"),
    ]


def test_what_dies_after_its_side_effect_has_left_it_behind() -> None:
    effects: list[str] = []
    breaker = Breaker(killed("publish_alerts", 1, after=True), handler="publish_alerts")
    with pytest.raises(Killed):
        breaker.answer("sns", "Publish", lambda: effects.append("told"))
    assert effects == ["told"]


def test_a_service_that_is_down_refuses_and_comes_back() -> None:
    effects: list[str] = []
    breaker = Breaker(down("sns", 2), handler="publish_alerts")
    refused = [breaker.answer("sns", "Publish", lambda: effects.append("told")) for _ in range(3)]
    assert [one is None for one in refused] == [False, False, True]
    assert effects == ["told"]


def test_an_address_is_refused_and_no_other() -> None:
    effects: list[str] = []
    breaker = Breaker(refused(lambda url: "biometrics" in url), handler="analyse_frames")
    for bucket in ("biometrics", "frames"):
        breaker.answer("s3", "GetObject", partial(effects.append, bucket), url=f"https://{bucket}.test")
    assert effects == ["frames"]


@pytest.mark.parametrize(
    ("found", "processed", "told"),
    [
        pytest.param({"fire_smoke"}, 8, "found ['fire_smoke'], not", id="nobody is found any more"),
        pytest.param({"fire_smoke", "watchlist_candidate"}, 7, "7 processed", id="a frame is unaccounted for"),
    ],
)
def test_each_breach_of_a_list_is_told(found: set[str], processed: int, told: str) -> None:
    expected = frozenset({"fire_smoke", "watchlist_candidate"})
    assert told in Ending("a list", frozenset(found), expected, 8, processed).breaches[0]


def test_the_local_clouds_own_calls_are_never_broken() -> None:
    effects: list[str] = []
    Breaker(throttled(1.0)).answer("dynamodb", "PutItem", lambda: effects.append("made"))
    Breaker(throttled(1.0), handler="analyse_frames").answer("sqs", "SendMessage", lambda: effects.append("sent"))
    assert effects == ["made", "sent"]
