"""The converted models answer what their original runtimes answered; recorded under tests/data/parity, with how."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.vision.sessions import Model, load_model
from layers.models.convert.nanodet_classes import STREET_CLASSES
from tests.data.parity.pictures import synthetic_bgr

RECORDED = Path(__file__).parent.parent / "data/parity"


def recorded(job: str) -> dict[str, NDArray[Any]]:
    with np.load(RECORDED / f"{job}.npz") as arrays:
        return dict(arrays)


def flat(outputs: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.concatenate([output.ravel() for output in outputs])


def two_faces(embedder: Model) -> NDArray[np.float32]:
    picture = synthetic_bgr(112)
    return np.concatenate([embedder.blob(picture), embedder.blob(np.ascontiguousarray(picture[::-1]))])


def test_the_scene_encoder_answers_nearly_as_torch_did(models_dir: Path) -> None:
    """Its layers are in 8 bits, which turns the features of streets by 9°, of this noise by 21°."""
    encoder = load_model(models_dir, "scene_encoder")
    features, feature_map, _textures = encoder.run(encoder.blob(synthetic_bgr(224)))
    expected = recorded("scene_encoder")
    assert cosine(features.ravel(), expected["features"].ravel()) > 0.92
    assert cosine(feature_map.ravel()[::17], expected["feature_map"]) > 0.85


def cosine(values: NDArray[np.float32], expected: NDArray[Any]) -> float:
    return float(values @ expected / np.linalg.norm(values) / np.linalg.norm(expected))


def test_the_vehicle_detector_answers_nearly_as_tensorflow_js_did(models_dir: Path) -> None:
    """In 8 bits and with fewer channels, which tell this noise, unlike any street, a little less than all of them."""
    detector = load_model(models_dir, "vehicle_detector")
    *scores, fine, middle, coarse = detector.run(detector.blob(synthetic_bgr(416)))
    found = flat([*map(among_all_classes, scores), fine, middle, coarse])[::97]
    kept = ~np.isnan(found)
    found, expected = found[kept], recorded("vehicle_detector")["values"][kept]
    assert np.corrcoef(found, expected)[0, 1] > 0.95
    assert np.abs(found - expected).mean() < 0.2 * expected.std()


def among_all_classes(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores (1, cells, 6) in their columns of COCO's eighty, the others unknown."""
    of_all = np.full((*scores.shape[:2], 80), np.nan, np.float32)
    of_all[..., STREET_CLASSES] = scores
    return of_all


@pytest.mark.parametrize(("shape", "height_px"), [("square", 640), ("wide", 384)])
def test_the_face_detector_answers_as_opencv_did_at_any_shape(models_dir: Path, shape: str, height_px: int) -> None:
    detector = load_model(models_dir, "face_detector")
    outputs = flat(detector.run(detector.blob(synthetic_bgr(640)[:height_px])))
    np.testing.assert_allclose(outputs[::97], recorded("face_detector")[shape], atol=2e-4)


def test_the_face_embedder_answers_nearly_as_opencv_did_for_several_faces_in_one_batch(models_dir: Path) -> None:
    """Most of its weights are in 8 bits: on this noise, unlike any face, it turns a template by 17°."""
    embedder = load_model(models_dir, "face_embedder")
    (embeddings,) = embedder.run(two_faces(embedder))
    expected = recorded("face_embedder")["embeddings"]
    lengths = np.linalg.norm(embeddings, axis=1) * np.linalg.norm(expected, axis=1)
    assert ((embeddings * expected).sum(axis=1) / lengths > 0.94).all()


@pytest.mark.parametrize("job", ["face_detector", "vehicle_detector", "scene_encoder"])
def test_a_batch_answers_as_its_pictures_one_by_one(models_dir: Path, job: str) -> None:
    model = load_model(models_dir, job)
    batch = np.concatenate([model.blob(synthetic_bgr(160)[:96]), model.blob(synthetic_bgr(192)[:96, :160])])
    together = model.run(batch)
    apart = [model.run(batch[i : i + 1]) for i in range(2)]
    for both, *singles in zip(together, *apart, strict=True):
        np.testing.assert_allclose(both, np.concatenate(singles), atol=1e-4)


def test_the_encoders_features_are_the_mean_of_its_map_at_any_shape(models_dir: Path) -> None:
    encoder = load_model(models_dir, "scene_encoder")
    features, feature_map, textures = encoder.run(encoder.blob(synthetic_bgr(448)[:256]))
    assert (feature_map.shape, textures.shape) == ((1, 1280, 8, 14), (1, 672, 16, 28))
    np.testing.assert_allclose(features, feature_map.mean(axis=(2, 3)), atol=1e-5)
