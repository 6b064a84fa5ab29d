"""What is kept of an image, and under which name: a space is one file of records of one shape."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from google_crc32c import value as crc32c

from imgmine_gui.core.data.preprocessing import Preprocessing

VERSION = 1
"""Of records and names; features of another version are computed anew."""
NAME_BYTES = 16

Features = npt.NDArray[np.float16]


@dataclass(frozen=True)
class Space:
    """One kind of feature of one backbone under one preprocessing.

    Attributes:
        backbone: SHA-256 of the backbone's weights, in hexadecimal digits.
        kind: ``POOLED`` or ``MAP``.
        preprocessing: what decides the pixels: width, height, resizing rule and colour, as JSON.
        shape: of the features of one image.
    """

    backbone: str
    kind: str
    preprocessing: str
    shape: tuple[int, ...]

    @property
    def digest(self) -> str:
        """The same for equal spaces, 32 hexadecimal digits."""
        parts = [VERSION, self.backbone, self.kind, self.preprocessing, self.shape]
        return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()

    @property
    def record(self) -> np.dtype[Any]:
        """One record: a checksum of name and values, and the values in float16."""
        return np.dtype([("check", "<u4"), ("values", "<f2", self.shape)])


POOLED, MAP = "pooled", "map"


def pixels_of(preprocessing: Preprocessing) -> str:
    """The part of ``preprocessing`` that decides the pixels; how they are normalised is the backbone's business."""
    values = preprocessing.model_dump(mode="json", include={"width", "height", "resizing", "colour"})
    return json.dumps(values, sort_keys=True)


def record_name(key: str, view: str = "") -> bytes:
    """What a record is found by: the content's key (of the file and the page), and which view of it."""
    return hashlib.blake2b(f"{key}\n{view}".encode(), digest_size=NAME_BYTES).digest()


def make_records(space: Space, names: Sequence[bytes], values: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.void]:
    """Records for ``values`` (n, *shape), which are rounded to float16; what is too large becomes the largest."""
    largest = np.finfo(np.float16).max
    records = np.zeros(len(names), space.record)
    records["values"] = np.clip(values, -largest, largest)
    records["check"] = [_check(name, record) for name, record in zip(names, records["values"], strict=True)]
    return records


def are_whole(names: Sequence[bytes], records: npt.NDArray[np.void]) -> npt.NDArray[np.bool_]:
    """Which records are those of ``names``, undamaged; (n,)."""
    pairs = zip(names, records, strict=True)
    return np.array([record["check"] == _check(name, record["values"]) for name, record in pairs], np.bool_)


def _check(name: bytes, values: Features) -> int:
    return int(crc32c(name + values.tobytes()))
