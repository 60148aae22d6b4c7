"""API Gateway on a laptop: real HTTP in front of app.py, its authoriser included, by Chalice's own gateway.

What the gateway refuses by itself is told in the words of infra/identity.yaml. One request runs at a time, as in one
Lambda: Chalice keeps the request under way on the app. The cost: a slow one holds up the others.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import LocalGateway, LocalGatewayException, RouteMatcher

from chalicelib.api.problems import MEDIA_TYPE, SORTS, Sort, TooLarge, problem
from chalicelib.errors import InvalidInput, NotFound, NotIdentified

HOST = "127.0.0.1"
PORT = 8765
MAX_BODY_BYTES = 10_000_000
"""API Gateway's limit."""

_MEMORY_MB = 512
_NO_BODY = {204, 304}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Front(Protocol):
    """Whatever answers requests: the gateway itself, or something before it."""

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer: ...


@dataclass(slots=True)
class Gateway:
    """Answers requests one at a time; whoever else touches what the app touches takes `lock`, too."""

    app: Chalice
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What the deployed API would answer."""
        try:
            RouteMatcher(list(self.app.routes)).match_route(path)
        except ValueError:
            return _refusal(SORTS[NotFound], "there is no such path, or it has no such method")
        config = Config.create(lambda_memory_size=_MEMORY_MB)
        try:
            with self.lock:
                told = LocalGateway(self.app, config).handle_request(method, path, dict(headers), body or None)
        except LocalGatewayException:
            return _refusal(SORTS[NotIdentified], "a token is needed that holds")
        return Answer(told["statusCode"], told["headers"], (told["body"] or "").encode())


@contextmanager
def listening(front: Front, port: int = PORT) -> Iterator[str]:
    """Listen on this machine only; gives the address. Port 0 takes any that is free.

    Raises InvalidInput for a port that can't be had.
    """
    try:
        server = ThreadingHTTPServer((HOST, port), _handler(front))
    except (OSError, OverflowError) as error:
        raise InvalidInput(f"can't listen on port {port}: {error}; --port names another, 0 any that is free") from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="gateway", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(front: Front) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            size_bytes = _size(self.headers.get("Content-Length"))
            if size_bytes > MAX_BODY_BYTES:
                self.close_connection = True
                self._send(_refusal(SORTS[TooLarge], f"the body has {size_bytes} bytes"))
                return
            body = self.rfile.read(size_bytes)
            told = front.answer(self.command, self.path, dict(self.headers), body)
            with suppress(ConnectionError):  # whoever went on to another page waits for no answer
                self._send(told)

        def __getattr__(self, name: str) -> Any:
            """Every method is the app's to judge, those that nobody has thought of, too."""
            if name.startswith("do_"):
                return self.answer
            raise AttributeError(name)

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status not in _NO_BODY:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD" and answer.status not in _NO_BODY:
                self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            """The app logs what is worth it."""

    return Handler


def _size(header: str | None) -> int:
    return int(header) if header and header.isascii() and header.isdigit() else 0


def _refusal(sort: Sort, why: str) -> Answer:
    told = problem(sort, why, request_id="laptop")
    bearer = {"WWW-Authenticate": "Bearer"} if sort.status == SORTS[NotIdentified].status else {}
    body = json.dumps(told.model_dump(exclude_none=True)).encode()
    return Answer(sort.status, {"Content-Type": MEDIA_TYPE, **bearer}, body)
