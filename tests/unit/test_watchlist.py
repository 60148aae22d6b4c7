"""The watchlist in memory: what is searched, what is found, and what a stored snapshot must look like."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.domain.watchlists import EntryValidity
from chalicelib.errors import InvalidInput, Misconfigured
from chalicelib.vision.watchlist import ScoredEntry, WatchlistSnapshot

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
DIM = 4


def entry(entry_id: str, **changes: Any) -> EntryValidity:
    terms: dict[str, Any] = {
        "category": "wanted",
        "requested_by": "an",
        "approved_by": "binh",
        "valid_from_utc": NOW - DAY,
        "valid_until_utc": NOW + DAY,
    }
    return EntryValidity(entry_id, **(terms | changes))


def unit(*rows: tuple[float, ...]) -> NDArray[np.float32]:
    vectors = np.asarray(rows, np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def snapshot(*enrolled: tuple[EntryValidity, NDArray[np.float32]]) -> WatchlistSnapshot:
    return WatchlistSnapshot.build("v7", "digest-a", enrolled, dim=DIM)


ACROSS = unit((1, 0, 0, 0))


def found(listed: WatchlistSnapshot, at_utc: datetime = NOW, **options: Any) -> list[str]:
    (candidates,) = listed.search(ACROSS, at_utc=at_utc, **({"threshold": 0.5} | options))
    return [candidate.entry_id for candidate in candidates]


def test_candidates_come_best_first_and_only_from_the_threshold_on() -> None:
    listed = snapshot(
        (entry("far"), unit((0, 1, 0, 0))), (entry("near"), unit((4, 3, 0, 0))), (entry("same"), unit((1, 0, 0, 0)))
    )
    (candidates,) = listed.search(ACROSS, at_utc=NOW, threshold=0.5)
    assert [candidate.entry_id for candidate in candidates] == ["same", "near"]
    assert [candidate.score for candidate in candidates] == pytest.approx([1.0, 0.8])


def test_the_best_of_an_entrys_templates_speaks_for_it() -> None:
    listed = snapshot((entry("e1"), unit((0, 1, 0, 0), (1, 0, 0, 0), (4, 3, 0, 0))))
    (candidates,) = listed.search(ACROSS, at_utc=NOW, threshold=0.5)
    assert candidates == (ScoredEntry("e1", 1.0),)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"valid_until_utc": NOW}, id="expired this very instant"),
        pytest.param({"valid_from_utc": NOW + DAY}, id="not in force yet"),
        pytest.param({"approved_by": None}, id="not approved"),
        pytest.param({"approved_by": "an"}, id="approved by the person who asked for it"),
        pytest.param({"withdrawn_at_utc": NOW - DAY}, id="withdrawn"),
    ],
)
def test_an_entry_that_is_not_searchable_is_never_found_however_alike(changes: dict[str, Any]) -> None:
    listed = snapshot((entry("barred", **changes), ACROSS), (entry("listed"), ACROSS))
    assert found(listed) == ["listed"]


@pytest.mark.parametrize(
    ("at_utc", "expected"),
    [
        (NOW - 2 * DAY, []),
        (NOW, ["short", "long"]),
        (NOW + DAY, ["long"]),
        (NOW + 3 * DAY, []),
    ],
)
def test_a_snapshot_that_grows_stale_drops_entries_as_they_expire(at_utc: datetime, expected: list[str]) -> None:
    """What was worked out for one instant must not serve another, forwards or backwards in time."""
    listed = snapshot((entry("short"), ACROSS), (entry("long", valid_until_utc=NOW + 2 * DAY), ACROSS))
    found(listed, NOW)
    found(listed, NOW + 2 * DAY)
    assert found(listed, at_utc) == expected


def test_a_future_withdrawal_counts_from_its_instant_on() -> None:
    listed = snapshot((entry("e1", withdrawn_at_utc=NOW + DAY / 2), ACROSS))
    assert [found(listed, NOW), found(listed, NOW + DAY / 2)] == [["e1"], []]


def test_only_allowed_entries_are_searched() -> None:
    """An authorisation may name the entries a camera may look for; none named means none found."""
    listed = snapshot((entry("e1"), ACROSS), (entry("e2"), ACROSS))
    assert found(listed, allowed_entry_ids=frozenset({"e2", "unknown"})) == ["e2"]
    assert found(listed, allowed_entry_ids=frozenset()) == []
    assert found(listed) == ["e1", "e2"]


def test_an_empty_list_and_an_empty_frame_have_nothing_to_find() -> None:
    nobody = np.zeros((0, DIM), np.float32)
    assert found(snapshot()) == []
    assert snapshot((entry("e1"), ACROSS)).search(nobody, at_utc=NOW, threshold=0.5) == ()


def test_search_is_exact() -> None:
    """The ranking equals a plain loop over every template."""
    rng = np.random.default_rng(3)
    listed = snapshot(*[(entry(str(i)), unit(*rng.normal(size=(2, DIM)))) for i in range(50)])
    (candidates,) = listed.search(ACROSS, at_utc=NOW, threshold=-1)
    best = {str(i): float(listed.templates[listed.owners == i, 0].max()) for i in range(50)}
    assert [c.entry_id for c in candidates] == sorted(best, key=best.__getitem__, reverse=True)
    assert [c.score for c in candidates] == pytest.approx(sorted(best.values(), reverse=True))


def test_templates_of_another_embedder_are_refused() -> None:
    snapshot().require_embedder("digest-a")
    with pytest.raises(Misconfigured, match="digest-b"):
        snapshot().require_embedder("digest-b")


@pytest.mark.parametrize("enrolled", [[], [(entry("e1", withdrawn_at_utc=NOW), ACROSS), (entry("e2"), ACROSS)]])
def test_a_snapshot_survives_storage_bit_by_bit(enrolled: list[tuple[EntryValidity, NDArray[np.float32]]]) -> None:
    before = snapshot(*enrolled)
    after = WatchlistSnapshot.from_bytes(before.to_bytes())
    assert (after.version, after.embedder_digest, after.entries) == ("v7", "digest-a", before.entries)
    assert (after.templates == before.templates).all()
    assert after.to_bytes() == before.to_bytes()


def _npz(**parts: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **parts)
    return buffer.getvalue()


STORED = snapshot((entry("e1"), ACROSS)).to_bytes()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x93NUMPY", id="not an archive"),
        pytest.param(STORED[:-40], id="cut short"),
        pytest.param(STORED.replace(b'"format":1', b'"format":9'), id="damaged on the way"),
        pytest.param(_npz(templates=ACROSS), id="parts missing"),
        pytest.param(_npz(head=np.asarray([{}], dtype=object)), id="a pickle inside"),
        pytest.param(_npz(head=np.frombuffer(b'{"format":9}', np.uint8)), id="another format"),
    ],
)
def test_what_is_no_snapshot_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="not a watchlist snapshot"):
        WatchlistSnapshot.from_bytes(data)


@pytest.mark.parametrize(
    ("templates", "owners", "reason"),
    [
        pytest.param(ACROSS.astype(np.float64), [0], "templates must be float32", id="wrong precision"),
        pytest.param(ACROSS[0], [0], r"templates must be float32 \(m, dim\)", id="one axis short"),
        pytest.param(ACROSS, [0, 0], r"owners must be int32 \(1,\)", id="more owners than templates"),
        pytest.param(ACROSS, [1], "an owner is not among the 1 entries", id="an owner beyond the list"),
        pytest.param(ACROSS, [-1], "an owner is not among the 1 entries", id="an owner before the list"),
        pytest.param(ACROSS * 2, [0], "not a unit vector", id="a row of another length"),
        pytest.param(ACROSS * np.nan, [0], "not a unit vector", id="a row of nothing"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(templates: NDArray[Any], owners: list[int], reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        WatchlistSnapshot("v1", "digest-a", (entry("e1"),), templates, np.asarray(owners, np.int32))
