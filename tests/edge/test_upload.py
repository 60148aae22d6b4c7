"""What the uploader does when the API, the store or the link between fails; what a grant is asked for and when."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import httpx
import pytest

from edge.matpho_edge.config import Bundling, SpoolBounds
from edge.matpho_edge.frames import Passed, Worth
from edge.matpho_edge.grants import Grants
from edge.matpho_edge.spool import Spool
from edge.matpho_edge.upload import LONGEST_REST_S, TRIES, Uploader
from tests.edge.cloud import GRANT_LIFE_S, START, TOKEN, Clock, Cloud, error

API = "https://api.test/v1"


@dataclass(frozen=True)
class Box:
    """A gateway without cameras."""

    clock: Clock
    cloud: Cloud
    spool: Spool
    uploader: Uploader

    def put(self, at_s: float, camera_id: str = "cam-1") -> str:
        passed = Passed(camera_id, START + timedelta(seconds=at_s), Worth.MOTION, f"jpeg {at_s}".encode())
        key = self.spool.put(passed, self.clock.now())
        assert key is not None
        return key

    def upload_all(self) -> None:
        while self.uploader.step():
            pass


@pytest.fixture
def box(tmp_path: Path, clock: Clock, cloud: Cloud, token_file: Path) -> Iterator[Box]:
    with closing(Spool(SpoolBounds(folder=tmp_path / "spool"), Bundling())) as spool, cloud.client() as http:
        grants = Grants(http, API, token_file, time_s=clock.monotonic_s)
        yield Box(clock, cloud, spool, Uploader(spool, grants, http, clock.now, time_s=clock.monotonic_s))


def to_store(request: httpx.Request) -> bool:
    return request.url.path == "/bucket"


@dataclass
class First:
    """Answers the first few requests to the store, or to the API, in its own way."""

    count: int
    answer: Callable[[], httpx.Response]
    of_store: bool = True
    asked: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response | None:
        if to_store(request) is not self.of_store:
            return None
        self.asked += 1
        return self.answer() if self.asked <= self.count else None


def refuse_connection() -> httpx.Response:
    raise httpx.ConnectError("no route to host")


ALWAYS = 10_000


def test_a_frame_arrives_under_its_key_byte_for_byte(box: Box) -> None:
    key = box.put(0)
    box.upload_all()
    assert box.cloud.objects == {key: b"jpeg 0"}


def test_one_grant_serves_a_camera_until_it_is_nearly_over(box: Box) -> None:
    for at_s in (0, 0.7 * GRANT_LIFE_S, 0.9 * GRANT_LIFE_S):
        box.clock.passed_s = at_s
        box.put(at_s)
        box.upload_all()
    box.put(0, "cam-2")
    box.upload_all()
    assert box.cloud.grants == ["cam-1", "cam-1", "cam-2"]


def test_a_box_with_a_wrong_clock_renews_in_time_all_the_same(box: Box) -> None:
    box.cloud.now = lambda: box.clock.now() + timedelta(days=400)
    for at_s in (0, 0.7 * GRANT_LIFE_S, 0.9 * GRANT_LIFE_S):
        box.clock.passed_s = at_s
        box.put(at_s)
        box.upload_all()
    assert len(box.cloud.grants) == 2


def test_a_grant_that_is_refused_is_renewed_at_once(box: Box) -> None:
    key = box.put(0)
    box.cloud.when = First(1, lambda: error(403, "AccessDenied"))
    box.uploader.step()
    assert list(box.cloud.objects) == [key]
    assert len(box.cloud.grants) == 2


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(refuse_connection, id="no link"),
        pytest.param(lambda: error(503, "SlowDown"), id="a busy store"),
        pytest.param(lambda: error(400, "RequestTimeout"), id="a link so slow that the store gives up"),
        pytest.param(lambda: httpx.Response(502, text="<html>"), id="a proxy in between"),
    ],
)
@pytest.mark.parametrize("of_store", [True, False], ids=["of the store", "of the api"])
def test_what_fails_now_is_tried_again_at_once_and_then_after_a_rest(
    box: Box, answer: Callable[[], httpx.Response], *, of_store: bool
) -> None:
    key = box.put(0)
    box.cloud.when = failing = First(TRIES, answer, of_store=of_store)
    box.upload_all()
    assert (failing.asked, box.cloud.objects) == (TRIES, {})
    box.clock.passed_s += LONGEST_REST_S
    box.upload_all()
    assert list(box.cloud.objects) == [key]
    assert box.spool.counts() == {("cam-1", "passed"): 1, ("cam-1", "delivered"): 1}


def test_rests_grow_to_a_minute_and_end_with_success(box: Box) -> None:
    box.put(0)
    box.cloud.when = failing = First(ALWAYS, refuse_connection)
    for _ in range(3600):
        box.upload_all()
        box.clock.passed_s += 1
    assert 60 <= failing.asked / TRIES <= 130
    box.cloud.when = lambda _: None
    box.clock.passed_s += LONGEST_REST_S
    box.upload_all()
    assert len(box.cloud.objects) == 1


def test_a_camera_without_leave_keeps_no_other_waiting(box: Box) -> None:
    def withhold(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(403) if b"cam-2" in request.read() and not to_store(request) else None

    box.cloud.when = withhold
    keys = [box.put(0), box.put(2)]
    box.put(1, "cam-2")
    box.put(3, "cam-2")
    box.upload_all()
    assert sorted(box.cloud.objects) == keys
    assert box.spool.load().frames == 2


@pytest.mark.parametrize(
    ("prefix", "token"),
    [
        pytest.param("frames/cam-2/", TOKEN, id="a grant for another camera"),
        pytest.param("frames/cam-1/", "stolen", id="a token that the api doesn't know"),
    ],
)
def test_nothing_is_sent_without_leave(box: Box, token_file: Path, prefix: str, token: str) -> None:
    token_file.write_text(token)
    box.put(0)
    grant = {"url": API, "fields": {}, "prefix": prefix, "expires_at": "2030-01-01T00:00:00Z"}
    box.cloud.when = lambda request: httpx.Response(200, json=grant) if token == TOKEN else None
    box.upload_all()
    assert (box.cloud.objects, box.spool.load().frames) == ({}, 1)


def test_a_new_token_is_used_without_a_restart(box: Box, token_file: Path) -> None:
    token_file.write_text("old")
    box.put(0)
    box.upload_all()
    token_file.write_text(TOKEN)
    box.clock.passed_s += LONGEST_REST_S
    box.upload_all()
    assert len(box.cloud.objects) == 1


@pytest.mark.parametrize("answer", ["[]", '{"url": 1}', "<html>", ""])
def test_an_answer_that_is_no_grant_is_a_failure_like_another(box: Box, answer: str) -> None:
    box.put(0)
    box.cloud.when = lambda _: httpx.Response(200, text=answer)
    box.upload_all()
    assert box.spool.load().frames == 1


def test_uploads_go_at_once_each_of_another_camera(box: Box) -> None:
    """Nobody gets through the barrier alone, and of both the oldest and the newest camera there are two to take."""
    barrier = Barrier(3)

    def meet(request: httpx.Request) -> None:
        if to_store(request):
            barrier.wait(timeout=10)

    for at_s, camera_id in enumerate(["cam-1", "cam-1", "cam-2", "cam-3", "cam-3"]):
        box.put(at_s, camera_id)
    box.cloud.when = meet
    with ThreadPoolExecutor(3) as pool:
        steps = [pool.submit(box.uploader.step) for _ in range(3)]
    assert all(step.result() for step in steps)
    assert len({key.split("/")[1] for key in box.cloud.objects}) == 3


def test_a_cameras_objects_arrive_in_order_however_many_go_at_once(box: Box) -> None:
    keys = [box.put(at_s, f"cam-{at_s % 3}") for at_s in range(60)]
    with ThreadPoolExecutor(4) as pool:
        for upload in [pool.submit(box.upload_all) for _ in range(4)]:
            upload.result()
    for camera_id in ("cam-0", "cam-1", "cam-2"):
        arrived = [key for key in box.cloud.arrivals if f"/{camera_id}/" in key]
        assert arrived == [key for key in reversed(keys) if f"/{camera_id}/" in key]
    assert sum(count for (_, outcome), count in box.spool.counts().items() if outcome == "delivered") == 60


def test_an_object_that_the_store_will_never_take_keeps_no_other_waiting(box: Box) -> None:
    older = box.put(0)
    box.put(1)
    box.cloud.when = First(1, lambda: error(400, "EntityTooLarge"))
    box.upload_all()
    assert list(box.cloud.objects) == [older]
    assert box.spool.counts()["cam-1", "refused"] == 1


def test_the_forms_fields_are_those_of_the_grant_with_the_key(box: Box) -> None:
    """The store refuses a field that the grant doesn't name."""
    seen: list[bytes] = []

    def look(request: httpx.Request) -> None:
        if to_store(request):
            seen.append(request.read())

    box.cloud.when = look
    box.put(0)
    box.upload_all()
    assert [name in seen[0] for name in (b'name="policy"', b'name="key"', b'name="Content-Type"')] == [
        True,
        True,
        False,
    ]
