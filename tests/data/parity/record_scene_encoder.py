"""Record what torch answers for the scene encoder, as `scene_encoder.npz`; run by hand, never by the tests.

In a virtual environment of its own: pip install torch==2.13.0 numpy efficientnet-lite-pytorch==0.1.0
Then, from the project's folder:   python -m tests.data.parity.record_scene_encoder EFFICIENTNET_LITE0.pth
"""

import sys
from pathlib import Path

import numpy as np
import torch  # type: ignore[import-not-found]
from efficientnet_lite_pytorch import EfficientNet  # type: ignore[import-not-found]

from tests.data.parity.pictures import synthetic_bgr


def main(state_dict_pth: str) -> None:
    """Run the package's own network on the synthetic picture and keep every so-many-th value of its maps."""
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(state_dict_pth))
    network.eval()
    rgb = synthetic_bgr(224)[..., ::-1].astype(np.float32)
    image = torch.from_numpy(((rgb - 127) / 128).transpose(2, 0, 1)[None].copy())
    with torch.no_grad():
        feature_map = network.extract_features(image)
    np.savez_compressed(
        Path(__file__).with_name("scene_encoder.npz"),
        features=feature_map.mean(dim=(2, 3)).numpy(),
        feature_map=feature_map.numpy().ravel()[::17],
    )


main(sys.argv[1])
