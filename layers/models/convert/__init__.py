"""From a package's model files to ONNX: one converter a module, each with `convert(*members: bytes) -> ModelProto`.

Written with `onnx.helper` alone, because setting matpho up must not install a deep-learning framework (gigabytes).
A converter is looked up by its module name, so that a set-up with nothing to do never pays for importing onnx.
"""

from importlib import import_module


def convert(converter: str, members: list[bytes]) -> bytes:
    """Run the named converter on the members, in the manifest's order, and return a checked, serialised ONNX."""
    model = import_module(f"{__name__}.{converter}").convert(*members)
    import_module("onnx").checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))
