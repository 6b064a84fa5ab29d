"""Texts that nobody read, for tests of how they are shown."""

from pathlib import Path

import numpy as np
from PIL import Image

from imgmine_gui.core.inference.ctc_decoding import Recognised, Span
from imgmine_gui.core.inference.text_table import TextTable
from imgmine_gui.gui.item_models.text_rows import TextRows


def read(text: str, confidence: float) -> Recognised:
    """A line whose characters have two columns each."""
    return Recognised(text, confidence, tuple(Span(one, 2 * n, 2 * n + 1, 0.5) for n, one in enumerate(text)))


def rows_of(folder: Path, ids: tuple[int, ...] = (0, 0, 0, 0)) -> TextRows:
    """A right line, one with an error of four, one that cannot be read, and one whose text is not known."""
    for name in ("a.png", "b.png", "d.png"):
        Image.fromarray(np.full((20, 90), 200, np.uint8)).save(folder / name)
    lines = (read("oak", 0.9), read("ashn", 0.2), None, read("elm", 0.5))
    paths = tuple(str(folder / name) for name in ("a.png", "b.png", "c.png", "d.png"))
    strides = np.array([0.1, 0.1, np.nan, 0.1], np.float32)
    table = TextTable(paths, lines, strides, {paths[2]: "It is gone."})
    return TextRows(table, ("a.png", "b.png", "c.png", "d.png"), ("oak", "ash", "fir", None), ids)
