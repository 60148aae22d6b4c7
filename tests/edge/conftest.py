"""What the gateway's tests share."""

from pathlib import Path

import pytest

from tests.edge.cloud import TOKEN, Clock, Cloud, make_clip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cloud(clock: Clock) -> Cloud:
    return Cloud(clock.now)


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    return path


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two minutes, with a car between the 30th and the 50th second and between the 70th and the 80th."""
    return make_clip(
        tmp_path_factory.mktemp("clips") / "street.mp4", seconds=120, busy=[*range(30, 50), *range(70, 80)]
    )
