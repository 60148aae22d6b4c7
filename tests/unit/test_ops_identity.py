"""The command lines for those who call the API: a token for whoever one wants to be, and the API's description."""

import json
from pathlib import Path

import jwt
import pytest
import typer
from typer.testing import CliRunner

from chalicelib.api.openapi import describe
from chalicelib.api.routes import endpoints
from local.issuer import kept_issuer, read_issuer
from ops import openapi, token

RUN = CliRunner()


def cli(main: object) -> typer.Typer:
    app = typer.Typer()
    app.command()(main)  # type: ignore[type-var]
    return app


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "new" / "issuer-key.json"
    monkeypatch.setattr(token, "KEY_FILE", path)
    return path


def test_key_is_made_once_and_read_by_its_owner_only(key_file: Path) -> None:
    assert kept_issuer(key_file).key_id == kept_issuer(key_file).key_id == read_issuer(key_file).key_id
    assert key_file.stat().st_mode & 0o077 == 0


def test_token_says_who_one_wants_to_be(key_file: Path) -> None:
    issuer = kept_issuer(key_file)
    done = RUN.invoke(cli(token.main), ["unit_operator@*", "--subject", "minh", "--unit", "fire"])
    claims = jwt.decode(done.stdout.strip(), issuer.key.public_key(), algorithms=["ES256"], audience="matpho-local")
    assert (done.exit_code, claims["sub"], claims["custom:units"]) == (0, "minh", "fire")
    assert claims["cognito:groups"] == ["unit_operator@*"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["ward_officer"], "'ward_officer' is no grant", id="a grant without an area"),
        pytest.param(["ioc_operator@*"], "no API has run on this laptop", id="before the API ever ran"),
    ],
)
def test_wrong_word_is_one_line_and_no_token(key_file: Path, arguments: list[str], said: str) -> None:
    done = RUN.invoke(cli(token.main), arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_description_is_written_as_it_is_served(tmp_path: Path) -> None:
    RUN.invoke(cli(openapi.main), [str(tmp_path / "api.json")])
    assert json.loads((tmp_path / "api.json").read_text()) == json.loads(json.dumps(describe(endpoints())))
