"""`python -m bench.face_path --data DIR`: from a frame to templates, against OpenCV's own on the same weights.

Frames of 1280×720 are made in memory: street pictures with photographs of LFW set into them. One thread each, faces
found at the same width. OpenCV's 4.x and 5.x don't fit into one interpreter: `--peer PYTHON` names another one that has
the other version. Prints medians of processor time, and one JSON object as the last line.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bench.accuracy.pictures import limited, picture_at
from bench.opencv_faces import Frame, timed
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_quality import assess_face, refusal
from chalicelib.vision.sessions import load_model
from layers.models.fetch import fetch
from layers.models.manifest import parse_manifest
from layers.models.state import MANIFEST, read_manifest

FRAME_WH = (1280, 720)
FACES = (0, 1, 3)
FRAMES = 8
_console = Console(stderr=True)


def main(
    data: Annotated[Path, typer.Option(help="a folder with scenes/normal and faces/lfw")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    peer: Annotated[list[str] | None, typer.Option(help="an interpreter with another OpenCV")] = None,
) -> None:
    """Time both ways with no face, one and three in the frame."""
    cv2.setNumThreads(1)
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        weights = _published(Path(scratch))
        for faces in FACES:
            frames = compose(data, faces)
            np.save(Path(scratch) / "frames.npy", np.stack(frames))
            results[str(faces)] = {"matpho": _ours(models, frames)} | {
                f"opencv {version}": seconds
                for python in [sys.executable, *(peer or [])]
                for version, seconds in [_theirs(python, weights, Path(scratch) / "frames.npy")]
            }
    _show(results)
    print(json.dumps({"bench": "face_path", "median_ms_by_faces": results}))


def compose(data: Path, faces: int) -> list[Frame]:
    """Street pictures with so many photographs of faces side by side, 100 to 160 px each."""
    streets = limited(sorted((data / "scenes/normal").glob("*.jpg")), FRAMES)
    portraits = iter(limited(sorted((data / "faces/lfw").glob("*/*.jpg")), FRAMES * max(faces, 1)))
    rng = np.random.default_rng(3)
    frames = []
    for street in streets:
        frame = cv2.resize(picture_at(street), FRAME_WH, interpolation=cv2.INTER_AREA)
        for place in range(faces):
            side = int(rng.integers(100, 160))
            x, y = 40 + place * FRAME_WH[0] // faces, int(rng.integers(0, FRAME_WH[1] - side))
            portrait = cv2.resize(picture_at(next(portraits)), (side, side), interpolation=cv2.INTER_AREA)
            frame[y : y + side, x : x + side] = portrait
        frames.append(np.asarray(frame, np.uint8))
    return frames


def _ours(models: Path, frames: list[Frame]) -> float:
    detector = FaceDetector(load_model(models, "face_detector"))
    embedder = FaceEmbedder(load_model(models, "face_embedder"))

    def look(frame_bgr: Frame) -> None:
        faces = detector.detect(frame_bgr)
        embedder.embed(frame_bgr, [face for face in faces if refusal(assess_face(frame_bgr, face)) is None])

    return _median_ms(timed(look, frames))


def _theirs(python: str, weights: list[str], frames: Path) -> tuple[str, float]:
    script = Path(__file__).with_name("opencv_faces.py")
    done = subprocess.run([python, str(script), *weights, str(frames)], capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout.splitlines()[-1])
    return measured["version"], _median_ms(measured["seconds"])


def _published(folder: Path) -> list[str]:
    """YuNet and SFace as they are published, which OpenCV's classes are written for."""
    manifest = parse_manifest(read_manifest(MANIFEST))
    files = []
    for job in ("face_detector", "face_embedder"):
        (content,) = fetch(manifest[job].source).values()
        (folder / f"{job}.onnx").write_bytes(content)
        files.append(str(folder / f"{job}.onnx"))
    return files


def _median_ms(seconds: list[float]) -> float:
    return round(float(np.median(seconds)) * 1e3, 1)


def _show(results: dict[str, Any]) -> None:
    table = Table(
        "faces in the frame", *results["0"], "faster than the best peer", title="processor ms a frame, median"
    )
    for faces, row in results.items():
        best = min(time for name, time in row.items() if name != "matpho")
        table.add_row(faces, *(f"{time:.1f}" for time in row.values()), f"{best / row['matpho']:.2f} ×")
    _console.print(table)


if __name__ == "__main__":
    typer.run(main)
