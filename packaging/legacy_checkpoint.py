"""Read a PyTorch checkpoint of the format before 1.6 (no zip) with NumPy alone, running nothing of it.

The file is a row of pickles (magic number, protocol, facts of the machine, a table of tensors, the keys of the
storages), then each storage: the number of its elements, int64, and the elements, little endian. The table refers to
torch's own functions, so an ordinary unpickler would need torch, and would call whatever else the file names; this one
knows four names and refuses all others.
"""

import io
import pickle
import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
_STORAGES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class CheckpointError(Exception):
    """The file is not a checkpoint of this format, or asks for more than tensors."""


@dataclass(frozen=True)
class _Storage:
    """Numbers that tensors are views of; they follow the table."""

    key: str
    dtype: np.dtype[Any]
    elements: int


@dataclass(frozen=True)
class _View:
    """A tensor before its storage was read."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _rebuild(storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any) -> _View:
    return _View(storage, offset, shape, strides)


class _Unpickler(pickle.Unpickler):
    """Knows an ordered dictionary, a tensor and two kinds of storage."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        raise CheckpointError(f"the checkpoint asks for more than tensors. Received: {module}.{name}")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _, elements, view = pid
        if kind != "storage" or view is not None:
            raise CheckpointError(f"the checkpoint holds something that is no storage. Received: {pid!r}")
        return _Storage(key, dtype, elements)


def read_checkpoint(content: bytes) -> dict[str, NDArray[Any]]:
    """The tensors of a checkpoint by name, in its order.

    Raises:
        CheckpointError: ``content`` is of another format, damaged, or holds something else than tensors.
    """
    file = io.BytesIO(content)
    try:
        magic, protocol, _ = (_Unpickler(file).load() for _ in range(3))
        if magic != MAGIC or protocol != PROTOCOL:
            raise CheckpointError("the file is not a checkpoint of the format before PyTorch 1.6")
        table = _Unpickler(file).load()
        keys = _Unpickler(file).load()
        storages = {view.storage.key: view.storage for view in table.values()}
        numbers = {key: _read_storage(file, storages[key]) for key in keys}
        return {name: _tensor(view, numbers[view.storage.key]) for name, view in table.items()}
    except (pickle.UnpicklingError, struct.error, AttributeError, EOFError, KeyError, ValueError, TypeError) as error:
        raise CheckpointError(f"the checkpoint is damaged: {error}") from error


def _read_storage(file: io.BytesIO, storage: _Storage) -> NDArray[Any]:
    (elements,) = struct.unpack("<q", file.read(8))
    if elements != storage.elements:
        raise CheckpointError(f"storage {storage.key} has {elements} elements, its tensors want {storage.elements}")
    return np.frombuffer(file.read(elements * storage.dtype.itemsize), storage.dtype, elements)


def _tensor(view: _View, numbers: NDArray[Any]) -> NDArray[Any]:
    """The tensor as an array of its own; a view that leaves its storage is refused."""
    last = view.offset + sum((size - 1) * stride for size, stride in zip(view.shape, view.strides, strict=True))
    if min((view.offset, *view.shape, *view.strides)) < 0 or last >= len(numbers):
        raise CheckpointError(f"a tensor reaches beyond its storage {view.storage.key}")
    strides = [stride * numbers.itemsize for stride in view.strides]
    tensor = np.lib.stride_tricks.as_strided(numbers[view.offset :], view.shape, strides)
    return np.array(tensor, order="C")
