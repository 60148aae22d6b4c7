"""Fixtures that every suite shares."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The fetched models; tests that need them skip where `make models` never ran."""
    folder = Path(os.environ.get("MATPHO_MODELS_DIR", ROOT / ".models"))
    if not (folder / "models.json").exists():
        pytest.skip("models not fetched: run make models")
    return folder


@pytest.fixture(scope="session")
def dev_data() -> Path:
    """The labelled photographs beside the project; never part of it."""
    folder = Path(os.environ.get("MATPHO_DATA", ROOT.parent / "shared" / "data" / "dev"))
    if not folder.is_dir():
        pytest.skip(f"no labelled photographs at {folder.name!r}: set MATPHO_DATA")
    return folder


@pytest.fixture(autouse=True)
def _retries_do_not_wait() -> Iterator[None]:
    """Retries keep their number and lose their pauses."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield
