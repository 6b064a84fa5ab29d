"""Where each pixel of an image goes on its way into a network, and where a heatmap comes from on its way back.

Coordinates are (x, y) in pixel-edge units: pixel i covers i to i + 1, its centre is i + 0.5. All sizes are (width,
height) of the oriented image; arrays are (height, width). The only maps are scalings and shifts along the axes:
``target = source * scale + offset``.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from PIL import Image

from imgmine_gui.core.images.convert import Pixels, Size

_ROUNDING = 1e-6

Points = npt.NDArray[np.float64]
Heatmap = npt.NDArray[np.float32]


class ResizeMode(StrEnum):
    """How an image of any proportions becomes one of given width and height."""

    STRETCH = "stretch"
    """The whole image, its proportions changed."""
    FIT = "fit"
    """The whole image in its proportions, with a border on two sides."""
    CROP = "crop"
    """The largest centred part that has the wanted proportions."""


@dataclass(frozen=True)
class Geometry:
    """The way from the pixels of one oriented image to the pixels of a network's input, and back.

    Attributes:
        source_size: of the oriented original.
        target_size: of the network's input.
        scale: target pixels a source pixel, along x and y.
        offset: where the source's upper left corner lies in the target; negative where it is cropped away.

    Example:
        >>> geometry = Geometry.plan((400, 300), (224, 224), ResizeMode.FIT)
        >>> geometry.scale, geometry.offset
        ((0.56, 0.56), (0.0, 28.0))
    """

    source_size: Size
    target_size: Size
    scale: tuple[float, float]
    offset: tuple[float, float]

    @classmethod
    def plan(cls, source_size: Size, target_size: Size, mode: ResizeMode) -> "Geometry":
        """The geometry that brings ``source_size`` to ``target_size`` in the given way.

        With ``FIT`` the image is drawn on whole pixels, so its proportions may change by less than a pixel.

        Raises:
            ValueError: a size is not positive.
        """
        if min(*source_size, *target_size) < 1:
            raise ValueError(f"sizes must be positive. Received: source_size={source_size}, target_size={target_size}")
        (width, height), (across, down) = source_size, target_size
        ratios = (across / width, down / height)
        if mode is ResizeMode.STRETCH:
            return cls(source_size, target_size, ratios, (0.0, 0.0))
        if mode is ResizeMode.CROP:
            ratio = max(ratios)
            offset = ((across - width * ratio) / 2, (down - height * ratio) / 2)
            return cls(source_size, target_size, (ratio, ratio), offset)
        ratio = min(ratios)
        drawn = (min(max(1, round(width * ratio)), across), min(max(1, round(height * ratio)), down))
        scale = (drawn[0] / width, drawn[1] / height)
        offset = (float((across - drawn[0]) // 2), float((down - drawn[1]) // 2))
        return cls(source_size, target_size, scale, offset)

    def to_target(self, points: npt.ArrayLike) -> Points:
        """Bring points (N, 2) of x and y in the source to the target; they may lie outside of it."""
        return np.asarray(points, np.float64) * self.scale + self.offset

    def to_source(self, points: npt.ArrayLike) -> Points:
        """Bring points (N, 2) of x and y in the target to the source; they may lie outside of it."""
        return (np.asarray(points, np.float64) - self.offset) / self.scale

    def apply(self, pixels: Pixels, fill: int = 0) -> Pixels:
        """The pixels that the network sees.

        Resampled with a triangle filter (bilinear) that is widened when the image shrinks, so nothing aliases;
        strong reductions start with an average over whole squares (Pillow's ``reducing_gap`` of 3).

        Args:
            pixels: uint8 (h, w, 3), the oriented source, possibly decoded at a reduced size.
            fill: 0 to 255, the grey of the border.

        Returns:
            uint8 (target height, target width, 3).
        """
        left, right = self._drawn(0)
        top, bottom = self._drawn(1)
        # From the target's whole pixels back to the source, and from there to the reduced decode.
        decoded = (pixels.shape[1], pixels.shape[0])
        edges = self.to_source([(left, top), (right, bottom)]) * _reduction_of(self.source_size, decoded)
        edges = edges.clip(0, decoded)
        box = (float(edges[0, 0]), float(edges[0, 1]), float(edges[1, 0]), float(edges[1, 1]))
        size = (right - left, bottom - top)
        image = Image.fromarray(pixels)
        drawn = np.asarray(image.resize(size, Image.Resampling.BILINEAR, box=box, reducing_gap=3.0))
        if size == self.target_size:
            return drawn.copy()  # what Pillow lends is read-only
        target = np.full((self.target_size[1], self.target_size[0], 3), fill, np.uint8)
        target[top:bottom, left:right] = drawn
        return target

    def heatmap_to_source(self, values: npt.NDArray[np.floating]) -> Heatmap:
        """Bring a map over the target to every pixel of the source.

        Args:
            values: float (map height, map width) of any resolution; it covers the whole target. Finite.

        Returns:
            float32 (source height, source width); 0 where the network did not look.
        """
        return self.heatmap_to_size(values, self.source_size)

    def heatmap_to_size(self, values: npt.NDArray[np.floating], size: Size) -> Heatmap:
        """Bring a map over the target to the source as it is shown at another size, at the cost of that size.

        Interpolated linearly between the centres of the map's cells; averaged where a cell is smaller than a pixel
        of the result.

        Args:
            values: float (map height, map width) of any resolution; it covers the whole target. Finite.
            size: width and height of the result, which covers the whole source.

        Returns:
            float32 (height, width); 0 where the network did not look.
        """
        values = np.asarray(values, np.float32)
        rows = self._weights(1, values.shape[0], size[1])
        columns = self._weights(0, values.shape[1], size[0])
        result = np.asarray(rows @ values @ columns.T, np.float32)
        # Rounding may leave the range of the values, and who says 0..1 should mean it.
        return result.clip(min(0.0, values.min()), max(0.0, values.max()), out=result)

    def _drawn(self, axis: int) -> tuple[int, int]:
        """The first target pixel that the source reaches along an axis, and the one after the last."""
        start = self.offset[axis]
        end = start + self.source_size[axis] * self.scale[axis]
        return max(0, round(start)), min(self.target_size[axis], round(end))

    def _weights(self, axis: int, cells: int, length: int) -> Heatmap:
        """(length, cells): how much each cell of the map counts for each pixel of the result along one axis."""
        target = self.target_size[axis]
        pixel = self.source_size[axis] / length * self.scale[axis]  # of the result, in target pixels
        starts = np.arange(length) * pixel + self.offset[axis]
        positions = (starts + pixel / 2) * (cells / target) - 0.5  # in cells, counted from the centre of the first
        width = max(1.0, pixel * cells / target)
        weights = np.maximum(0.0, 1.0 - np.abs(positions[:, None].clip(0, cells - 1) - np.arange(cells)) / width)
        weights /= weights.sum(axis=1, keepdims=True)
        # A pixel of which the network saw a part was seen; sums of fractions may miss an edge by a rounding error.
        weights[(starts + pixel < _ROUNDING) | (starts > target - _ROUNDING)] = 0.0
        return weights.astype(np.float32)


def _reduction_of(full: Size, pixels: Size) -> tuple[float, float]:
    """Pixels of the decode a source pixel, along x and y.

    A decode at a half, a quarter or an eighth of the size rounds up: its last pixel may reach over the edge of the
    source, and dividing the sizes would give a scale that is slightly wrong for all of them.
    """
    for factor in (1, 2, 4, 8):
        if pixels == (-(-full[0] // factor), -(-full[1] // factor)):
            return 1 / factor, 1 / factor
    return pixels[0] / full[0], pixels[1] / full[1]
