"""The API and the object store as a gateway meets them, in memory; and a street to look at."""

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import cv2
import httpx
import numpy as np
from numpy.typing import NDArray

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TOKEN = "let-me-in"
GRANT_LIFE_S = 600.0
FRAMES_A_SECOND = 2
_NOISE = np.random.default_rng(1).normal(0, 2, (240, 320, 3))


@dataclass
class Clock:
    """Time of day and time that passes, turned by hand."""

    passed_s: float = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed_s)

    def monotonic_s(self) -> float:
        return self.passed_s


@dataclass
class Cloud:
    """Grants for every camera, and the objects that arrived; `when` may answer a request in its own way."""

    now: Callable[[], datetime]
    when: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
    objects: dict[str, bytes] = field(default_factory=dict)
    arrivals: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Every answer has a Date."""
        answer = self.when(request)
        if answer is None:
            answer = self._grant(request) if request.url.path.endswith("/grants") else self._store(request)
        answer.headers.setdefault("Date", format_datetime(self.now(), usegmt=True))
        return answer

    def client(self, **hooks: list[Callable[[httpx.Response], None]]) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.answer), event_hooks=hooks)

    def _grant(self, request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return httpx.Response(401)
        camera_id = json.loads(request.content)["camera_id"]
        self.grants.append(camera_id)
        prefix = f"frames/{camera_id}/"
        grant = {
            "url": str(request.url.copy_with(path="/bucket")),
            "fields": {"key": prefix + "${filename}", "policy": f"grant-{len(self.grants)}"},
            "prefix": prefix,
            "expires_at": (self.now() + timedelta(seconds=GRANT_LIFE_S)).isoformat(),
        }
        return httpx.Response(200, json=grant)

    def _store(self, request: httpx.Request) -> httpx.Response:
        form = parse_form(request)
        key = form["key"].decode()
        self.objects[key] = form["file"]
        self.arrivals.append(key)
        return httpx.Response(204)


def parse_form(request: httpx.Request) -> dict[str, bytes]:
    """The fields of a multipart form, in the order that S3 insists on: the file last."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    form: dict[str, bytes] = {}
    for part in message_from_bytes(head + request.read()).walk():
        if not part.is_multipart():
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            form[str(part.get_param("name", header="Content-Disposition"))] = data
    assert list(form)[-1] == "file"
    return form


def error(status: int, code: str) -> httpx.Response:
    """An error as S3 tells it."""
    return httpx.Response(status, text=f"<Error><Code>{code}</Code></Error>")


@contextmanager
def served(cloud: Cloud) -> Iterator[str]:
    """The cloud on a real port of this machine; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            url = f"http://{self.headers['Host']}{self.path}"
            try:
                answer = cloud.answer(httpx.Request("POST", url, headers=dict(self.headers), content=body))
            except ConnectionAbortedError:  # whoever asked is gone
                self.close_connection = True
                return
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in answer.headers and answer.status_code != httpx.codes.NO_CONTENT:
                self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def street(at_s: float = 0.0, *, car: bool = False, light: int = 0) -> NDArray[np.uint8]:
    """A drawn street, BGR uint8 (240, 320, 3), with a little sensor noise that is the same at the same time."""
    noise = np.roll(_NOISE, int(at_s * 1000) * 7919, axis=(0, 1))
    image = np.full((240, 320, 3), 90.0)
    image[:100] = 170.0
    cv2.rectangle(image, (20, 40), (90, 150), (60, 80, 110), -1)
    cv2.rectangle(image, (200, 20), (300, 140), (120, 90, 70), -1)
    if car:
        left = 10 + int(at_s * 40) % 260
        cv2.rectangle(image, (left, 170), (left + 50, 200), (30, 30, 200), -1)
    return np.clip(image + noise + light, 0, 255).astype(np.uint8)


def make_clip(path: Path, *, seconds: int, busy: Collection[int]) -> Path:
    """A clip in which a car drives about in some of its seconds."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FRAMES_A_SECOND, (320, 240))
    for index in range(seconds * FRAMES_A_SECOND):
        at_s = index / FRAMES_A_SECOND
        writer.write(street(at_s, car=int(at_s) in busy))
    writer.release()
    return path
