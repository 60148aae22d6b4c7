"""The accuracy bench counts honestly: thresholds from other folds, faces not found as errors, wrong folders named."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from typer import Typer
from typer.testing import CliRunner

from bench.accuracy.__main__ import main
from bench.accuracy.faces import Pair, best_threshold, fold_accuracies, read_pairs
from bench.accuracy.pictures import limited, pictures_in
from bench.accuracy.vehicles import agreement, average_precision, hits, labelled_boxes, precision_by_recall
from bench.scenes.metrics import separation, share_above, threshold_at
from chalicelib.errors import InvalidInput

app = Typer()
app.command()(main)


def scores(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_recall_is_taken_where_one_negative_in_a_hundred_lies_above() -> None:
    negatives = np.linspace(0, 0.99, 100, dtype=np.float32)
    figures = separation(scores(0.985, 0.97, 0.5), negatives)
    assert figures.recall_at_1pct_fpr == pytest.approx(1 / 3)
    assert share_above(negatives, figures.threshold) <= 0.01
    assert (figures.positives, figures.negatives) == (3, 100)


def test_equal_scores_never_push_the_false_positives_over_the_limit() -> None:
    negatives = scores(*[0.9] * 5, *[0.1] * 95)
    assert share_above(negatives, threshold_at(negatives, 0.01)) == 0


@pytest.mark.parametrize(
    ("positives", "auc"),
    [
        pytest.param((0.9, 0.8), 1.0, id="all above"),
        pytest.param((0.0, 0.05), 0.0, id="all below"),
        pytest.param((0.9, 0.0), 0.5, id="half and half"),
    ],
)
def test_area_under_the_curve(positives: tuple[float, ...], auc: float) -> None:
    assert separation(scores(*positives), scores(0.1, 0.2)).auc == auc


def test_a_face_not_found_is_an_error_of_a_same_pair_and_none_of_a_different_pair() -> None:
    cosines = np.array([0.8, 0.7, -1.0, 0.1, 0.0, -1.0] * 2)
    same = np.array([True, True, True, False, False, False] * 2)
    folds = np.repeat([1, 2], 6)
    assert fold_accuracies(cosines, same, folds) == pytest.approx({"1": 5 / 6, "2": 5 / 6})


def test_a_fold_is_judged_by_the_threshold_of_the_others() -> None:
    """Fold 2 would be perfect at its own threshold of 0.2; the threshold of fold 1 lies above both its pairs."""
    cosines, same = np.array([0.9, 0.7, 0.3, 0.1]), np.array([True, False, True, False])
    assert fold_accuracies(cosines, same, np.array([1, 1, 2, 2]))["2"] == 0.5


def test_the_best_threshold_lies_in_the_gap() -> None:
    threshold = best_threshold(np.array([0.1, 0.2, 0.6, 0.7]), np.array([False, False, True, True]))
    assert 0.2 < threshold < 0.6


def test_pairs_keep_their_official_fold(tmp_path: Path) -> None:
    listing = tmp_path / "pairs.csv"
    listing.write_text("file_a,file_b,same,lfw_fold\na/1.jpg,a/2.jpg,1,3\na/1.jpg,b/1.jpg,0,4\n", encoding="utf-8")
    assert [(pair.same, pair.fold) for pair in read_pairs(listing)] == [(True, 3), (False, 4)]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param("a,b,same,lfw_fold\nx/1.jpg,y/1.jpg,0,1\n", id="another head"),
        pytest.param("file_a,file_b,same,lfw_fold\nx/1.jpg,y/1.jpg,0,first\n", id="a fold that is no number"),
    ],
)
def test_a_list_that_holds_no_pairs_is_named(rows: str, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"pairs\.csv' isn't a list of pairs"):
        read_pairs(tmp_path / "pairs.csv")


def test_columns_may_come_in_any_order_and_without_a_list_there_are_no_pairs(tmp_path: Path) -> None:
    listing = tmp_path / "pairs.csv"
    assert read_pairs(listing) == []
    listing.write_text("lfw_fold,same,file_b,note,file_a\n2,1,b.jpg,,a.jpg\n", encoding="utf-8")
    assert read_pairs(listing) == [Pair("a.jpg", "b.jpg", same=True, fold=2)]


def test_a_line_that_is_no_box_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("0 a b c d\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"no boxes in .*a\.txt"):
        labelled_boxes(path, (200, 100))


def test_pictures_of_every_format_count_and_broken_ones_are_named_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("b.png", "a.JPG"):
        cv2.imwrite(str(tmp_path / name), np.full((64, 64, 3), 90, np.uint8))
    for name, content in (("broken.jpg", b"text"), ("empty.jpg", b""), ("notes.txt", b"a note")):
        (tmp_path / name).write_bytes(content)
    for _ in range(2):
        assert [path.name for path in pictures_in(tmp_path)] == ["a.JPG", "b.png"]
    told = capsys.readouterr().err
    assert (told.count("broken.jpg"), told.count("empty.jpg"), told.count("notes.txt")) == (1, 1, 0)


def test_labelled_boxes_are_read_in_pixels_and_a_missing_file_means_none(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("1 0.5 0.5 0.1 0.2\n2 0.2 0.2 0.1 0.1\n\n", encoding="utf-8")
    assert labelled_boxes(path, (200, 100)) == pytest.approx(np.array([[90, 40, 110, 60], [30, 15, 50, 25]]))
    assert labelled_boxes(tmp_path / "b.txt", (200, 100)).shape == (0, 4)


def test_a_labelled_vehicle_is_hit_once_by_the_best_box() -> None:
    labelled = np.array([[0, 0, 10, 10], [50, 50, 60, 60]], np.float32)
    boxes = np.array([[0, 0, 10, 9], [0, 0, 10, 10], [80, 80, 90, 90]], np.float32)
    assert hits(boxes, labelled, min_iou=0.5).tolist() == [True, False, False]
    assert hits(boxes, labelled[:0], min_iou=0.5).tolist() == [False, False, False]


@pytest.mark.parametrize(
    ("hit", "precision"),
    [([True, True], 1.0), ([False, True], 0.25), ([False, False], 0.0)],
    ids=["all found and nothing else", "half of them, after a false one", "none"],
)
def test_average_precision_is_the_area_under_precision_by_recall(hit: list[bool], precision: float) -> None:
    assert average_precision(np.array([0.9, 0.8]), np.array(hit), positives=2) == pytest.approx(precision)


def test_precision_is_told_at_the_recall_that_so_many_finds_reach() -> None:
    told = precision_by_recall(np.array([0.9, 0.1, 0.5]), np.array([True, True, False]), positives=4)
    assert told == [(0.25, 1.0), (0.25, 0.5), (0.5, pytest.approx(2 / 3, abs=1e-4))]
    assert precision_by_recall(np.zeros(0), np.zeros(0, bool), positives=4) == []


def test_agreement_tells_rank_from_bias() -> None:
    figures = agreement(np.array([1, 2, 3]), np.array([2, 4, 9]))
    assert figures["spearman"] == pytest.approx(1)
    assert figures["counted_minus_labelled"] == pytest.approx(-3)
    assert figures["mean_absolute_error"] == pytest.approx(3)


@pytest.mark.parametrize(("limit", "kept"), [(None, 10), (20, 10), (2, 2)], ids=["no limit", "above", "below"])
def test_a_limit_spreads_over_the_whole_list(limit: int | None, kept: int) -> None:
    chosen = limited(list(range(10)), limit)
    assert len(chosen) == kept
    assert (chosen[0], chosen[-1]) == (0, 9)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--data", "nowhere"], "nothing to judge in 'nowhere'", id="a folder that isn't there"),
        pytest.param(["--data", ".", "--parts", "scenes,dogs"], "no such part: 'dogs'", id="a part that isn't one"),
    ],
)
def test_what_is_typed_wrong_gets_one_line_and_exit_code_2(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_the_last_line_is_json_and_what_is_missing_or_broken_is_named(tmp_path: Path, models_dir: Path) -> None:
    for label in ("normal", "flood"):
        folder = tmp_path / "scenes" / label
        folder.mkdir(parents=True)
        for shade in (60, 200):
            cv2.imwrite(str(folder / f"{shade}.jpg"), np.full((64, 64, 3), shade, np.uint8))
    (tmp_path / "scenes" / "normal" / "broken.jpg").write_bytes(b"not a picture")
    (tmp_path / "vehicles" / "images").mkdir(parents=True)
    result = CliRunner().invoke(app, ["--data", str(tmp_path), "--models", str(models_dir)])
    assert result.exit_code == 0
    assert "faces: no faces/lfw in the folder" in result.stderr
    assert "broken.jpg" in result.stderr
    assert "vehicles: no labelled picture" in result.stderr
    assert result.stdout.splitlines()[-1].startswith('{"bench": "accuracy", "scenes": {')
