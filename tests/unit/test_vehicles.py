"""Vehicles are found where they are, in any shape of picture, and fill the road by the area they cover."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.domain.city import PolygonRel
from chalicelib.domain.observations import BoxXyxy, Detection
from chalicelib.vision.boxes import iou_xyxy
from chalicelib.vision.sessions import Model, ModelSpec, load_model
from chalicelib.vision.vehicles import VEHICLES, VehicleDetector, read_traffic

Image = NDArray[np.uint8]
Float32 = NDArray[np.float32]
LABELS = ("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck")
SPEC = ModelSpec("vehicle_detector", "v.onnx", "5ha", (416, 416), "bgr", (0, 0, 0), (1, 1, 1), LABELS)
WHOLE: PolygonRel = ((0, 0), (1, 0), (1, 1), (0, 1))


class FakeSession:
    """A network that sees given things: (label, score, cell column, cell row), their sides 2, 1, 2 and 3 bins off."""

    def __init__(self, *things: tuple[str, float, int, int], stride_px: int = 16) -> None:
        self.things, self.stride_px = things, stride_px
        self.batches: list[Float32] = []

    def get_inputs(self) -> list["FakeSession"]:
        return [self]

    name, type = "image", "tensor(float)"

    def run(self, _outputs: None, feeds: dict[str, Float32]) -> list[Float32]:
        (batch,) = feeds.values()
        self.batches.append(batch)
        height, width = batch.shape[2:]
        cells = [(height // stride) * (width // stride) for stride in (8, 16, 32)]
        classes = [np.zeros((1, n, len(LABELS)), np.float32) for n in cells]
        bins = [np.zeros((1, n, 4, 11), np.float32) for n in cells]
        level = (8, 16, 32).index(self.stride_px)
        for label, score, column, row in self.things:
            cell = row * (width // self.stride_px) + column
            classes[level][0, cell, LABELS.index(label)] = score
            bins[level][0, cell, range(4), (2, 1, 2, 3)] = 50
        return classes + [level_bins.reshape(1, -1, 44) for level_bins in bins]


def detector(session: FakeSession, *, min_score: float = 0.27) -> VehicleDetector:
    return VehicleDetector(Model(SPEC, session), min_score=min_score)


def black(width: int, height: int) -> Image:
    return np.zeros((height, width, 3), np.uint8)


def boxes(detections: Sequence[Detection]) -> Float32:
    return np.array([detection.box_xyxy for detection in detections], np.float32).reshape(-1, 4)


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(416, 416, 1), (832, 832, 2), (832, 416, 2), (208, 208, 0.5), (1920, 1080, 1920 / 416)],
    ids=["as it is", "twice as large", "wide", "half as large", "1080p"],
)
def test_a_cell_and_its_distances_become_a_box_of_the_picture(width: int, height: int, scale: float) -> None:
    (found,) = detector(FakeSession(("car", 0.8, 5, 3))).detect(black(width, height))
    centre_x, centre_y = 5.5 * 16, 3.5 * 16
    expected = np.array([centre_x - 32, centre_y - 16, centre_x + 32, centre_y + 48]) * scale
    assert found.label == "car"
    assert found.score == pytest.approx(0.8)
    assert found.box_xyxy == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("stride_px", [8, 16, 32])
def test_every_stride_is_read(stride_px: int) -> None:
    (found,) = detector(FakeSession(("bus", 0.5, 4, 4), stride_px=stride_px)).detect(black(416, 416))
    assert found.box_xyxy == pytest.approx(np.array([2.5, 3.5, 6.5, 7.5]) * stride_px)


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [(1920, 1080, (256, 416)), (640, 640, (416, 416)), (300, 900, (416, 160)), (900, 33, (32, 416))],
)
def test_only_as_much_as_the_picture_needs_is_computed(width: int, height: int, shape: tuple[int, int]) -> None:
    session = FakeSession()
    assert detector(session).detect(np.full((height, width, 3), 77, np.uint8)) == ()
    assert session.batches[0].shape == (1, 3, *shape)
    assert session.batches[0][0, :, 0, 0].tolist() == [77, 77, 77]


SIGHTS = {
    "a car below the limit is none": ((("car", 0.26, 5, 5),), []),
    "an airplane is not for us": ((("airplane", 0.9, 5, 5),), []),
    "a car and a truck in one place are the better one": (
        (("car", 0.5, 5, 5), ("truck", 0.6, 6, 5)),
        ["truck"],
    ),
    "a person on a motorcycle are two": (
        (("motorcycle", 0.5, 5, 5), ("person", 0.4, 5, 6)),
        ["motorcycle", "person"],
    ),
    "two cars apart are two, best first": ((("car", 0.5, 5, 5), ("car", 0.7, 15, 5)), ["car", "car"]),
}


@pytest.mark.parametrize(("things", "labels"), SIGHTS.values(), ids=SIGHTS.keys())
def test_what_counts_as_one_thing(things: tuple[tuple[str, float, int, int], ...], labels: list[str]) -> None:
    found = detector(FakeSession(*things)).detect(black(416, 416))
    assert [detection.label for detection in found] == labels
    assert [d.score for d in found] == sorted((d.score for d in found), reverse=True)


def test_boxes_stay_inside_the_picture() -> None:
    (found,) = detector(FakeSession(("car", 0.8, 0, 0))).detect(black(416, 416))
    assert found.box_xyxy == pytest.approx((0, 0, 40, 56))


def seen(label: str, box_xyxy: BoxXyxy) -> Detection:
    return Detection(label, 0.9, box_xyxy)


LEFT_HALF: PolygonRel = ((0, 0), (0.5, 0), (0.5, 1), (0, 1))
TRIANGLE: PolygonRel = ((0, 1), (1, 1), (1, 0))
ROADS = {
    "nothing on it": ([], WHOLE, 0.0),
    "a bus over a quarter": ([seen("bus", (0, 0, 400, 200))], WHOLE, 0.25),
    "two boxes count once where they overlap": (
        [seen("car", (0, 0, 400, 200)), seen("truck", (200, 0, 600, 200))],
        WHOLE,
        0.375,
    ),
    "people cover no road": ([seen("person", (0, 0, 800, 400))], WHOLE, 0.0),
    "a vehicle beside the zone": ([seen("car", (500, 0, 700, 400))], LEFT_HALF, 0.0),
    "a vehicle half in the zone": ([seen("car", (300, 0, 500, 400))], LEFT_HALF, 0.25),
    "a slanting zone": ([seen("bus", (400, 200, 800, 400))], TRIANGLE, 0.5),
    "a zone full of motorcycles": ([seen("motorcycle", (x, 0, x + 20, 400)) for x in range(0, 800, 20)], WHOLE, 1.0),
    "a box beyond the picture": ([seen("car", (-50, -50, 900, 900))], LEFT_HALF, 1.0),
    "a zone without area": ([seen("car", (0, 0, 800, 400))], ((0.5, 0.5), (0.5, 0.5), (0.5, 0.5)), 1.0),
}


@pytest.mark.parametrize(("detections", "zone", "occupancy"), ROADS.values(), ids=ROADS.keys())
def test_occupancy_is_the_share_of_the_zone_under_vehicles(
    detections: list[Detection], zone: PolygonRel, occupancy: float
) -> None:
    reading = read_traffic(detections, image_wh=(800, 400), road_zone_rel=zone)
    assert reading.occupancy == pytest.approx(occupancy, abs=0.01)


def test_counts_are_by_label_and_of_the_whole_picture() -> None:
    things = [seen(label, (0, 0, 9, 9)) for label in ("car", "person", "car", "bus")]
    reading = read_traffic(things, image_wh=(800, 400), road_zone_rel=LEFT_HALF)
    assert reading.counts == {"car": 2, "person": 1, "bus": 1}


@pytest.fixture(scope="session")
def real_detector(models_dir: Path) -> VehicleDetector:
    return VehicleDetector(load_model(models_dir, "vehicle_detector"))


def test_the_digest_is_that_of_the_model(real_detector: VehicleDetector, models_dir: Path) -> None:
    assert real_detector.digests == {"vehicle_detector": load_model(models_dir, "vehicle_detector").digest}


def test_an_empty_road_has_no_vehicles(real_detector: VehicleDetector) -> None:
    grey = np.full((360, 640, 3), 120, np.uint8)
    assert real_detector.detect(grey) == ()


def test_found_vehicles_lie_on_labelled_ones(real_detector: VehicleDetector, dev_data: Path) -> None:
    """A decoder off by half a cell, or BGR fed as RGB, loses a fifth of these."""
    hits = total = 0
    for path in sorted(dev_data.glob("vehicles/images/*.jpg"))[::12]:
        image = np.asarray(cv2.imread(str(path)), np.uint8)
        labelled = labelled_boxes(dev_data / "vehicles" / "labels" / f"{path.stem}.txt", image.shape[1], image.shape[0])
        found = boxes([detection for detection in real_detector.detect(image) if detection.label in VEHICLES])
        hits += int((iou_xyxy(labelled, found).max(axis=1, initial=0) > 0.5).sum())
        total += len(labelled)
    assert hits / total > 0.55


def labelled_boxes(path: Path, width: int, height: int) -> Float32:
    rows = np.array([line.split()[1:] for line in path.read_text().splitlines()], np.float32).reshape(-1, 4)
    corners = np.concatenate([rows[:, :2] - rows[:, 2:] / 2, rows[:, :2] + rows[:, 2:] / 2], axis=1)
    return np.asarray(corners * np.array([width, height] * 2, np.float32), np.float32)
