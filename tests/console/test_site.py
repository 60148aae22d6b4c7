"""What a laptop serves in CloudFront's place: files with their guards, settings, sign-in, and the API under /api."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from local.gateway import Answer
from local.issuer import AUDIENCE, new_issuer
from local.sign_in import Person, SignIn
from local.site import Site, content_policy

HOST = "127.0.0.1:8765"
HEADERS = {"Host": HOST}
REDIRECT = f"http://{HOST}/"
VERIFIER = "a-verifier-that-is-long-enough-for-the-standard-0123456789"
ASKED = {
    "client_id": AUDIENCE,
    "redirect_uri": REDIRECT,
    "state": "s1",
    "code_challenge": urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("="),
    "code_challenge_method": "S256",
    "person": "olga",
}
OLGA = Person("olga", "Olga <b>", "điều hành", "operator", ("ioc_operator@*",), ("ioc",))


class Echo:
    """In place of the API: answers with the path that it was asked for."""

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return Answer(200, {}, f"{method} {path}".encode())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("the page")
    (folder / "assets" / "page-1a2b.js").write_text("the code")
    (tmp_path / "secret").write_text("none of the page's business")
    return Site(Echo(), SignIn(new_issuer(), [OLGA]), folder)


def get(site: Site, path: str) -> Answer:
    return site.answer("GET", path, HEADERS, b"")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        pytest.param("/", 200, "the page", id="the page"),
        pytest.param("/assets/page-1a2b.js", 200, "the code", id="its code"),
        pytest.param("/../secret", 404, "there is no such file", id="nothing above the folder"),
        pytest.param("/assets", 404, "there is no such file", id="no folder"),
        pytest.param("/api/incidents?limit=1", 200, "GET /incidents?limit=1", id="the API, without its prefix"),
    ],
)
def test_what_is_served(site: Site, path: str, status: int, said: str) -> None:
    answer = get(site, path)
    assert (answer.status, answer.body.decode()) == (status, said)


def test_code_is_kept_for_ever_and_the_page_never(site: Site) -> None:
    assert "immutable" in get(site, "/assets/page-1a2b.js").headers["Cache-Control"]
    assert get(site, "/").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/config.json", "/nowhere", f"/oidc/authorize?{urlencode(ASKED)}"])
def test_everything_but_the_api_comes_with_its_guards(site: Site, path: str) -> None:
    headers = get(site, path).headers
    assert headers["Content-Security-Policy"] == content_policy()
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_policy_lets_no_inline_script_or_style_in() -> None:
    rules = dict(rule.split(" ", 1) for rule in content_policy(tiles="https://tiles.example").split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["connect-src"] == "'self' https://tiles.example"


def test_a_code_with_its_verifier_buys_one_token(site: Site) -> None:
    code = code_for(site)
    answer = exchange(site, code=code)
    claims = jwt.decode(json.loads(answer.body)["id_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["name"], claims["cognito:groups"]) == ("olga", OLGA.name, ["ioc_operator@*"])
    assert exchange(site, code=code).status == 400, "a code is good for once"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"code_verifier": "another"}, id="another verifier"),
        pytest.param({"code_verifier": ""}, id="no verifier"),
        pytest.param({"redirect_uri": "http://elsewhere/"}, id="another page"),
        pytest.param({"code": "made up"}, id="a code that nobody gave"),
    ],
)
def test_a_code_buys_nothing_with(site: Site, wrong: dict[str, str]) -> None:
    assert exchange(site, **{"code": code_for(site), **wrong}).status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"redirect_uri": "http://elsewhere.example/"}, id="a page elsewhere"),
        pytest.param({"redirect_uri": f"http://{HOST}.elsewhere.example/"}, id="a page that only begins like ours"),
        pytest.param({"client_id": "another"}, id="another client"),
        pytest.param({"code_challenge_method": "plain"}, id="a challenge that hides nothing"),
        pytest.param({"code_challenge": ""}, id="no challenge"),
    ],
)
def test_nobody_is_sent_on_with(site: Site, wrong: dict[str, str]) -> None:
    assert get(site, f"/oidc/authorize?{urlencode({**ASKED, **wrong})}").status == 400


def test_who_signs_out_is_led_home(site: Site) -> None:
    asked = {"client_id": AUDIENCE, "logout_uri": REDIRECT}
    assert get(site, f"/oidc/logout?{urlencode(asked)}").headers["Location"] == REDIRECT


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"client_id": AUDIENCE}, id="no page to go to"),
        pytest.param({"client_id": AUDIENCE, "post_logout_redirect_uri": REDIRECT}, id="the page by OIDC's name alone"),
        pytest.param({"client_id": AUDIENCE, "logout_uri": "http://elsewhere/"}, id="a page elsewhere"),
        pytest.param({"client_id": "another", "logout_uri": REDIRECT}, id="another client"),
    ],
)
def test_nobody_is_signed_out_as_cognito_would_not(site: Site, asked: dict[str, str]) -> None:
    assert get(site, f"/oidc/logout?{urlencode(asked)}").status == 400


def test_the_list_of_people_is_escaped(site: Site) -> None:
    asked = {**ASKED, "person": "", "state": '"><script>'}
    page = get(site, f"/oidc/authorize?{urlencode(asked)}").body.decode()
    assert "<script>" not in page
    assert "Olga &lt;b&gt;" in page


def code_for(site: Site) -> str:
    answer = get(site, f"/oidc/authorize?{urlencode(ASKED)}")
    assert answer.headers["Location"].startswith(REDIRECT)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def exchange(site: Site, **asked: str) -> Answer:
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code_verifier": VERIFIER, **asked}
    return site.answer("POST", "/oidc/token", HEADERS, urlencode(form).encode())
