"""SFace 2021dec, tidied for onnxruntime: weights are constants, not inputs, and several faces run in one batch."""

import onnx

from layers.models.convert.shapes import free_axes


def convert(model_onnx: bytes) -> onnx.ModelProto:
    """Return the same network, its batch free and its weights out of the inputs, so that onnxruntime may fold them."""
    model = onnx.load_model_from_string(model_onnx)
    weights = {tensor.name for tensor in model.graph.initializer}
    images = [value for value in model.graph.input if value.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(images)
    free_axes(model, image_shape=("batch", 3, 112, 112))
    return model
