"""The API over a made-up city in memory."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law, bootstrap_subjects
from chalicelib.settings import Oidc
from chalicelib.store import clients
from chalicelib.store.jwks import SigningKeys
from chalicelib.store.lent_pictures import S3PictureDesk, S3ReviewDesk
from chalicelib.store.tokens import TokenVerifier
from chalicelib.store.uploads import S3PortraitDesk, S3UploadDesk
from city.reading import read_pack
from local.issuer import AUDIENCE, URL, new_issuer
from tests.app.calling import Caller

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TESTVILLE = Path(__file__).parents[2] / "city" / "testville"
ISSUER = new_issuer()
SIGNS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "ap-southeast-1"}
"""Forms are signed by arithmetic alone, which needs keys and no network."""


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Caller:
    """Calls that reach the app as it is deployed, its authoriser included; what it keeps is in memory."""
    pack = read_pack(TESTVILLE)
    caller = Caller(pack, NOW, ISSUER)

    def clock() -> datetime:
        return caller.now

    oidc = Oidc(URL, AUDIENCE, "none", "cognito:groups", "custom:units", "custom:cameras")
    verifier = TokenVerifier(SigningKeys(ISSUER.jwks, clock=clock), issuer=URL, audience=AUDIENCE)
    packs = SimpleNamespace(current=lambda: caller.versions.packs[-1])
    parts = {
        "clock": clock,
        "oidc": lambda: oidc,
        "tokens": lambda: verifier,
        "city_packs": lambda: packs,
        "pack_versions": lambda: caller.versions,
        "cameras": lambda: caller.cameras,
        "incidents": lambda: caller.incidents,
        "uploads": lambda: S3UploadDesk(clients.s3_signer(), "the-frames", clock=clock),
    }
    law = {
        "entries": lambda: caller.entries,
        "authorisations": lambda: caller.authorisations,
        "holds": lambda: caller.holds,
        "held_frames": lambda: caller.held,
        "audit_log": lambda: caller.audit,
        "mandate_board": lambda: caller.mandates,
        "portrait_desk": lambda: S3PortraitDesk(clients.s3_signer(), "the-biometrics", clock=clock),
    }
    evidence = {
        "evidence_vault": lambda: caller.vault,
        "picture_requests": lambda: caller.requests,
        "picture_desk": lambda: S3PictureDesk(clients.s3_signer(), "the-evidence", "the-sealed", clock=clock),
        "review_desk": lambda: S3ReviewDesk(clients.s3_signer(), "the-biometrics", clock=clock),
    }
    subjects = {"requests": lambda: caller.subjects}
    replaced_in = (
        (bootstrap, parts),
        (bootstrap_law, law),
        (bootstrap_evidence, evidence),
        (bootstrap_subjects, subjects),
    )
    for module, replaced in replaced_in:
        for name, part in replaced.items():
            monkeypatch.setattr(module, name, part)
    for name, value in SIGNS.items():
        monkeypatch.setenv(name, value)
    return caller


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)
