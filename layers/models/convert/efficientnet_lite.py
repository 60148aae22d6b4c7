"""EfficientNet-Lite0's weights as an ONNX feature extractor, batch-norm folded into the convolutions.

Kernel sizes, groups, expansions and shortcuts are read off the weights; only the strides have to be known.
The classifier is left out. Source of the architecture: Tan & Le 2019 (arXiv 1905.11946) and the Lite variant's
model card: no squeeze-and-excite, ReLU6, TensorFlow's "same" padding.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from layers.models.convert.efficientnet_lite_int8 import quantise
from layers.models.convert.graph import DYNAMIC_NCHW, Graph
from layers.models.convert.torch_legacy import read_state_dict

_STEM_STRIDE = 2
_BLOCK_STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)
_LAST_HALVING = 11
"""The block that halves the map for the last time; what it widens first tells surfaces apart, at twice the detail."""
_BATCH_NORM_EPSILON = 1e-3
_RELU6 = (np.float32(0), np.float32(6))


def convert(state_dict_pth: bytes) -> onnx.ModelProto:
    """Return nearly the same function as `convert_exactly`, its layers in 8 bits, of a picture in bytes."""
    model = convert_exactly(state_dict_pth)
    quantise(model.graph)
    return model


def convert_exactly(state_dict_pth: bytes) -> onnx.ModelProto:
    """Build a network with `features` (N,1280), `feature_map` (N,1280,H/32,W/32) and `textures` (N,672,H/16,W/16)."""
    encoder = _Encoder(Graph(), read_state_dict(state_dict_pth))
    x = encoder.convolve("image", "_conv_stem", "_bn0", stride=_STEM_STRIDE)
    for index, stride in enumerate(_BLOCK_STRIDES):
        widened = "textures" if index == _LAST_HALVING else ""
        x = encoder.block(x, f"_blocks.{index}", stride=stride, widened=widened)
    x = encoder.convolve(x, "_conv_head", "_bn1", to="feature_map")
    pooled = encoder.graph.add("GlobalAveragePool", x)
    encoder.graph.add("Flatten", pooled, to="features")
    return encoder.graph.model(
        "efficientnet_lite0",
        image_shape=DYNAMIC_NCHW,
        outputs={
            "features": ("batch", 1280),
            "feature_map": ("batch", 1280, "rows", "columns"),
            "textures": ("batch", 672, "finer_rows", "finer_columns"),
        },
    )


@dataclass(frozen=True, slots=True)
class _Encoder:
    """Writes layers by the names their weights have in the state dict."""

    graph: Graph
    weights: dict[str, NDArray[Any]]

    def block(self, x: str, name: str, *, stride: int, widened: str = "") -> str:
        """Write one inverted residual block: expand, depthwise, project, and a shortcut where shapes allow.

        `widened` names what the expansion yields, for those who read it as well.
        """
        y = x
        if f"{name}._expand_conv.weight" in self.weights:
            y = self.convolve(y, f"{name}._expand_conv", f"{name}._bn0", to=widened)
        y = self.convolve(y, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride)
        if not self._has_shortcut(name, stride):
            return self.convolve(y, f"{name}._project_conv", f"{name}._bn2", relu6=False)
        return self.graph.add("Add", self.convolve(y, f"{name}._project_conv", f"{name}._bn2", relu6=False), x)

    def convolve(self, x: str, conv: str, norm: str, *, stride: int = 1, relu6: bool = True, to: str = "") -> str:
        """Write a convolution with its batch-norm folded in, and its activation."""
        weight, bias = self._folded(conv, norm)
        kernel_hw = weight.shape[2:]
        y = self.graph.add(
            "Conv",
            x,
            self.graph.constant(weight),
            self.graph.constant(bias),
            kernel_shape=kernel_hw,
            strides=(stride, stride),
            group=weight.shape[0] if conv.endswith("_depthwise_conv") else 1,
            auto_pad="SAME_UPPER",
        )
        return self.graph.add("Clip", y, *map(self.graph.constant, _RELU6), to=to) if relu6 else y

    def _folded(self, conv: str, norm: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        scale = self.weights[f"{norm}.weight"] / np.sqrt(self.weights[f"{norm}.running_var"] + _BATCH_NORM_EPSILON)
        bias = self.weights[f"{norm}.bias"] - self.weights[f"{norm}.running_mean"] * scale
        weight = self.weights[f"{conv}.weight"] * scale[:, None, None, None]
        return weight.astype(np.float32), bias.astype(np.float32)

    def _has_shortcut(self, name: str, stride: int) -> bool:
        first = "_expand_conv" if f"{name}._expand_conv.weight" in self.weights else "_depthwise_conv"
        channels_in = self.weights[f"{name}.{first}.weight"].shape[1 if first == "_expand_conv" else 0]
        return stride == 1 and bool(channels_in == self.weights[f"{name}._project_conv.weight"].shape[0])
