"""The API over HTTP on a laptop: as deployed, and each caller himself however many call at once."""

import json
import shlex
import socket
import struct
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import urllib3
from chalice.app import Chalice

from chalicelib import bootstrap_law
from chalicelib.errors import InvalidInput
from city.reading import read_pack
from local.gateway import Answer, Gateway, listening
from local.issuer import Issuer, new_issuer
from local.serve import serving
from tests.app.law_wishes import ENTRY

ROOT = Path(__file__).parents[2]
TESTVILLE = ROOT / "city" / "testville"
CALLERS = 12


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return new_issuer()


@pytest.fixture(scope="module")
def join_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city") / "city.env"


@pytest.fixture(scope="module")
def address(issuer: Issuer, join_file: Path) -> Iterator[str]:
    with serving(read_pack(TESTVILLE), issuer, port=0, sample=True, join_file=join_file) as address:
        yield address
    assert not join_file.exists(), "a city that is gone can't be joined"


def call(
    address: str, token: str = "", *, method: str | None = None, body: Mapping[str, Any] | None = None, key: str = ""
) -> tuple[int, Any]:
    """A GET, or a POST where there is a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310 - our own, on this machine
    if key:
        request.add_header("Idempotency-Key", key)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.loads(refusal.read() or b"null")


def test_incidents_of_the_sample_are_there_for_the_centre_but_for_the_candidate(address: str, issuer: Issuer) -> None:
    status, page = call(f"{address}/incidents", issuer.token("olga", grants=["ioc_operator@*"]))
    assert status == 200
    assert {one["kind"] for one in page["items"]} == {"fire_smoke", "flood", "congestion", "garbage", "camera_fault"}


def test_a_port_that_is_taken_is_named(address: str) -> None:
    port = int(address.rpartition(":")[2])
    with pytest.raises(InvalidInput, match=f"port {port}.*--port"), listening(Gateway(Chalice("other")), port):
        pass


@pytest.mark.usefixtures("address")
def test_a_command_in_another_shell_works_on_the_city_that_its_file_leads_to(join_file: Path) -> None:
    shell = f". {shlex.quote(str(join_file))} && {shlex.quote(sys.executable)} -m ops.status --json"
    done = subprocess.run(["/bin/sh", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert (told["city"], told["incidents"]["fire_smoke"]) == ("testville", 1)
    assert join_file.stat().st_mode & 0o777 == 0o600


def test_every_incident_of_the_sample_has_pictures_that_a_browser_can_load(address: str, issuer: Issuer) -> None:
    """Drawn ones, redacted and sealed: the addresses lead to the local cloud itself."""
    officer = issuer.token("duc", grants=["city_officer@*", "reviewer@*"])
    _, page = call(f"{address}/incidents", officer)
    for incident in page["items"]:
        path = f"{address}/incidents/{incident['id']}"
        items = call(f"{path}/evidence", officer)[1]["items"]
        assert {one["role"] for one in items} >= {"sighting"}
        _, unsealed = call(f"{path}/unsealings", officer, body={"number": items[0]["number"], "purpose": "case 7"})
        shown, original = (urllib3.request("GET", image["url"]) for image in (items[0]["image"], unsealed["image"]))
        assert [one.headers["Content-Type"] for one in (shown, original)] == ["image/jpeg"] * 2
        assert shown.data.startswith(b"\xff\xd8\xff")
        assert shown.data != original.data, "the original shows the heads of people"


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        pytest.param("/me", "GET", 401, id="no token"),
        pytest.param("/nowhere", "GET", 404, id="no such path"),
        pytest.param("/me", "DELETE", 405, id="no such method"),
        pytest.param("/me", "QUERY", 405, id="a method that hardly anybody knows"),
        pytest.param("/health", "GET", 200, id="what is open to all"),
    ],
)
def test_what_is_answered_without_a_token(address: str, path: str, method: str, status: int) -> None:
    assert call(f"{address}{path}", method=method)[0] == status


def test_token_of_another_issuer_is_refused(address: str) -> None:
    assert call(f"{address}/me", new_issuer().token("eve", grants=["ioc_operator@*"]))[0] == 401


def test_entry_is_asked_for_photographed_and_withdrawn_on_the_tables_themselves(address: str, issuer: Issuer) -> None:
    """And the audit that is read afterwards knows it."""
    officer = issuer.token("an", grants=["ward_officer@new-town"])
    entries = f"{address}/watchlist/entries"
    status, entry = call(entries, officer, body=ENTRY, key="click-0001")
    assert (status, entry["version"]) == (201, 1)
    _, form = call(f"{entries}/{entry['id']}/photographs", officer, body={}, key="click-0002")
    posted = urllib3.request("POST", form["url"], fields={**form["fields"], "file": ("an.jpg", b"a face")})
    assert posted.status < 300
    assert len(bootstrap_law.biometrics().portraits(entry["id"])) == 1
    _, entry = call(f"{entries}/{entry['id']}", officer)  # the gate may have looked at the photograph already
    withdrawal = {"action": "withdraw", "version": entry["version"], "purpose": "found"}
    acts = f"{entries}/{entry['id']}/acts"
    assert [call(acts, officer, body=withdrawal)[1]["status"] for _ in range(2)] == ["withdrawn"] * 2
    watcher = issuer.token("dora", grants=["data_protection_officer@*"])
    _, page = call(f"{address}/audit?day={entry['requested_at'][:10]}&subject=entry/{entry['id']}", watcher)
    assert [one["action"] for one in page["items"] if one["actor"] == "an"] == ["entry_requested", "entry_withdrawn"]


def test_callers_at_the_same_time_are_each_themselves(address: str, issuer: Issuer) -> None:
    """Chalice keeps the request under way on the app, so two at once would be one."""
    tokens = {f"caller-{n}": issuer.token(f"caller-{n}", grants=["ioc_operator@*"]) for n in range(CALLERS)}
    with ThreadPoolExecutor(CALLERS) as pool:
        answers = pool.map(lambda token: call(f"{address}/me", token), list(tokens.values()) * 3)
        assert [body["subject"] for _, body in answers] == list(tokens) * 3


def test_a_browser_that_goes_on_before_its_answer_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    gone = threading.Event()

    class Slow:
        def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
            if path == "/slow":
                gone.wait(10)
            return Answer(200, {}, bytes(8_000_000))

    with listening(Slow(), 0) as address:
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as browser:
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            browser.sendall(b"GET /slow HTTP/1.1\r\nHost: here\r\n\r\n")
        gone.set()
        assert urllib3.request("GET", f"{address}/next", timeout=30).status == 200
    assert capsys.readouterr().err == ""
