"""What CloudFront is in the deployment, on a laptop: the console's files, its settings, and the API under /api.

One origin for all of it, so the browser needs no permission to call another. The headers are those of
infra/console.yaml; a test holds the two together.
"""

import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from local.gateway import Answer, Front
from local.issuer import AUDIENCE
from local.sign_in import PREFIX as SIGN_IN

API = "/api"
BUILT = Path(__file__).parent.parent / "console" / "dist"
"""Where `make console` puts the page."""


def content_policy(*, pictures: str = "", uploads: str = "", tiles: str = "", issuer: str = "") -> str:
    """What the page may load and from where; the arguments are origins beside its own."""
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": f"'self' blob: data: {pictures} {tiles}",
        "connect-src": f"'self' {issuer} {uploads} {tiles}",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {' '.join(value.split())}" for name, value in rules.items())


@dataclass(frozen=True, slots=True)
class Site:
    """Answers for everything: the API below /api, sign-in below /oidc, else the files of a folder."""

    api: Front
    sign_in: Front
    folder: Path = BUILT
    tiles: str = ""
    policy: str = field(default_factory=content_policy)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        where = urlsplit(path).path
        if where == API or where.startswith(f"{API}/"):
            return self.api.answer(method, path.removeprefix(API) or "/", headers, body)
        if where.startswith(f"{SIGN_IN}/"):
            return self._guarded(self.sign_in.answer(method, path, headers, body))
        if where == "/config.json":
            return self._guarded(_settings(self.tiles, headers))
        return self._guarded(self._file(where))

    def _file(self, where: str) -> Answer:
        """A file of the folder and of nothing above it; the page itself is asked for anew each time."""
        path = (self.folder / where.lstrip("/")).resolve()
        if where == "/":
            path = self.folder / "index.html"
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            return Answer(404, {"Content-Type": "text/plain"}, b"there is no such file")
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        kept = "public, max-age=31536000, immutable" if where.startswith("/assets/") else "no-cache"
        return Answer(200, {"Content-Type": f"{media_type}; charset=utf-8", "Cache-Control": kept}, path.read_bytes())

    def _guarded(self, answer: Answer) -> Answer:
        return Answer(answer.status, {**answer.headers, **guards(self.policy)}, answer.body)


def guards(policy: str) -> dict[str, str]:
    """The headers that go with every file."""
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
    }


def _settings(tiles: str, headers: Mapping[str, str]) -> Answer:
    """What the console must know before anybody signed in."""
    told = {"issuer": f"http://{headers.get('Host', '')}{SIGN_IN}", "clientId": AUDIENCE, "api": API, "tiles": tiles}
    return Answer(200, {"Content-Type": "application/json", "Cache-Control": "no-cache"}, json.dumps(told).encode())
