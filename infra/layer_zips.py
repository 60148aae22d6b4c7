"""Where `make layers` left the layers that the template attaches, by the index that it writes."""

import json
from pathlib import Path

INDEX = Path(__file__).parent.parent / ".layers" / "layers.json"

ARCHITECTURE = "x86_64"
"""What .chalice/config.json leaves the functions at."""

LAYERS = {"RuntimeLayer": "runtime", "VisionLayer": "vision", "ModelsLayer": "models", "IdentityLayer": "identity"}
"""Names in the index by logical id in infra/layers.yaml."""


def require_layers(index: Path = INDEX) -> dict[str, Path]:
    """The layers' zips by logical id; raises FileNotFoundError when they were not built."""
    if not index.is_file():
        raise FileNotFoundError(f"no layers in {str(index.parent)!r}: `make layers` builds them")
    built = json.loads(index.read_text(encoding="utf-8"))["layers"]
    zips = {one["name"]: index.parent / one["zip"] for one in built if ARCHITECTURE in one["architectures"]}
    if missing := set(LAYERS.values()) - zips.keys():
        raise FileNotFoundError(f"no layer {sorted(missing)!r} for {ARCHITECTURE}: `make layers` builds them")
    return {logical_id: zips[name] for logical_id, name in LAYERS.items()}
