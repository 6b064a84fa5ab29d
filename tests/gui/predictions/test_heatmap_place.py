"""A heatmap lies on the pixels that it is about: compared with the overlay that the core draws."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from imgmine_gui.core.explain.explain_file import FileHeatmap
from imgmine_gui.core.explain.export import draw
from imgmine_gui.core.images.geometry import ResizeMode
from imgmine_gui.gui.image_loader import ImageLoader
from imgmine_gui.gui.widgets.image_view import ImageView
from imgmine_gui.gui.widgets.predictions.image_pane import ImagePane
from tests.gui.predictions.made_up import heatmap_of
from tests.gui.predictions.trained import write_rotated

OPACITY = 0.7
ROUNDING = 14
"""A virtual screen may have 5 bits a colour; a heatmap that is off by one pixel differs by more than this."""
ONE_CORNER = np.zeros((16, 16))
ONE_CORNER[5:7, 9] = 1.0
ONE_CORNER[9, 6] = 0.6


def shown(qtbot: QtBot, path: Path) -> ImagePane:
    pane = ImagePane()
    qtbot.addWidget(pane)
    pane.resize(600, 500)
    pane.show()
    qtbot.waitExposed(pane)
    loader = ImageLoader(pane)
    with qtbot.waitSignal(loader.loaded) as blocker:
        loader.load(str(path))
    pane.set_image(blocker.args[0])
    pane.set_drawing(True, OPACITY, "viridis")
    return pane


def seen(view: ImageView) -> np.ndarray:
    """Each pixel of the image, as it is on the screen: (height, width, 3)."""
    view.show_actual_size()
    screen = view.viewport().grab().toImage()
    size = view.image_size
    pixels = np.zeros((size.height(), size.width(), 3), np.uint8)
    for y in range(size.height()):
        for x in range(size.width()):
            point = view.mapFromScene(QPointF(x, y))
            colour = screen.pixelColor(point)
            pixels[y, x] = colour.red(), colour.green(), colour.blue()
    return pixels


def compare(pane: ImagePane, heatmap: FileHeatmap, path: Path) -> None:
    pane.set_heatmap(heatmap)
    expected = draw(heatmap.on_original(), str(path), "viridis", OPACITY).astype(int)
    difference = np.abs(seen(pane.view).astype(int) - expected)
    assert difference.max() <= ROUNDING
    bright = np.unravel_index(heatmap.on_original().argmax(), heatmap.on_original().shape)
    assert np.abs(expected[bright] - np.array(seen(pane.original), int)[bright]).max() > 40


@pytest.mark.parametrize("mode", list(ResizeMode))
def test_on_an_image_that_exif_turns(qtbot: QtBot, tmp_path: Path, mode: ResizeMode) -> None:
    path = tmp_path / "turned.jpg"
    write_rotated(path)
    pane = shown(qtbot, path)
    assert (pane.view.image_size.width(), pane.view.image_size.height()) == (30, 60)
    compare(pane, heatmap_of(str(path), (30, 60), ONE_CORNER, mode), path)


@pytest.mark.parametrize("mode", list(ResizeMode))
def test_on_an_image_that_is_not_square(qtbot: QtBot, tmp_path: Path, mode: ResizeMode) -> None:
    path = tmp_path / "wide.png"
    Image.fromarray(np.full((33, 77, 3), 90, np.uint8)).save(path)
    pane = shown(qtbot, path)
    compare(pane, heatmap_of(str(path), (77, 33), ONE_CORNER, mode), path)


def test_both_views_show_the_same_part(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    Image.fromarray(np.full((330, 770, 3), 90, np.uint8)).save(path)
    pane = shown(qtbot, path)
    pane.set_side_by_side(True)
    qtbot.waitUntil(lambda: pane.original.width() == pane.view.width())
    pane.view.zoom(6)
    pane.view.horizontalScrollBar().setValue(pane.view.horizontalScrollBar().value() + 50)
    assert pane.original.scale_now == pytest.approx(pane.view.scale_now)
    middle = [view.mapToScene(view.viewport().rect().center()) for view in (pane.view, pane.original)]
    assert abs(middle[0].x() - middle[1].x()) < 2
    pane.original.fit()
    assert pane.original.is_fitted
    assert pane.view.is_fitted
    assert pane.original.scale_now == pytest.approx(pane.view.scale_now)
