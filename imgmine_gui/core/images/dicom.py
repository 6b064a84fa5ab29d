"""DICOM, the images of medicine, through pydicom; imported only where the extra is installed.

Of a file only the elements are read that its pixels need: names, dates and numbers of patients are neither kept nor
shown, nor are they in any message. Each frame is a page.
"""

import logging
import struct
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile
from pydicom import config, dcmread
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, get_decoder, pixel_array

from imgmine_gui.core.images.convert import Pixels
from imgmine_gui.core.images.dicom_grey import to_grey
from imgmine_gui.core.images.optional import UnsupportedVariety

_SIZE_TAGS: list[Any] = ["Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "PhotometricInterpretation"]
_GROUPS_OF_FRAMES = [0x52009229, 0x52009230]
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_LONG_LENGTHS = {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
_META_BYTES = 65_536

# What pydicom finds odd about an element it tells with the element's value, and that may be a patient's.
config.settings.reading_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)


class DicomImageFile(ImageFile.ImageFile):
    """One frame of a DICOM file, as 8-bit grey or RGB.

    Opening it raises ``UnsupportedVariety`` for files without an image, and for those whose compression is not read.
    """

    format = "DICOM"
    format_description = "Digital Imaging and Communications in Medicine"

    def _open(self) -> None:
        file = _file_of(self)
        if _DEFLATED in _transfer_syntaxes(file):
            # pydicom would inflate all of it at once, however much that is.
            raise UnsupportedVariety("DICOM, deflated")
        file.seek(0)
        header = dcmread(file, stop_before_pixels=True, force=True, specific_tags=_SIZE_TAGS)
        if not header.get("Rows") or not header.get("Columns"):
            raise UnsupportedVariety("DICOM without an image")
        _require_decoder(header)
        coloured = header.get("SamplesPerPixel", 1) > 1 or header.get("PhotometricInterpretation") == "PALETTE COLOR"
        self._size = (int(header.Columns), int(header.Rows))
        self._mode = "RGB" if coloured else "L"
        self.n_frames = max(int(header.get("NumberOfFrames") or 1), 1)
        self._frame = 0
        self.tile = []

    def seek(self, frame: int) -> None:
        """Choose a frame, from 0, before the pixels are loaded."""
        self._frame = frame

    def tell(self) -> int:
        """The frame that was chosen."""
        return self._frame

    def load(self) -> Any:
        """Decode the frame, if that was not done yet."""
        if self._im is None:
            pixels = _read_frame(_file_of(self), self._frame)
            if pixels.shape[1::-1] != self.size:
                raise ValueError("the frame has another size than its header says")
            image = Image.fromarray(pixels)
            self._mode = image.mode
            self.im = image.im
        return super().load()


def _read_frame(file: IO[bytes], frame: int) -> Pixels:
    """A frame as uint8 (height, width) or (height, width, 3)."""
    dataset = Dataset()
    file.seek(0)
    values = pixel_array(file, ds_out=dataset, specific_tags=_GROUPS_OF_FRAMES, index=frame)
    if dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
        return _upper_8_bits(apply_color_lut(values, dataset), 16)
    if values.ndim == 3:
        return _upper_8_bits(values, int(dataset.get("BitsStored") or 8))
    return to_grey(values, dataset, frame)


def _upper_8_bits(values: npt.NDArray[Any], bits: int) -> Pixels:
    """Colours of ``bits`` bits, where their type has room for so many."""
    shift = min(bits, values.dtype.itemsize * 8) - 8
    return (values >> shift if shift > 0 else values).astype(np.uint8)


def _require_decoder(header: Dataset) -> None:
    syntax = header.file_meta.get("TransferSyntaxUID") if hasattr(header, "file_meta") else None
    if syntax is None or not syntax.is_compressed:
        return
    try:
        available = get_decoder(syntax).is_available
    except NotImplementedError:
        available = False
    if not available:
        raise UnsupportedVariety(f"DICOM, {syntax.name}")


def _transfer_syntaxes(file: IO[bytes]) -> set[bytes]:
    """How the elements behind the first group are written, as that group says; PS3.10, section 7.1.

    Raises:
        ValueError: the first group does not end, or is not written as it must be.
    """
    file.seek(0)
    head = file.read(_META_BYTES)
    found: set[bytes] = set()
    position = 132 if head[128:132] == b"DICM" else len(head)
    while head[position : position + 2] == b"\x02\0":
        element, kind = head[position + 2 : position + 4], head[position + 4 : position + 6]
        if not kind.isalpha():
            raise ValueError("the first group is not written as it must be")
        long = kind in _LONG_LENGTHS
        (length,) = struct.unpack_from("<I" if long else "<H", head, position + (8 if long else 6))
        start = position + (12 if long else 8)
        if element == b"\x10\0":
            found.add(head[start : start + length].strip(b"\0 "))
        position = start + length
        if position >= len(head) == _META_BYTES:
            raise ValueError("the first group has no end")
    return found


def _file_of(image: ImageFile.ImageFile) -> IO[bytes]:
    assert image.fp is not None
    return image.fp
