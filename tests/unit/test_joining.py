"""A file leads other commands to the city that runs, and to no account."""

import os
from pathlib import Path

import pytest

from local.joining import joinable


def test_of_two_cities_the_file_leads_to_the_last_and_goes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "city.env"
    with joinable("http://127.0.0.1:2", path):
        with joinable("http://127.0.0.1:1", path):
            assert "AWS_ENDPOINT_URL=http://127.0.0.1:1\n" in path.read_text(encoding="utf-8")
        assert not path.exists()


def test_a_city_that_ends_leaves_the_file_of_another(tmp_path: Path) -> None:
    path = tmp_path / "city.env"
    with joinable("http://127.0.0.1:1", path):
        path.write_text("another city's", encoding="utf-8")
    assert path.exists()


def test_nothing_of_an_account_stays_in_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of somebody's account")
    monkeypatch.setenv("MATPHO_STAGE", "a stage with spaces")
    path = tmp_path / "city.env"
    with joinable("http://127.0.0.1:1", path):
        lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("unset AWS_PROFILE ")
    assert "export AWS_SECRET_ACCESS_KEY=local" in lines
    assert "export MATPHO_STAGE='a stage with spaces'" in lines
    assert f"export HOME={os.environ['HOME']}" not in lines
