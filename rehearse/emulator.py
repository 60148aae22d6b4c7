"""AWS on this machine without Docker: MiniStack, over TLS and with rights enforced as IAM does.

It runs the packaged functions as processes of their own, with their layers, and holds them to Lambda's size limit. With
`AUTH` it judges every call by roles and policies, which needs TLS, because our policies refuse everything else.
"""

import os
import signal
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.cloud import environment
from rehearse.certificate import write_certificate
from rehearse.waiting import RehearsalFailed, wait_for

ROOT = Path(__file__).parent.parent
BINARIES = ROOT / ".rehearse-venv" / "bin"
REGION = "ap-southeast-1"
START_S = 60


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running cloud: where it answers, whom to trust, and the process that every function is a child of."""

    url: str
    certificate: Path
    pid: int

    def ask(self, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> tuple[int, str]:
        """Status and body of a request, as an operator's browser would send it: a POST when there is a body."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        request = urllib.request.Request(f"{self.url}{path}", body, dict(headers or {}))  # noqa: S310 - ours
        try:
            with urllib.request.urlopen(request, context=trust, timeout=60) as answer:  # noqa: S310 - as above
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@contextmanager
def running_emulator(work: Path, *, models_dir: Path) -> Iterator[Emulator]:
    """Start an empty cloud that boto3's clients find; its log and certificate lie in `work`.

    A process can't be given an /opt of its own, so functions are told where the models' layer lies unpacked.
    """
    certificate, key = write_certificate(work)
    port = _free_port()
    ours = {
        "HOME": str(work),
        "TMPDIR": str(work),
        "PATH": f"{BINARIES}{os.pathsep}{os.environ['PATH']}",
        "MATPHO_MODELS_DIR": str(models_dir),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "MINISTACK_SSL_CERT": str(certificate),
        "MINISTACK_SSL_KEY": str(key),
        "USE_SSL": "1",
        # So that the authoriser takes the user pool's keys from here.
        "SSL_CERT_FILE": str(certificate),
        "AUTH": "true",
    }
    with (work / "emulator.log").open("w") as log:
        process = subprocess.Popen([BINARIES / "ministack"], env=ours, stdout=log, stderr=log, start_new_session=True)
    try:
        emulator = Emulator(f"https://127.0.0.1:{port}", certificate, process.pid)
        wait_for("the emulator to start", lambda: _answers(process, port), within_s=START_S)
        with environment(_client_environment(emulator), without=("AWS_PROFILE", "AWS_SESSION_TOKEN")):
            yield emulator
    finally:
        # Asked kindly it would wait half a minute for connections that are kept alive; nothing here is worth keeping.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _client_environment(emulator: Emulator) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_CA_BUNDLE": str(emulator.certificate),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    if process.poll() is not None:
        raise RehearsalFailed(f"the emulator ended at once with code {process.returncode}")
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
