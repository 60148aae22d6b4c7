"""A camera as OpenCV's FFmpeg meets one: RTSP over TCP with motion JPEG, as RFC 2326 and RFC 2435 have it.

It serves whoever asks, one after the other or at once, and dies with everything it has open when it is closed.
"""

import base64
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

import cv2

from tests.edge.cloud import street

FRAMES_A_SECOND = 20
CLOCK_HZ = 90_000
_MOST_BYTES = 1400  # of a packet's payload, as a camera on Ethernet has it
_JPEG_420, _TABLES_FOLLOW = 1, 255


@contextmanager
def camera(*, port: int = 0, login: str = "") -> Iterator[int]:
    """A camera until the block ends; gives its port. `login` is `user:password`, asked for as HTTP's Basic has it."""
    stop = Event()
    with _Server(("127.0.0.1", port), _Handler) as server:
        server.stop, server.authorization = stop, f"Basic {base64.b64encode(login.encode()).decode()}" if login else ""
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            stop.set()
            server.shutdown()


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False  # so that closing it waits for all that is open
    stop: Event
    authorization: str


class _Handler(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.connection.settimeout(5)
        while (request := self._read_request()) is not None:
            method, headers = request
            if self.server.authorization not in {"", headers.get("authorization")}:
                self._answer(headers, status="401 Unauthorized", more='WWW-Authenticate: Basic realm="camera"\r\n')
                continue
            answer = _ANSWERS.get(method)
            self._answer(headers, *(answer() if answer else ()))
            if method == "PLAY":
                self._play()
                return

    def _read_request(self) -> tuple[str, dict[str, str]] | None:
        """Method and headers by their names in small letters; None when whoever asked is gone."""
        with suppress(OSError):
            first = self.rfile.readline().decode()
            lines = iter(lambda: self.rfile.readline().decode().strip(), "")
            pairs = (line.partition(":") for line in lines)
            return (first.split()[0], {name.lower(): value.strip() for name, _, value in pairs}) if first else None
        return None

    def _answer(self, headers: dict[str, str], more: str = "", body: str = "", *, status: str = "200 OK") -> None:
        head = f"RTSP/1.0 {status}\r\nCSeq: {headers.get('cseq', '0')}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
        self.wfile.write((head + body).encode())

    def _play(self) -> None:
        """Frames until the camera dies or nobody looks any more."""
        sequence = count()
        with suppress(OSError):
            for number in count():
                at_s = number / FRAMES_A_SECOND
                if self.server.stop.wait(1 / FRAMES_A_SECOND):
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                jpeg = cv2.imencode(".jpg", street(at_s, car=True))[1].tobytes()
                for packet in _packets(jpeg, sequence, int(at_s * CLOCK_HZ)):
                    self.wfile.write(struct.pack(">cBH", b"$", 0, len(packet)) + packet)


_ANSWERS: dict[str, Callable[[], tuple[str, ...]]] = {
    "OPTIONS": lambda: ("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n",),
    "DESCRIBE": lambda: (
        "Content-Type: application/sdp\r\n",
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\na=control:track\r\n",
    ),
    "SETUP": lambda: ("Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n",),
    "PLAY": lambda: ("Session: 1\r\n",),
}


def _packets(jpeg: bytes, sequence: Iterator[int], timestamp: int) -> Iterator[bytes]:
    """A frame in RTP packets: the first carries the tables by which it was quantised, the last is marked."""
    tables, height, width, scan = _parts(jpeg)
    for at in range(0, len(scan), _MOST_BYTES):
        part = scan[at : at + _MOST_BYTES]
        marked = 0x80 if at + len(part) == len(scan) else 0
        rtp = struct.pack(">BBHII", 0x80, marked | 26, next(sequence) % 65536, timestamp, 1)
        shape = struct.pack(">IBBBB", at, _JPEG_420, _TABLES_FOLLOW, width // 8, height // 8)
        first = struct.pack(">BBH", 0, 0, len(tables)) + tables if at == 0 else b""
        yield rtp + shape + first + part


def _parts(jpeg: bytes) -> tuple[bytes, int, int, bytes]:
    """Quantisation tables, height, width and the scan of a baseline JPEG with the standard's Huffman tables."""
    tables, height, width, at = b"", 0, 0, 2
    while True:
        marker, length = struct.unpack(">HH", jpeg[at : at + 4])
        segment = jpeg[at + 4 : at + 2 + length]
        at += 2 + length
        if marker == 0xFFDB:
            tables += b"".join(segment[one + 1 : one + 65] for one in range(0, len(segment), 65))
        elif marker == 0xFFC0:
            height, width = struct.unpack(">HH", segment[1:5])
        elif marker == 0xFFDA:
            return tables, height, width, jpeg[at:-2]
