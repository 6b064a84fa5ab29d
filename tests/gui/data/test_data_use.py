"""The page with the keyboard alone, for a screen reader, in another language, and while much is scanned."""

import os
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.appearance import apply_language, apply_theme
from imgmine_gui.gui.pages.data_page import DataPage
from imgmine_gui.gui.theme import theme
from tests.gui.data.drive import settle, until
from tests.timing import LENIENCY

CONTROLS = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit)
INTERVAL_MS = 5
LATE_MS = 100.0 * LENIENCY
"""Far above what is measured (see tests/bench/window_latency.py): other programs use the processor, too."""


def test_the_keyboard_reaches_everything_in_the_order_of_the_eye(flowers: DataPage, qtbot: QtBot) -> None:
    sources, column, gallery = flowers.column.sources, flowers.column, flowers.gallery
    sources.list.setFocus()
    visited: list[QWidget] = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        visited.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    wanted = [
        sources.list,
        sources.add_button,
        column.classes.table,
        column.split.validation,
        column.split.test,
        column.split.seed,
        column.train,
        gallery.bar.text,
        gallery.bar.label,
        gallery.bar.split,
        gallery.bar.kind,
        gallery.grid,
    ]
    places = [visited.index(widget) for widget in wanted]
    assert places == sorted(places)


def test_classes_and_images_are_chosen_with_the_arrows(flowers: DataPage, qtbot: QtBot) -> None:
    table = flowers.column.classes.table
    table.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(table, key)
    settle(qtbot, flowers)
    assert flowers.filters.query.label == "rose"
    flowers.search()
    qtbot.keyClick(flowers.gallery.bar.text, Qt.Key.Key_Escape)
    assert flowers.gallery.grid.hasFocus()
    qtbot.keyClick(flowers.gallery.grid, Qt.Key.Key_End)
    until(qtbot, lambda: flowers.details.name.text() == "011.png")
    qtbot.keyClick(flowers.gallery.grid, Qt.Key.Key_Return)
    assert flowers.gallery.large.view.hasFocus()
    qtbot.keyClick(flowers.gallery.large.view, Qt.Key.Key_Escape)
    assert flowers.gallery.grid.hasFocus()
    before = flowers.gallery.grid.thumbnail_size
    flowers.zoom(1)
    assert flowers.gallery.grid.thumbnail_size > before
    flowers.zoom(0)
    assert flowers.gallery.grid.thumbnail_size == before


def test_every_control_has_a_name(flowers: DataPage, bare_page: DataPage) -> None:
    for control in flowers.findChildren(QWidget):
        if isinstance(control, CONTROLS) and not control.objectName().startswith("qt_"):
            named = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
            inside = isinstance(control.parentWidget(), QAbstractSpinBox | QComboBox | QLineEdit | QAbstractItemView)
            assert named or inside or (type(control).__module__.startswith("PySide6") and not control.isVisible()), (
                control
            )


def test_language_and_theme_change_in_place(flowers: DataPage, qtbot: QtBot) -> None:
    apply_language("zh_CN")
    apply_theme("dark")
    settle(qtbot, flowers)
    until(qtbot, lambda: flowers.palette().window().color() == theme().colours.window)
    assert flowers.grab().toImage().pixelColor(2, 2).lightness() < 80
    apply_language("en")
    assert flowers.column.train.text() == "Train"


def test_a_narrow_window_gives_its_room_to_the_pictures(flowers: DataPage, qtbot: QtBot) -> None:
    assert flowers.panel.is_open()
    flowers.resize(930, 600)
    until(qtbot, lambda: not flowers.panel.is_open())
    until(qtbot, lambda: flowers.gallery.grid.width() > 930 * 0.6)
    flowers.resize(1340, 820)
    until(qtbot, flowers.panel.is_open)


def test_the_window_answers_while_three_thousand_files_are_scanned(
    page: DataPage, qtbot: QtBot, tmp_path: Path
) -> None:
    generator = np.random.default_rng(3)
    for name in ("a", "b", "c"):
        (tmp_path / "many" / name).mkdir(parents=True)
        for number in range(100):
            pixels = generator.integers(0, 255, (48, 48, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / "many" / name / f"{number}.png")
            for copy in range(1, 10):
                place = tmp_path / "many" / name
                os.link(place / f"{number}.png", place / f"{number}-{copy}.png")
    clock, late = QElapsedTimer(), []

    def tick() -> None:
        late.append(max(0.0, clock.nsecsElapsed() / 1e6 - INTERVAL_MS))
        clock.restart()
        bar = page.gallery.grid.verticalScrollBar()
        bar.setValue(0 if bar.value() >= bar.maximum() else bar.value() + 60)

    timer = QTimer(interval=INTERVAL_MS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    clock.start()
    timer.start()
    job = page._session.add_source(tmp_path / "many")
    until(qtbot, lambda: job.is_over)
    settle(qtbot, page)
    timer.stop()
    assert page.gallery.images.rowCount() == 3000
    assert len(late) > 20
    assert sorted(late)[int(len(late) * 0.99)] < LATE_MS
