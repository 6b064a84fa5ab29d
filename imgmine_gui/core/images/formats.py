"""Which files count as images: by suffix for a scan, by their first bytes in the end."""

import os
import re

from PIL import ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.PpmImagePlugin import PpmImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

READERS: dict[str, type[ImageFile.ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "TIFF": TiffImageFile,
    "WEBP": WebPImageFile,
    "AVIF": AvifImageFile,
    "GIF": GifImageFile,
    "BMP": BmpImageFile,
    "PPM": PpmImageFile,
    "JPEG2000": Jpeg2KImageFile,
}
"""The formats that are always read. A short list of well-kept decoders: every further is a way in for hostile files.
JPEG 2000 is among them because libraries and archives keep their scans in it."""

_READ_SUFFIXES = (
    ".jpg .jpeg .jpe .jfif .mpo .png .apng .tif .tiff .webp .avif .avifs .gif .bmp .dib"
    " .ppm .pgm .pbm .pnm .pfm .jp2 .j2k .jpf .jpx .j2c .jpc .heic .heif .hif .dcm .dicom"
)
_UNREAD_SUFFIXES = ".jxl .psd .tga .exr .hdr .svg .dng .cr2 .cr3 .nef .arw .orf .rw2 .raf .pef .srw"

UNREAD_SUFFIXES: frozenset[str] = frozenset(_UNREAD_SUFFIXES.split())
"""Those of ``SUFFIXES`` that belong to formats which are not read."""

SUFFIXES: frozenset[str] = frozenset(_READ_SUFFIXES.split()) | UNREAD_SUFFIXES
"""Lower-case suffixes that count as images for a scan. Some are not read (camera raw, Photoshop, ...): a person who has
a folder of them must learn why, and "no images" would not say it."""

_SUFFIXES = frozenset(suffix.encode() for suffix in SUFFIXES)

MAGIC_BYTES = 4096
"""How many bytes from the start of a file ``image_format`` and ``looks_like_image`` want at most."""

_READ = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG2000"),
    (b"\xff\x4f\xff\x51", "JPEG2000"),
)

# Two letters alone are weak evidence: a text may begin with them, but not go on with a number or a comment.
_NETPBM = re.compile(rb"P[1-6f]\s+[-0-9#]")

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

# Magic numbers (offset, bytes, name) of formats that are recognised in order to say that they are not read.
_UNREAD = (
    (8, b"CR\x02\x00", "Canon CR2"),
    (0, b"IIRO", "Olympus ORF"),
    (0, b"IIRS", "Olympus ORF"),
    (0, b"IIU\x00", "Panasonic RW2"),
    (0, b"FUJIFILMCCD-RAW", "Fujifilm RAF"),
    (0, b"8BPS", "Photoshop PSD"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
    (0, b"v/1\x01", "OpenEXR"),
    (0, b"#?RADIANCE", "Radiance HDR"),
    (0, b"#?RGBE", "Radiance HDR"),
    (0, b"DDS ", "DirectDraw DDS"),
    (0, b"qoif", "QOI"),
    (0, b"\x00\x00\x01\x00", "ICO"),
    (0, b"icns", "ICNS"),
    (0, b"\x01\xda", "SGI"),
    (0, b"gimp xcf", "GIMP XCF"),
    (0, b"SIMPLE  =", "FITS"),
    (0, b"%!PS-Adobe", "EPS"),
    (0, b"\xc5\xd0\xd3\xc6", "EPS"),
    (0, b"II\xbc\x01", "JPEG XR"),
    (0, b"P7\n", "PAM"),
    (0, b"P7 332", "XV thumbnail"),
)


def image_format(first_bytes: bytes) -> str | None:
    """The name in ``READERS`` or ``optional.OPTIONAL_READERS`` of the format that ``first_bytes`` announce, or None."""
    if first_bytes[128:132] == b"DICM":  # what comes before is free, and often the header of a TIFF
        return "DICOM"
    for magic, name in _READ:
        if first_bytes.startswith(magic):
            # Canon's raw files begin as TIFF does.
            return None if first_bytes[8:12] == b"CR\x02\x00" else name
    if first_bytes.startswith(b"RIFF") and first_bytes[8:12] == b"WEBP":
        return "WEBP"
    if brands := _brands(first_bytes):
        return _of_brands(brands)
    if first_bytes.startswith(b"BM") and 12 <= int.from_bytes(first_bytes[14:18], "little") <= 255:
        return "BMP"
    return "PPM" if _NETPBM.match(first_bytes) else None


def _of_brands(brands: set[bytes]) -> str | None:
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    return "HEIF" if brands & _HEIF_BRANDS and b"crx " not in brands else None


def unread_format(first_bytes: bytes) -> str | None:
    """The name of the image format that ``first_bytes`` announce, if it is one that is known but not read."""
    for offset, magic, name in _UNREAD:
        if first_bytes[offset : offset + len(magic)] == magic:
            return name
    if b"crx " in _brands(first_bytes):
        return "Canon CR3"
    if b"<svg" in first_bytes.lstrip(b"\xef\xbb\xbf \t\r\n")[:1024] and first_bytes.lstrip()[:1] in b"<\xef":
        return "SVG"
    return None


def has_image_suffix(path: bytes) -> bool:
    """Whether the name of a file says that it is an image."""
    return os.path.splitext(path)[1].lower() in _SUFFIXES


def looks_like_image(first_bytes: bytes) -> bool:
    """Whether a file that begins with ``first_bytes`` (``MAGIC_BYTES`` are enough) is in a format that can be read.

    Example:
        >>> looks_like_image(b"\\xff\\xd8\\xff\\xe0")
        True
    """
    return image_format(first_bytes) is not None


def _brands(head: bytes) -> set[bytes]:
    """The brands of an ISO base media file (HEIF and AVIF are told apart by nothing else)."""
    if head[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12]} | {head[start : start + 4] for start in range(16, end - 3, 4)}
