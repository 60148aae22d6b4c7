"""Rows ruled out by half of their numbers: nobody who reaches the threshold may be among them."""

from collections.abc import Iterator
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from chalicelib.vision import exact_search
from chalicelib.vision.exact_search import ROUNDING, HalvedRows

BLOCK = 16


def units(rng: np.random.Generator, count: int, dim: int, *, slope: float = 0.0) -> NDArray[np.float32]:
    """Unit rows whose numbers grow smaller the further back they are, the more so the steeper the slope."""
    rows = rng.standard_normal((count, dim)).astype(np.float32) * np.exp(-slope * np.arange(dim, dtype=np.float32))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def found(rows: NDArray[np.float32], queries: NDArray[np.float32], threshold: float) -> set[tuple[int, int]]:
    numbers, scores = HalvedRows.of(rows).near(queries, threshold)
    return {(query, int(numbers[place])) for query, place in np.argwhere(scores >= threshold)}


@pytest.fixture(autouse=True, scope="module")
def _small_blocks() -> Iterator[None]:
    """So that lists of a test are searched as long ones are."""
    with patch.object(exact_search, "BLOCK", BLOCK):
        yield


@given(
    seed=st.integers(0, 2**32 - 1),
    dim=st.integers(1, 40),
    slope=st.floats(0, 0.5),
    threshold=st.floats(-1, 1),
    faces=st.integers(1, 4),
)
def test_exactly_those_are_found_that_a_plain_product_finds(
    seed: int, dim: int, slope: float, threshold: float, faces: int
) -> None:
    """But for scores so near to the threshold that single precision can't tell."""
    rng = np.random.default_rng(seed)
    rows = units(rng, 60, dim, slope=slope)
    queries = np.concatenate([rows[:1], units(rng, faces - 1, dim, slope=slope)])
    plain = queries.astype(np.float64) @ rows.T.astype(np.float64)
    surely = {(int(query), int(row)) for query, row in np.argwhere(plain >= threshold + 1e-6)}
    at_most = {(int(query), int(row)) for query, row in np.argwhere(plain >= threshold - 1e-6)}
    assert surely <= found(rows, queries, threshold) <= at_most


def test_whoever_is_at_the_threshold_to_the_last_bit_stays_in_play() -> None:
    """All of a row's likeness may lie in the second half, where the bound is no looser than the score."""
    rows = np.zeros((BLOCK + 1, 8), np.float32)
    rows[:, 0] = 1
    rows[3] = np.eye(8)[7]
    for threshold in (1.0, 1.0 + ROUNDING / 2):
        assert HalvedRows.of(rows).near(rows[3:4], threshold)[0].tolist() == [3]


@pytest.mark.parametrize("place", [0, BLOCK - 1, BLOCK, 2 * BLOCK], ids=["first", "end of a block", "next", "last"])
def test_a_row_is_found_in_whatever_block_it_lies(place: int) -> None:
    rows = np.zeros((2 * BLOCK + 1, 2), np.float32)
    rows[:, 1] = 1
    rows[place] = (1, 0)
    numbers, scores = HalvedRows.of(rows).near(np.asarray([[1, 0]], np.float32), 0.9)
    assert (numbers.tolist(), scores.tolist()) == ([place], [[1]])


def test_most_rows_are_ruled_out_where_what_tells_apart_comes_first() -> None:
    """Else it would be slower than the plain product, and nobody would see it."""
    rng = np.random.default_rng(1)
    rows = units(rng, 2_000, 128, slope=0.02)
    assert len(HalvedRows.of(rows).near(rows[:1], 0.6)[0]) < 100


def test_an_empty_list_has_nobody_near() -> None:
    numbers, scores = HalvedRows.of(np.zeros((0, 4), np.float32)).near(np.ones((2, 4), np.float32), 0.5)
    assert (numbers.shape, scores.shape) == ((0,), (2, 0))
