"""TFRecord: the images themselves with what is said of them, for training with TensorFlow; written without TensorFlow.

A record is its length, a masked CRC-32C of the length, the data, and a masked CRC-32C of the data. The data is a
``tf.train.Example``, whose features have the names of the TensorFlow Object Detection API. Boxes are in parts of the
image. Classes are numbers from 0 by the lines of ``classes.txt``; -1 is none.

https://www.tensorflow.org/tutorials/load_data/tfrecord, tensorflow/core/example/example.proto.
"""

import io
import os
import struct
from collections.abc import Mapping
from contextlib import ExitStack
from typing import IO

import google_crc32c
from PIL import Image

from imgmine_gui.core.images.decode import ImageError, ImageProblem, decode_rgb, inspect_image
from imgmine_gui.core.images.reading import open_regular
from imgmine_gui.core.images.truncation import is_cut_short
from imgmine_gui.core.project.exchange.description import ShapeKind, Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps, Writer
from imgmine_gui.core.project.exchange.geometry import bounds
from imgmine_gui.core.project.exchange.options import ExportOptions
from imgmine_gui.core.project.exchange.output import Output
from imgmine_gui.core.project.exchange.project_images import ProjectImage, ProjectImages
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_

SHARD_BYTES = 150 * 2**20
"""A file is ended when it has become as large as this; TensorFlow's guide names 100 to 200 MB."""

Values = list[bytes] | list[float] | list[int]

_AS_IT_IS = {"JPEG", "PNG"}
_MODES = {"L", "RGB"}


@WRITERS.register("tfrecord")
class TfRecordWriter(Writer):
    """Writes files of some hundred megabytes for each split."""

    name = "tfrecord"
    title = N_("TFRecord")
    summary = N_("Files for training with TensorFlow that hold the images, their classes and boxes.")
    suffix = ""
    keeps = frozenset({Keeps.LABEL, Keeps.SPLIT, Keeps.BOX, Keeps.PIXELS})
    options_type = ExportOptions

    def write(self, images: ProjectImages, output: Output, told: Told) -> None:
        """Write all images."""
        numbers = {name: number for number, name in enumerate(images.classes)}
        with ExitStack() as stack:
            shards: dict[Split | None, _Shards] = {}
            for image in images:
                try:
                    encoded, kind = _encoded(image.location)
                except ImageError as error:
                    told.refused(error)
                    continue
                if image.split not in shards:
                    shards[image.split] = stack.enter_context(_Shards(output, image.split or "other"))
                shards[image.split].write(example(_features(image, encoded, kind, numbers)))
        for written in shards.values():
            written.rename()
        with output.open("classes.txt") as file:
            file.write("".join(f"{' '.join(name.split())}\n" for name in images.classes).encode())


class _Shards:
    """The files of one split: a new one is begun when one is full."""

    def __init__(self, output: Output, name: str) -> None:
        self._output = output
        self._name = name
        self._stack = ExitStack()
        self._count = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> "_Shards":
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def write(self, data: bytes) -> None:
        """One record more."""
        if self._file is None or self._file.tell() >= SHARD_BYTES:
            self._stack.close()
            self._file = self._stack.enter_context(self._output.open(f"{self._name}-{self._count:05d}"))
            self._count += 1
        self._file.write(record(data))

    def rename(self) -> None:
        """Give the files their names, which say how many there are."""
        for number in range(self._count):
            begun = self._output.path / f"{self._name}-{number:05d}"
            os.replace(begun, f"{begun}-of-{self._count:05d}.tfrecord")


def _encoded(location: str) -> tuple[bytes, str]:
    """The image as TensorFlow decodes it rightly, and its format: where it would not, it is written anew as PNG.

    TensorFlow does not turn images by their orientation, and takes other colours than red, green and blue wrongly.
    """
    info = inspect_image(location)
    if info.format in _AS_IT_IS and info.mode in _MODES and info.orientation == 1:
        with open_regular(location) as file:
            if is_cut_short(file, info.format):
                raise ImageError(ImageProblem.TRUNCATED, location)
            file.seek(0)
            file.allow_pixels()
            return file.read(), info.format.lower()
    encoded = io.BytesIO()
    Image.fromarray(decode_rgb(location).pixels).save(encoded, "PNG")
    return encoded.getvalue(), "png"


def _features(image: ProjectImage, encoded: bytes, kind: str, numbers: Mapping[str, int]) -> dict[str, Values]:
    boxed = [shape for shape in image.shapes if shape.kind in {ShapeKind.BOX, ShapeKind.POLYGON}]
    edges = [bounds(shape.points) for shape in boxed]
    sides = (image.width, image.height)
    return {
        "image/encoded": [encoded],
        "image/format": [kind.encode()],
        "image/filename": [image.name.encode()],
        "image/width": [image.width],
        "image/height": [image.height],
        "image/class/label": [numbers.get(image.label or "", -1)],
        "image/class/text": [(image.label or "").encode()],
        "image/group": [image.group.encode()],
        "image/object/class/label": [numbers.get(shape.label or "", -1) for shape in boxed],
        "image/object/class/text": [(shape.label or "").encode() for shape in boxed],
        **{
            f"image/object/bbox/{name}": [edge[place] / sides[place % 2] for edge in edges]
            for place, name in enumerate(("xmin", "ymin", "xmax", "ymax"))
        },
    }


def record(data: bytes) -> bytes:
    """``data`` framed as a record."""
    length = struct.pack("<Q", len(data))
    return length + _masked(length) + data + _masked(data)


def example(features: Mapping[str, Values]) -> bytes:
    """A serialised ``tf.train.Example`` of these features."""
    entries = (_field(1, _field(1, name.encode()) + _field(2, _feature(values))) for name, values in features.items())
    return _field(1, b"".join(entries))


def _feature(values: Values) -> bytes:
    """A ``BytesList``, ``FloatList`` or ``Int64List``, by the type of the first value; empty of no values."""
    if not values:
        return b""
    if isinstance(values[0], bytes):
        return _field(1, b"".join(_field(1, value) for value in values if isinstance(value, bytes)))
    if isinstance(values[0], float):
        return _field(2, _field(1, struct.pack(f"<{len(values)}f", *values)))
    return _field(3, _field(1, b"".join(_varint(int(value)) for value in values)))


def _field(number: int, payload: bytes) -> bytes:
    """A field of a protocol buffer that has a length."""
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; negative numbers as 64 bits in two's complement."""
    value &= 2**64 - 1
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _masked(data: bytes) -> bytes:
    """The masked CRC-32C (Castagnoli), as tensorflow/core/lib/hash/crc32c.h defines it."""
    crc = int(google_crc32c.value(data))
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)
