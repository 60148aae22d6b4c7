"""What is read over and over is asked for now and then, and outlives an outage."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.domain.city import Area, CityPack
from chalicelib.errors import InvalidInput, Misconfigured, Transient
from chalicelib.store.cached_objects import CachedObject
from chalicelib.store.pack_source import PACK_KEY, S3PackSource
from chalicelib.store.packs import pack_to_json
from tests.store.conftest import BUCKET, Cloud
from tests.store.samples import NOON

pytestmark = pytest.mark.xdist_group("store")

PACK = CityPack(
    id="testville",
    version="1",
    name_vi="Thử",
    name_en="Testville",
    timezone="Asia/Ho_Chi_Minh",
    default_area="all",
    areas=(Area("all", "0", "Testville", "city", NOON.date()),),
    units=(),
    routes=(),
    kinds=(),
    profiles=(),
    cameras=(),
)


@dataclass
class Clock:
    """Stands still until it is turned."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Line:
    """The line to S3: what was asked over it, and whether it is down."""

    asked: list[object] = field(default_factory=list)
    down: bool = False

    def __call__(self, **call: object) -> None:
        self.asked.append(call["event_name"])
        if self.down:
            raise EndpointConnectionError(endpoint_url="s3")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(cloud: Cloud) -> Iterator[Line]:
    line = Line()
    cloud.s3.meta.events.register("before-call.s3.GetObject", line)
    yield line
    cloud.s3.meta.events.unregister("before-call.s3.GetObject", line)


@pytest.fixture
def number(cloud: Cloud, clock: Clock) -> CachedObject[int]:
    return CachedObject(cloud.s3, BUCKET, "number", parse_number, clock=clock, recheck_after=timedelta(seconds=60))


@pytest.fixture
def packs(cloud: Cloud, clock: Clock) -> S3PackSource:
    return S3PackSource(cloud.s3, BUCKET, clock=clock, recheck_after=timedelta(seconds=60))


def parse_number(data: bytes) -> int:
    if not data.isdigit():
        raise InvalidInput(f"no number: {data!r}")
    return int(data)


def put(cloud: Cloud, key: str, data: bytes) -> None:
    cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=data)


def test_a_new_version_is_seen_when_it_is_time_to_look_and_not_before(
    cloud: Cloud, clock: Clock, line: Line, number: CachedObject[int]
) -> None:
    put(cloud, "number", b"1")
    assert number.current() == 1
    put(cloud, "number", b"2")
    clock.turn(59)
    assert number.current() == 1
    assert len(line.asked) == 1
    clock.turn(1)
    assert number.current() == 2


def test_what_did_not_change_is_not_parsed_again(cloud: Cloud, clock: Clock) -> None:
    put(cloud, "number", b"1")
    parsed: list[bytes] = []
    number = CachedObject(cloud.s3, BUCKET, "number", parsed.append, clock=clock)
    for _ in range(2):
        number.current()
        clock.turn(600)
    assert parsed == [b"1"]


def test_an_object_that_is_not_there_is_none_until_it_comes_and_when_it_went(
    cloud: Cloud, clock: Clock, number: CachedObject[int]
) -> None:
    assert number.current() is None
    put(cloud, "number", b"1")
    clock.turn(60)
    assert number.current() == 1
    cloud.s3.delete_object(Bucket=BUCKET, Key="number")
    clock.turn(60)
    assert number.current() is None


@pytest.mark.parametrize("known", [None, 1])
def test_an_outage_keeps_what_was_known_and_does_not_ask_at_each_turn(
    cloud: Cloud, clock: Clock, line: Line, number: CachedObject[int], known: int | None
) -> None:
    if known is not None:
        put(cloud, "number", b"%d" % known)
    assert number.current() == known
    line.down = True
    clock.turn(60)
    assert number.current() == known
    clock.turn(59)
    assert number.current() == known
    assert len(line.asked) == 2


def test_an_outage_before_the_first_answer_is_transient_and_heals(
    cloud: Cloud, line: Line, number: CachedObject[int]
) -> None:
    put(cloud, "number", b"1")
    line.down = True
    with pytest.raises(Transient, match="EndpointConnectionError"):
        number.current()
    line.down = False
    assert number.current() == 1


def test_a_broken_version_keeps_the_last_good_one_and_says_so(
    cloud: Cloud, clock: Clock, number: CachedObject[int], caplog: pytest.LogCaptureFixture
) -> None:
    put(cloud, "number", b"1")
    assert number.current() == 1
    put(cloud, "number", b"one")
    clock.turn(60)
    assert number.current() == 1
    assert "keeping what was last known of number" in caplog.text


def test_a_broken_first_version_is_a_fault_of_the_deployment(cloud: Cloud, number: CachedObject[int]) -> None:
    """InvalidInput would blame, and pass over, the frame that happened to be looked at."""
    put(cloud, "number", b"one")
    with pytest.raises(Misconfigured, match="'number'"):
        number.current()


def test_the_city_pack_in_force_is_the_published_one(cloud: Cloud, clock: Clock, packs: S3PackSource) -> None:
    for pack in (PACK, replace(PACK, version="2")):
        put(cloud, PACK_KEY, pack_to_json(pack))
        assert packs.current() == pack
        clock.turn(60)


def test_without_a_city_pack_nothing_starts(packs: S3PackSource) -> None:
    with pytest.raises(Misconfigured, match=r"city/current\.json"):
        packs.current()


def test_a_city_pack_that_vanished_stays_in_force(cloud: Cloud, clock: Clock, packs: S3PackSource) -> None:
    put(cloud, PACK_KEY, pack_to_json(PACK))
    assert packs.current() == PACK
    cloud.s3.delete_object(Bucket=BUCKET, Key=PACK_KEY)
    clock.turn(60)
    assert packs.current() == PACK
