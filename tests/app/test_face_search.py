"""Whom the function searches for: entries in force now, at a cosine worked out from list, traffic and budget."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from chalicelib import bootstrap, bootstrap_vision
from chalicelib.domain.watchlists import EntryValidity
from chalicelib.errors import Misconfigured
from chalicelib.vision.watchlist import WatchlistSnapshot
from city.reading import read_pack

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TESTVILLE = Path(__file__).parents[2] / "city" / "testville"


def entry(entry_id: str, *, until: datetime) -> EntryValidity:
    return EntryValidity(entry_id, "wanted", "officer-a", "officer-b", NOW - 9 * DAY, until)


def snapshot(digest: str) -> WatchlistSnapshot:
    template = np.eye(1, 128, dtype=np.float32)
    entries = [entry("in-force", until=NOW + DAY), entry("expired-since-the-frame", until=NOW - DAY)]
    return WatchlistSnapshot.build("v1", digest, [(one, template) for one in entries])


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[WatchlistSnapshot | None]:
    """The list as it lies in the bucket; put another one in to change it."""
    current: list[WatchlistSnapshot | None] = [snapshot(bootstrap_vision.impostor_curve().embedder_digest)]
    pack = read_pack(TESTVILLE)
    monkeypatch.setattr(bootstrap, "clock", lambda: NOW)
    monkeypatch.setattr(bootstrap, "city_packs", lambda: SimpleNamespace(current=lambda: pack))
    monkeypatch.setattr(bootstrap_vision, "watchlist", lambda: SimpleNamespace(current=lambda: current[0]))
    return current


@pytest.mark.usefixtures("published")
def test_only_entries_in_force_now_are_searched_even_on_a_late_frame() -> None:
    """Invariant 7: what was valid when the frame was taken may have expired since."""
    search = bootstrap_vision.face_search()
    assert search is not None
    assert search.entry_ids == {"in-force"}
    assert search.threshold > bootstrap_vision.impostor_curve().floor


def test_without_a_list_no_face_is_looked_for(published: list[WatchlistSnapshot | None]) -> None:
    published[0] = None
    assert bootstrap_vision.face_search() is None


def test_a_list_of_another_embedder_stops_the_function(published: list[WatchlistSnapshot | None]) -> None:
    published[0] = snapshot("another")
    with pytest.raises(Misconfigured, match="another"):
        bootstrap_vision.face_search()
