"""Read a state dict from torch's legacy serialisation (before the zip format of torch 1.6) with numpy alone.

The file is a run of pickles (magic, version, system, the state dict, the storage keys), then for each key an int64
count and the raw little-endian values. Only four names may be unpickled, so that a tampered file cannot run code.
"""

import io
import pickle
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = tuple[int, ...]

_MAGIC = 0x1950A86A20F9469CFC6C
_DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


def read_state_dict(data: bytes) -> dict[str, NDArray[Any]]:
    """Return every tensor of the state dict by name; raises `pickle.UnpicklingError` on anything but plain tensors."""
    stream = io.BytesIO(data)
    magic, _version, _system, tensors, keys = (_Unpickler(stream).load() for _ in range(5))
    if magic != _MAGIC:
        raise pickle.UnpicklingError(f"not a legacy torch file: magic {magic!r}")
    dtypes = {tensor.storage.key: tensor.storage.dtype for tensor in tensors.values()}
    storages = {key: _read_storage(stream, dtypes[key]) for key in keys}
    return {name: tensor.of(storages[tensor.storage.key]) for name, tensor in tensors.items()}


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    dtype: np.dtype[Any]


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: Ints
    strides: Ints

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """View a storage through this tensor's strides; numpy refuses strides that leave the buffer."""
        size = values.itemsize
        strides = [step * size for step in self.strides]
        return np.ndarray(self.shape, values.dtype, buffer=values, offset=self.offset * size, strides=strides)


def _rebuild_tensor(
    storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> _Tensor:
    return _Tensor(storage, offset, shape, strides)


_ALLOWED: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    **{("torch", name): dtype for name, dtype in _DTYPES.items()},
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"refused to unpickle {module}.{name}")
        return _ALLOWED[module, name]

    def persistent_load(self, pid: Any) -> _Storage:
        _kind, dtype, key, *_location_and_size = pid
        return _Storage(key, dtype)


def _read_storage(stream: io.BytesIO, dtype: np.dtype[Any]) -> NDArray[Any]:
    count = int.from_bytes(stream.read(8), "little")
    return np.frombuffer(stream.read(count * dtype.itemsize), dtype)
