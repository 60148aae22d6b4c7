"""YuNet 2023mar, freed of the 640 px square it was exported for: faces are looked for at the frame's own shape."""

import onnx

from layers.models.convert.graph import DYNAMIC_NCHW
from layers.models.convert.shapes import free_axes, free_batch_of_reshapes


def convert(model_onnx: bytes) -> onnx.ModelProto:
    """Return the same network for any batch, and any height and width that are multiples of 32."""
    model = onnx.load_model_from_string(model_onnx)
    free_batch_of_reshapes(model)
    free_axes(model, image_shape=DYNAMIC_NCHW)
    return model
