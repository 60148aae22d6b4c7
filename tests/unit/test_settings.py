"""Every setting is named when it is missing, and written down."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from chalicelib import settings
from chalicelib.errors import Misconfigured

ROOT = Path(__file__).parents[2]
SOURCE = Path(settings.__file__).read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r"MATPHO_[A-Z_]+", SOURCE)))
EVIDENCE = [f"MATPHO_{field.name.upper()}" for field in fields(settings.EvidenceSettings)]
LAW = [f"MATPHO_{field.name.upper()}" for field in fields(settings.LawSettings)]
REQUIRED = re.findall(r'_require\("(MATPHO_[A-Z_]+)"\)', SOURCE)


@pytest.fixture(autouse=True)
def _all_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "x")


@pytest.mark.parametrize("name", [name for name in REQUIRED if name != "MATPHO_REPORTS_BUCKET"])
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    readers = {
        "MATPHO_OIDC": settings.read_oidc,
        **dict.fromkeys(LAW, settings.read_law_settings),
        **dict.fromkeys(EVIDENCE, settings.read_evidence_settings),
    }
    read = next((reader for prefix, reader in readers.items() if name.startswith(prefix)), settings.read_settings)
    monkeypatch.setenv(name, "")
    with pytest.raises(Misconfigured, match=name):
        read()


def test_names_of_claims_and_keys_are_cognitos_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JWKS_URL", "ROLES_CLAIM", "UNITS_CLAIM", "CAMERAS_CLAIM"):
        monkeypatch.setenv(f"MATPHO_OIDC_{name}", "")
    oidc = settings.read_oidc()
    assert oidc.jwks_url == "x/.well-known/jwks.json"
    assert (oidc.roles_claim, oidc.units_claim, oidc.cameras_claim) == (
        "cognito:groups",
        "custom:units",
        "custom:cameras",
    )


def test_the_reports_bucket_is_only_asked_of_those_that_need_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATPHO_REPORTS_BUCKET")
    assert settings.read_settings().stage == "x"
    with pytest.raises(Misconfigured, match="MATPHO_REPORTS_BUCKET"):
        settings.reports_bucket()


def test_every_setting_is_written_down_and_no_other() -> None:
    written = re.findall(
        r"^\| `(MATPHO_[A-Z_]+)`", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(written) == NAMES


def test_nobody_else_reads_the_environment() -> None:
    readers = [
        path.name
        for path in [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
    ]
    assert readers == ["settings.py"]
