"""The values of a DICOM image as the grey that its file asks for.

DICOM PS3.3, C.11.1 and C.11.2: stored values become values of the modality (such as Hounsfield units) by a slope and an
intercept, or a table; these become grey by the first window of the file, or the first table. Without either, the
lowest value becomes black and the highest white; values that pad the image do not count. MONOCHROME1 is turned around.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut, apply_voi

from imgmine_gui.core.images.convert import Pixels

Values = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

_BAND_PIXELS = 2**20


def to_grey(stored: Values, dataset: Dataset, frame: int) -> Pixels:
    """8-bit grey of a frame, band by band, so that no second copy of a large image is held.

    Args:
        stored: integers or floats (height, width).
        dataset: with the elements that say what the values mean.
        frame: from 0.

    Returns:
        uint8 (height, width).
    """
    grey = np.empty(stored.shape, np.uint8)
    window = _window(dataset, frame)
    table = window is None and "VOILUTSequence" in dataset
    full = None if window or table else _full_range(stored, dataset, frame)
    for rows in _bands(stored.shape):
        values = _modality(stored[rows], dataset, frame)
        if window:
            shares = window_shares(values, *window)
        elif full:
            shares = (values - full[0]) / (full[1] - full[0]) if full[1] > full[0] else np.zeros_like(values)
        else:
            shares = _by_table(values, dataset)
        np.nan_to_num(shares, copy=False, nan=0.0)
        grey[rows] = (shares.clip(0, 1) * 255 + 0.5).astype(np.uint8)
    if dataset.get("PhotometricInterpretation") == "MONOCHROME1":
        np.subtract(255, grey, out=grey)
    return grey


def window_shares(values: Floats, centre: float, width: float, function: str = "LINEAR") -> Floats:
    """How bright each value is, 0 to 1 (linear windows may go beyond), by a window; C.11.2.1.2 and C.11.2.1.3."""
    if function == "SIGMOID":
        shares = 1 / (1 + np.exp(((values - centre) * (-4 / width)).clip(-700, 700)))
    elif function == "LINEAR_EXACT":
        shares = (values - centre) / width + 0.5
    elif width == 1:
        shares = np.where(values > centre - 0.5, 1.0, 0.0)
    else:
        shares = (values - (centre - 0.5)) / (width - 1) + 0.5
    return np.asarray(shares, np.float64)


def _modality(stored: Values, dataset: Dataset, frame: int) -> Floats:
    if "ModalityLUTSequence" in dataset:
        return np.asarray(apply_modality_lut(stored, dataset), np.float64)
    values = stored.astype(np.float64)
    slope = _number(dataset, frame, "PixelValueTransformationSequence", "RescaleSlope")
    intercept = _number(dataset, frame, "PixelValueTransformationSequence", "RescaleIntercept")
    values *= 1.0 if slope is None else slope
    values += intercept or 0.0
    return values


def _window(dataset: Dataset, frame: int) -> tuple[float, float, str] | None:
    """Centre, width and function of the first window that can be used."""
    centre = _number(dataset, frame, "FrameVOILUTSequence", "WindowCenter")
    width = _number(dataset, frame, "FrameVOILUTSequence", "WindowWidth")
    function = str(_element(dataset, frame, "FrameVOILUTSequence", "VOILUTFunction") or "LINEAR").upper()
    if centre is None or width is None or width <= 0 or (function == "LINEAR" and width < 1):
        return None
    return centre, width, function


def _by_table(values: Floats, dataset: Dataset) -> Floats:
    """By the first table; its entries have as many bits as it says."""
    table = dataset.VOILUTSequence[0]
    bits = int(table.LUTDescriptor[2])
    entries: Floats = np.asarray(apply_voi(values.astype(np.int64), dataset), np.float64)
    entries /= 2**bits - 1
    return entries


def _full_range(stored: Values, dataset: Dataset, frame: int) -> tuple[float, float]:
    lowest, highest = np.inf, -np.inf
    first = dataset.get("PixelPaddingValue")
    last = dataset.get("PixelPaddingRangeLimit", first)
    for rows in _bands(stored.shape):
        values = stored[rows]
        used = np.isfinite(values)
        if first is not None:
            used &= (values < min(first, last)) | (values > max(first, last))
        if used.any():
            lowest, highest = min(lowest, values[used].min()), max(highest, values[used].max())
    if lowest > highest:  # nothing but padding
        return 0.0, 0.0
    ends = _modality(np.array([lowest, highest]).astype(stored.dtype), dataset, frame)
    return float(ends.min()), float(ends.max())


def _number(dataset: Dataset, frame: int, sequence: str, keyword: str) -> float | None:
    """The first value of an element, if it is a finite number."""
    value = _element(dataset, frame, sequence, keyword)
    try:
        number = float(value[0] if isinstance(value, list | tuple) or hasattr(value, "append") else value)
    except (TypeError, ValueError, IndexError):
        return None
    return number if np.isfinite(number) else None


def _element(dataset: Dataset, frame: int, sequence: str, keyword: str) -> Any:
    """An element of a frame: of its own group, of the group that all frames share, or of the whole file."""
    groups = dataset.get("PerFrameFunctionalGroupsSequence") or []
    shared = dataset.get("SharedFunctionalGroupsSequence") or []
    for group in (*groups[frame : frame + 1], *shared[:1]):
        for item in (group.get(sequence) or [])[:1]:
            if keyword in item:
                return item[keyword].value
    return dataset.get(keyword)


def _bands(shape: tuple[int, ...]) -> Iterator[slice]:
    rows = max(1, _BAND_PIXELS // max(shape[1], 1))
    for top in range(0, shape[0], rows):
        yield slice(top, top + rows)
