"""The numbers of a network, to and from safetensors: checked before anything is assigned."""

import json
import struct
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load, save

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_, Words, tr

HEADER_LIMIT = 4_000_000
"""Bytes; the header of a network with 10,000 variables is smaller."""

RANDOM_STATE = "seed_generator_state"
"""Last part of the path that Keras gives to the random state of a layer."""

Shapes = dict[str, tuple[str, tuple[int, ...]]]
"""Name to (dtype as safetensors writes it, shape)."""

_DTYPES = {"float32": "F32", "float16": "F16", "float64": "F64", "int32": "I32", "int64": "I64", "uint32": "U32"}


def variables_by_name(variables: Iterable[Any]) -> dict[str, Any]:
    """Keras variables under their paths, which are the same at each building.

    The random states of layers have paths that count up within a process; they are counted from 0 here.

    Raises:
        ValueError: two variables have one path, which is a fault of an architecture: it must name its layers.
    """
    named: dict[str, Any] = {}
    random_states = 0
    for variable in variables:
        path = variable.path
        if path.endswith(RANDOM_STATE):
            path = f"random_state_{random_states}"
            random_states += 1
        if path in named:
            raise ValueError(f"two variables share a path. Received: path={path!r}")
        named[path] = variable
    return named


def shapes_of(variables: Iterable[Any]) -> Shapes:
    """What a file must hold to fill ``variables``; works on variables that have no value yet."""
    named = variables_by_name(variables).items()
    return {name: (_DTYPES[str(variable.dtype)], tuple(variable.shape)) for name, variable in named}


def pack(variables: Iterable[Any], metadata: Mapping[str, str] | None = None) -> bytes:
    """The values of ``variables`` as the bytes of a safetensors file."""
    arrays = {name: np.asarray(variable.numpy(), order="C") for name, variable in variables_by_name(variables).items()}
    packed: bytes = save(arrays, metadata=dict(metadata or {}))
    return packed


def read_header(file: BinaryIO, size: int) -> tuple[Shapes, dict[str, str]]:
    """Read and check the header of a safetensors file without reading its numbers.

    Args:
        file: at the first byte.
        size: bytes that the whole file has.

    Returns:
        The shapes, and the metadata.

    Raises:
        ValueError: the header is not one, or does not fit the size.
    """
    start = file.read(8)
    if len(start) < 8:
        raise ValueError("shorter than a header")
    (length,) = struct.unpack("<Q", start)
    if not 2 <= length <= min(HEADER_LIMIT, size - 8):
        raise ValueError("header of an impossible length")
    header = json.loads(file.read(length))
    if not isinstance(header, dict):
        raise ValueError("header is no table")
    metadata = header.pop("__metadata__", {})
    shapes: Shapes = {}
    total = 0
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        shapes[name] = (str(entry["dtype"]), tuple(int(count) for count in entry["shape"]))
        total += int(last) - int(first)
    if total != size - 8 - length:
        raise ValueError("numbers missing or to spare")
    return shapes, {str(key): str(value) for key, value in metadata.items()}


def unpack(content: bytes) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a safetensors file whose header was checked."""
    arrays: dict[str, npt.NDArray[Any]] = load(content)
    return arrays


def assign(variables: Iterable[Any], arrays: Mapping[str, npt.NDArray[Any]], source: object) -> None:
    """Give each variable its array, after all of them were checked: names, shapes, types, finite values.

    Raises:
        UserError: something does not fit; no variable was changed.
    """
    named = variables_by_name(variables)
    if set(named) != set(arrays):
        odd = sorted(set(named) ^ set(arrays))[0]
        raise damaged(source, partial(tr, N_("it lacks “{array}”, or has it to spare"), array=odd))
    for name, variable in named.items():
        array = arrays[name]
        if tuple(variable.shape) != array.shape or str(variable.dtype) != str(array.dtype):
            raise damaged(
                source, partial(tr, N_("“{array}” has not the shape or type that its network needs"), array=name)
            )
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise damaged(source, partial(tr, N_("“{array}” holds values that are no numbers"), array=name))
    for name, variable in named.items():
        variable.assign(arrays[name])


def damaged(source: object, reason: Words) -> UserError:
    """The words for a file whose numbers are not those of its network."""
    return UserError(
        N_("{path} is damaged or not a model of ImgMine: {reason}."),
        N_("Get the file again from where it came, or train anew."),
        path=source,
        reason=reason,
    )
