"""The confusion matrix on a screen."""

import time

import numpy as np
import numpy.typing as npt
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.theme import theme
from imgmine_gui.gui.widgets.predictions.confusion_view import LABELS, ConfusionView


def view_of(qtbot: QtBot, counts: npt.NDArray[np.int64]) -> ConfusionView:
    view = ConfusionView()
    qtbot.addWidget(view)
    view.set_counts([f"kind {number}" for number in range(len(counts))], counts)
    view.resize(view.minimumSize())
    return view


def test_a_hundred_classes_are_painted_at_once(qtbot: QtBot) -> None:
    view = view_of(qtbot, np.ones((100, 100), np.int64))
    view.grab()
    began = time.perf_counter()
    view.grab()
    assert time.perf_counter() - began < 2  # 0.1 s; half a minute, when the names are measured for every cell


def test_names_get_the_room_that_their_font_needs(qtbot: QtBot) -> None:
    view = view_of(qtbot, np.eye(2, dtype=np.int64))
    before = view.cell_rect((0, 0)).x()
    assert view.fontMetrics().horizontalAdvance("kind 0") < before < LABELS
    larger = view.font()
    larger.setPointSizeF(larger.pointSizeF() * 1.5)
    view.setFont(larger)
    assert view.cell_rect((0, 0)).x() > before


def test_a_cell_is_the_darker_the_larger_its_share_and_empty_ones_are_blank(qtbot: QtBot) -> None:
    view = view_of(qtbot, np.array([[4, 0], [1, 3]], np.int64))
    picture = view.grab().toImage()
    corners = {cell: picture.pixelColor(view.cell_rect(cell).topLeft()) for cell in ((0, 0), (0, 1), (1, 0), (1, 1))}
    assert corners[0, 1].name() == theme().colours.surface.name()
    red = [corners[cell].red() for cell in ((0, 0), (1, 1), (1, 0), (0, 1))]
    assert red == sorted(set(red))
