"""A network as it was published, in floats, that answers with any of its inner values."""

from collections.abc import Callable, Collection
from dataclasses import replace

import onnx
import onnxruntime as ort

from chalicelib.vision.sessions import Model, ModelSpec
from layers.models.convert import efficientnet_lite_int8, nanodet_int8
from layers.models.fetch import fetch
from layers.models.manifest import parse_manifest
from layers.models.state import MANIFEST, read_manifest

_SCALES = {
    "scene_encoder": ((efficientnet_lite_int8.PIXEL_MEAN,) * 3, (efficientnet_lite_int8.PIXEL_STD,) * 3),
    "vehicle_detector": (nanodet_int8.PIXEL_MEAN, nanodet_int8.PIXEL_STD),
}
"""What the exact networks are given; those that ship take bytes and scale them themselves."""


def published(job: str, make: Callable[..., onnx.ModelProto]) -> onnx.ModelProto:
    """Make a network of the job's package."""
    source = parse_manifest(read_manifest(MANIFEST))[job].source
    members = fetch(source)
    return make(*(members[name] for name in source.members))


def revealing(network: onnx.ModelProto, spec: ModelSpec, names: Collection[str]) -> Model:
    """The network, which answers with these values alone, in this order."""
    del network.graph.output[:]
    network.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    mean, std = _SCALES[spec.job]
    session = ort.InferenceSession(network.SerializeToString(), providers=["CPUExecutionProvider"])
    return Model(replace(spec, mean=mean, std=std), session)
