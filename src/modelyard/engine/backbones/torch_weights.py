"""Reads the tensors of a torch state dict (the format before torch 1.6) without torch; it runs nothing it finds.

The file is a row of pickles followed by raw storages. The unpickler knows four names, all replaced by functions of
this file; any other name is refused, so a file cannot make this process do anything but build arrays.
"""

import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from modelyard.errors import Invalid

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001


class UnsafeWeights(Invalid):
    """The weights file holds something other than tensors."""


class _Storage:
    """A flat array whose content is read after the pickles."""

    def __init__(self, dtype: np.dtype[Any], size: int) -> None:
        self.dtype = dtype
        self.size = size
        self.values: NDArray[Any] = np.empty(0, dtype)


class _Tensor:
    """A view of a storage, made into an array once the storage is there."""

    def __init__(self, storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides

    def to_array(self) -> NDArray[Any]:
        if len(self.shape) != len(self.strides) or min((self.offset, *self.shape, *self.strides)) < 0:
            raise UnsafeWeights()
        last = self.offset + sum((size - 1) * stride for size, stride in zip(self.shape, self.strides, strict=True))
        values = self.storage.values
        if 0 in self.shape or last >= values.size:
            raise UnsafeWeights("The weights file holds a tensor larger than its storage.")
        strides = [stride * values.itemsize for stride in self.strides]
        view = np.lib.stride_tricks.as_strided(values[self.offset :], self.shape, strides, writeable=False)
        return np.ascontiguousarray(view).reshape(self.shape)


def _rebuild(storage: object, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object) -> _Tensor:
    if not isinstance(storage, _Storage):
        raise UnsafeWeights()
    return _Tensor(storage, offset, shape, strides)


_ALLOWED: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild,
    ("torch", "FloatStorage"): np.dtype("<f4"),
    ("torch", "LongStorage"): np.dtype("<i8"),
}


class _Unpickler(pickle.Unpickler):
    """An unpickler with an allow-list."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise UnsafeWeights(f"The weights file asks for '{module}.{name}', which is not a tensor.") from None

    def persistent_load(self, pid: Any) -> _Storage:
        _, dtype, key, _, size, *_ = pid
        return self.storages.setdefault(key, _Storage(dtype, size))


def read_state_dict(path: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of a state dict by name, in the file's order.

    Raises:
        UnsafeWeights: The file is in another format, damaged, or holds more than tensors.
    """
    with path.open("rb") as file:
        try:
            return _read(file)
        except (pickle.UnpicklingError, EOFError, struct.error, ValueError, TypeError, AttributeError) as error:
            raise UnsafeWeights(f"{path.name!r} is not a state dict in the format of torch before 1.6.") from error


def _read(file: BinaryIO) -> dict[str, NDArray[Any]]:
    if _Unpickler(file).load() != _MAGIC or _Unpickler(file).load() != _PROTOCOL:
        raise UnsafeWeights("The file is not a state dict in the format of torch before 1.6.")
    if not _Unpickler(file).load().get("little_endian"):
        raise UnsafeWeights("The weights file is big-endian.")
    reader = _Unpickler(file)
    tensors = reader.load()
    for key in _Unpickler(file).load():
        storage = reader.storages[key]
        (size,) = struct.unpack("<q", file.read(8))
        if size != storage.size:
            raise UnsafeWeights("The weights file contradicts itself about the size of a storage.")
        values = np.frombuffer(file.read(size * storage.dtype.itemsize), storage.dtype)
        if values.size != size:
            raise UnsafeWeights("The weights file ends too early.")
        storage.values = values
    return {name: tensor.to_array() for name, tensor in tensors.items()}
