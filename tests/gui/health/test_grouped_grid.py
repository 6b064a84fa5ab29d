"""A grid in groups: every cell is where it is worked out, by mouse and by keys, however many groups there are."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.widgets.health.grouped_grid import HEAD, GroupedGrid
from tests.gui.predictions.list_of_images import ListOfImages
from tests.timing import LENIENCY

SIZES = [3, 1, 12, 2, 5]


@pytest.fixture
def loader(tmp_path: Path) -> Iterator[ThumbnailLoader]:
    loader = ThumbnailLoader(tmp_path / "thumbnails")
    yield loader
    loader.close()


def shown(qtbot: QtBot, loader: ThumbnailLoader, sizes: list[int]) -> GroupedGrid:
    grid = GroupedGrid(loader, lambda group: f"group {group}", 128)
    qtbot.addWidget(grid)
    grid.setModel(ListOfImages([f"/nowhere/{number}.png" for number in range(sum(sizes))]))
    grid.show_groups(sizes)
    grid.resize(700, 600)
    with qtbot.waitActive(grid):
        grid.show()
        grid.activateWindow()
    return grid


@pytest.fixture
def grid(qtbot: QtBot, loader: ThumbnailLoader) -> GroupedGrid:
    """Four cells a line."""
    grid = shown(qtbot, loader, SIZES)
    assert grid._columns == 4
    return grid


def selected(grid: GroupedGrid) -> list[int]:
    return sorted(index.row() for index in grid.selectionModel().selectedIndexes())


def middle(grid: GroupedGrid, row: int) -> QPoint:
    return grid.visualRect(grid.model().index(row, 0)).center()


def test_each_group_begins_on_a_line_of_its_own_below_its_words(grid: GroupedGrid) -> None:
    rects = [grid.visualRect(grid.model().index(row, 0)) for row in range(sum(SIZES))]
    assert not any(one.intersects(other) for one in rects for other in rects if one is not other)
    first = 0
    for group, size in enumerate(SIZES):
        rows = rects[first : first + size]
        assert {rect.left() for rect in rows[::4]} == {0}
        assert rows[0].top() == int(grid._tops[group]) + HEAD
        assert [rect.top() for rect in rows] == [rows[0].top() + row // 4 * rects[0].height() for row in range(size)]
        first += size


def test_the_cell_under_the_pointer_is_the_one_that_is_painted_there(grid: GroupedGrid) -> None:
    for row in range(sum(SIZES)):
        assert grid.indexAt(middle(grid, row)).row() == row
    assert not grid.indexAt(QPoint(20, HEAD // 2)).isValid()  # words
    beside = middle(grid, 2) + QPoint(grid.gridSize().width(), 0)
    assert not grid.indexAt(beside).isValid()  # behind the last of a group
    assert not grid.indexAt(QPoint(20, 100_000)).isValid()


def test_a_click_on_the_words_selects_the_group(qtbot: QtBot, grid: GroupedGrid) -> None:
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, HEAD // 2))
    assert selected(grid) == [0, 1, 2]
    second = QPoint(40, int(grid._tops[1]) + HEAD // 2)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, second)
    assert selected(grid) == [0, 1, 2, 3]
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle(grid, 1))
    assert selected(grid) == [1]
    qtbot.keyClick(grid, Qt.Key.Key_G)
    assert selected(grid) == [0, 1, 2]


@pytest.mark.parametrize(
    ("start", "key", "expected"),
    [
        (0, Qt.Key.Key_Right, 1), (2, Qt.Key.Key_Right, 3), (3, Qt.Key.Key_Left, 2),
        (2, Qt.Key.Key_Down, 3), (3, Qt.Key.Key_Down, 4), (5, Qt.Key.Key_Down, 9), (13, Qt.Key.Key_Down, 17),
        (15, Qt.Key.Key_Down, 17), (16, Qt.Key.Key_Up, 12), (7, Qt.Key.Key_Up, 3), (2, Qt.Key.Key_Up, 2),
        (22, Qt.Key.Key_Down, 22), (0, Qt.Key.Key_End, 22), (9, Qt.Key.Key_Home, 0),
    ],
)  # fmt: skip
def test_keys_walk_over_the_groups(qtbot: QtBot, grid: GroupedGrid, start: int, key: Qt.Key, expected: int) -> None:
    grid.set_current_row(start)
    grid.setFocus()
    qtbot.keyClick(grid, key)
    assert grid.current_row == expected
    assert grid.viewport().rect().contains(middle(grid, expected))  # it is scrolled into view


def test_a_page_goes_as_far_as_is_seen(qtbot: QtBot, loader: ThumbnailLoader) -> None:
    grid = shown(qtbot, loader, [2] * 50)
    grid.set_current_row(0)
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_PageDown)
    assert 4 <= grid.current_row <= 8
    qtbot.keyClick(grid, Qt.Key.Key_PageUp)
    assert grid.current_row == 0


def test_a_rubber_band_selects_what_it_touches(qtbot: QtBot, grid: GroupedGrid) -> None:
    viewport, button = grid.viewport(), Qt.MouseButton.LeftButton
    start = middle(grid, 2) + QPoint(grid.gridSize().width(), 0)
    qtbot.mousePress(viewport, button, pos=start)
    qtbot.mouseMove(viewport, middle(grid, 3) + QPoint(20, 0))
    qtbot.mouseMove(viewport, middle(grid, 3))
    qtbot.mouseRelease(viewport, button, pos=middle(grid, 3))
    assert selected(grid) == [0, 1, 2, 3] or selected(grid) == [3]


def test_other_widths_and_other_groups(qtbot: QtBot, grid: GroupedGrid) -> None:
    grid.resize(360, 500)
    qtbot.waitUntil(lambda: grid._columns == 2)
    assert middle(grid, 2).y() > middle(grid, 0).y()
    grid.show_groups([23])
    assert middle(grid, 3).y() == middle(grid, 2).y()
    grid.show_groups([])
    assert grid.visible_rows() == range(0)
    assert not grid.indexAt(QPoint(30, 80)).isValid()


def test_a_hundred_thousand_groups_are_laid_out_and_scrolled_at_once(qtbot: QtBot, loader: ThumbnailLoader) -> None:
    grid = shown(qtbot, loader, [2] * 100_000)
    began = time.perf_counter()
    grid.show_groups([2] * 100_000)
    assert time.perf_counter() - began < 0.3 * LENIENCY
    bar = grid.verticalScrollBar()
    longest = 0.0
    for step in range(20):
        began = time.perf_counter()
        bar.setValue(bar.maximum() * step // 19)
        grid.viewport().repaint()
        longest = max(longest, time.perf_counter() - began)
    assert grid.visible_rows().stop == 200_000
    assert longest < 0.05 * LENIENCY
