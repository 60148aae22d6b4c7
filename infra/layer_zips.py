"""Where `make layers` left the layers that the template attaches."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".layers"
INDEX = FOLDER / "layers.json"

LAYERS = {"RuntimeLayer": "runtime", "VisionLayer": "vision", "ModelsLayer": "models"}
"""Names in the index by logical id in infra/layers.yaml."""


def require_layers(index: Path = INDEX) -> dict[str, Path]:
    """The layers' zips by logical id; raises FileNotFoundError when they were not built."""
    if not index.is_file():
        raise FileNotFoundError(f"no layers in {str(index)!r}: `make layers` builds them")
    zips = {one["name"]: index.parent / one["zip"] for one in json.loads(index.read_text(encoding="utf-8"))["layers"]}
    return {logical_id: zips[name] for logical_id, name in LAYERS.items()}
