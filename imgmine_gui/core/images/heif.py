"""HEIF and HEIC, the photos of telephones, through libheif; imported only where the extra is installed.

Rotations and mirrorings are applied by libheif, which says so by an orientation of 1. Of 10 and 12 bits a channel the
upper 8 are kept. Of a collection the primary picture is used.
"""

from pillow_heif import HeifImageFile

__all__ = ["HeifImageFile"]
