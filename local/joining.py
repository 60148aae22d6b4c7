"""Lets other commands join a city that runs on this laptop: a file for the shell, with all that ops/ and boto3 read."""

import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.cloud import CLIENTS, FORGOTTEN

JOIN_FILE = Path(__file__).parent.parent / ".demo" / "city.env"


@contextmanager
def joinable(cloud_url: str, path: Path) -> Iterator[None]:
    """Keep the file while the city runs, for its owner only to read; of two cities it leads to the one started last."""
    lines = _join_lines(cloud_url, os.environ)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(lines, encoding="utf-8")
    try:
        yield
    finally:
        if path.is_file() and path.read_text(encoding="utf-8") == lines:
            path.unlink()


def _join_lines(cloud_url: str, environment: Mapping[str, str]) -> str:
    """What a shell must run to work on this city and on no account: no profile and no session stays."""
    settings = {name: value for name, value in environment.items() if name.startswith("MATPHO_")}
    exports = {**CLIENTS, "AWS_ENDPOINT_URL": cloud_url, **settings}
    lines = [f"export {name}={shlex.quote(value)}" for name, value in sorted(exports.items())]
    return "\n".join([f"unset {' '.join(FORGOTTEN)}", *lines, ""])
