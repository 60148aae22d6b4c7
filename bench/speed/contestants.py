"""Who races, under which interpreter, with which weights."""

import sys
from pathlib import Path

from bench.speed.race import ROOT, Contestant
from layers.models.fetch import fetch
from layers.models.manifest import PackageSource, parse_manifest
from layers.models.state import MANIFEST, read_manifest, write

OURS = "matpho"
PEERS = ROOT / ".bench-venv" / "bin" / "python"
HERE = Path(sys.executable)


def face_contestants(models: Path, published: Path) -> list[Contestant]:
    """Ours, OpenCV on the same weights in both its lines at both looks, and two that people reach for."""
    return [
        Contestant(OURS, "matpho_faces", HERE, models),
        Contestant("OpenCV 4, 640 px", "opencv_faces", HERE, published),
        Contestant("OpenCV 5, 640 px", "opencv_faces", PEERS, published),
        Contestant("OpenCV 4, whole", "opencv_faces_whole", HERE, published),
        Contestant("OpenCV 5, whole", "opencv_faces_whole", PEERS, published),
        Contestant("face_recognition", "dlib_faces", PEERS),
        Contestant("MTCNN, finds only", "mtcnn_faces", PEERS),
    ]


def search_contestants() -> list[Contestant]:
    return [
        Contestant(OURS, "matpho_search", HERE),
        Contestant("faiss flat", "faiss_search", PEERS),
        Contestant("usearch exact", "usearch_search", PEERS),
    ]


def require_published(folder: Path) -> None:
    """Have the two face models as OpenCV publishes them, which its own classes want; raises ModelError."""
    manifest = parse_manifest(read_manifest(MANIFEST))
    for job in ("face_detector", "face_embedder"):
        file = folder / f"{job}.onnx"
        if not file.exists():
            source = manifest[job].source
            if not isinstance(source, PackageSource):
                raise TypeError(f"{job!r} comes from no package, so OpenCV can't be given the same")
            (content,) = fetch(source).values()
            folder.mkdir(parents=True, exist_ok=True)
            write(file, content)
