"""The grid of thumbnails: what is loaded, what is shown, keys, and how fast 100,000 rows scroll."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.thumbnail_loader import MEMORY_BYTES, ThumbnailLoader, Wanted
from imgmine_gui.gui.widgets.thumbnail_grid import LARGEST, ThumbnailGrid
from tests.gui.predictions.list_of_images import ListOfImages
from tests.timing import LENIENCY

SLOWEST_FRAME = 0.05 * LENIENCY


@pytest.fixture
def loader(tmp_path: Path) -> Iterator[ThumbnailLoader]:
    loader = ThumbnailLoader(tmp_path / "thumbnails")
    yield loader
    loader.close()


@pytest.fixture
def red(tmp_path: Path) -> str:
    path = tmp_path / "red.png"
    Image.new("RGB", (40, 20), (250, 10, 10)).save(path)
    return str(path)


def shown(qtbot: QtBot, loader: ThumbnailLoader, model: ListOfImages) -> ThumbnailGrid:
    grid = ThumbnailGrid(loader)
    qtbot.addWidget(grid)
    grid.setModel(model)
    grid.resize(700, 500)
    grid.show()
    qtbot.waitExposed(grid)
    return grid


def pixels_of(grid: ThumbnailGrid) -> np.ndarray:
    image = grid.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.array(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), -1, 4)


def is_red(pixels: np.ndarray) -> np.ndarray:
    return (pixels[..., 0] > 200) & (pixels[..., 1] < 60) & (pixels[..., 2] < 60)


def test_a_picture_is_painted_in_its_proportions(qtbot: QtBot, loader: ThumbnailLoader, red: str) -> None:
    grid = shown(qtbot, loader, ListOfImages([red]))
    qtbot.waitUntil(lambda: loader.pixmap(red, "", 128) is not None)
    rows, columns = np.nonzero(is_red(pixels_of(grid)))
    width, height = int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
    assert width >= grid.thumbnail_size
    assert abs(width - 2 * height) <= 2


def test_a_file_that_is_no_image_gives_its_reason(qtbot: QtBot, loader: ThumbnailLoader, tmp_path: Path) -> None:
    path = tmp_path / "text.png"
    path.write_text("no picture at all, whatever the name says")
    grid = shown(qtbot, loader, ListOfImages([str(path)]))
    qtbot.waitUntil(lambda: loader.problem(str(path), "") != "")
    assert "text.png" in loader.problem(str(path), "")
    assert grid.viewport().grab().toImage().width() > 0


def test_arrow_keys_walk_and_enter_opens(qtbot: QtBot, loader: ThumbnailLoader, red: str) -> None:
    grid = shown(qtbot, loader, ListOfImages([red] * 20))
    rows: list[int] = []
    opened: list[int] = []
    grid.current_row_changed.connect(rows.append)
    grid.activated_row.connect(opened.append)
    grid.set_current_row(0)
    columns = sum(grid.visualRect(grid.model().index(row, 0)).y() == 0 for row in range(20))
    assert columns == 4
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Home):
        qtbot.keyClick(grid, key)
    assert rows == [0, 1, 1 + columns, columns, 19, 0]
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert opened == [0]


def test_the_size_of_pictures_has_bounds(qtbot: QtBot, loader: ThumbnailLoader, red: str) -> None:
    grid = shown(qtbot, loader, ListOfImages([red] * 3))
    sizes: list[int] = []
    grid.thumbnail_size_changed.connect(sizes.append)
    grid.set_thumbnail_size(10_000)
    assert sizes == [LARGEST]
    assert grid.gridSize().height() > LARGEST


def test_what_is_scrolled_away_is_not_loaded(qtbot: QtBot, loader: ThumbnailLoader, tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{number}.png") for number in range(4000)]
    for path in (*paths[:60], *paths[-60:]):
        Image.new("RGB", (8, 8), (0, 0, 250)).save(path)
    grid = shown(qtbot, loader, ListOfImages(paths))
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    last = paths[grid.visible_rows()[-1]]
    assert last == paths[-1]
    qtbot.waitUntil(lambda: loader.pixmap(last, "", 128) is not None)
    assert not loader.problem(paths[2000], "")


def test_visible_rows_are_those_under_the_eye(qtbot: QtBot, loader: ThumbnailLoader, red: str) -> None:
    grid = shown(qtbot, loader, ListOfImages([red] * 1000))
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    rows = grid.visible_rows()
    assert grid.indexAt(QPoint(20, 2)).row() == rows[0]
    assert grid.indexAt(QPoint(20, grid.viewport().height() - 2)).row() in rows


def test_memory_is_bounded_and_forgets_the_oldest(qtbot: QtBot, tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{number}.png") for number in range(6)]
    for path in paths:
        Image.new("RGB", (128, 128), (0, 0, 250)).save(path)
    assert MEMORY_BYTES <= 128 * 2**20
    loader = ThumbnailLoader(tmp_path / "thumbnails", memory_bytes=3 * 128 * 128 * 4)
    for path in paths:
        loader.want([Wanted(path, "", 128)])
        qtbot.waitUntil(lambda path=path: loader.pixmap(path, "", 128) is not None)  # type: ignore[misc]
    assert [loader.pixmap(path, "", 128) is not None for path in paths] == [False] * 3 + [True] * 3
    loader.close()


def test_a_million_rows_are_laid_out_in_no_time(qtbot: QtBot, loader: ThumbnailLoader, red: str) -> None:
    grid = shown(qtbot, loader, ListOfImages([red] * 1_000_000))
    begin = time.thread_time()
    for size in (64, 200, 128):
        grid.set_thumbnail_size(size)
        grid.resize(500 + size, 400)
        grid.viewport().repaint()
    assert time.thread_time() - begin < 6 * SLOWEST_FRAME
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert grid.current_row == 999_999
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))
    grid.selectAll()
    assert grid.selectionModel().selection().count() == 1


def test_up_and_down_keep_the_column_and_stop_at_the_ends(qtbot: QtBot, loader: ThumbnailLoader, red: str) -> None:
    grid = shown(qtbot, loader, ListOfImages([red] * 10))
    grid.set_current_row(2)
    for key, row in ((Qt.Key.Key_Up, 2), (Qt.Key.Key_Down, 6), (Qt.Key.Key_Down, 9), (Qt.Key.Key_Down, 9)):
        qtbot.keyClick(grid, key)
        assert grid.current_row == row


def test_a_click_on_one_of_several_selected_leaves_it_alone(qtbot: QtBot, loader: ThumbnailLoader, red: str) -> None:
    grid = shown(qtbot, loader, ListOfImages([red] * 10))
    grid.selectAll()
    place = grid.visualRect(grid.model().index(1, 0)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [index.row() for index in grid.selectionModel().selectedIndexes()] == [1]


def test_a_hundred_thousand_rows_scroll_smoothly(qtbot: QtBot, loader: ThumbnailLoader, red: str) -> None:
    grid = shown(qtbot, loader, ListOfImages([red] * 100_000))
    qtbot.waitUntil(lambda: loader.pixmap(red, "", 128) is not None)
    bar = grid.verticalScrollBar()
    frames = []
    for step in range(40):
        begin = time.thread_time()
        bar.setValue(bar.maximum() * step // 40)
        grid.viewport().repaint()
        frames.append(time.thread_time() - begin)
    assert bar.maximum() > 1_000_000
    assert max(frames) < SLOWEST_FRAME, f"slowest frame {max(frames) * 1000:.0f} ms"
