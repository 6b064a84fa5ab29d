"""What the tests of the page of data do again and again."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.pages.data_page import DataPage

LATE = 10_000


def until(qtbot: QtBot, condition: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(condition()), timeout=LATE)


LAYOUTS = 8
"""Layouts that stand in one another at most: each asks the one around it anew."""


def settle(qtbot: QtBot, page: DataPage) -> None:
    """Wait until nothing is scanned or written, and the page says what the catalogue says."""
    session = page._session
    until(qtbot, lambda: not session.labelling.is_busy)
    until(qtbot, lambda: not session.runner.jobs)
    until(
        qtbot,
        lambda: (
            page.state is not None
            and page.state.totals == session.totals()
            and [one.id for one in page.state.sources] == [one.id for one in session.sources()]
        ),
    )
    assert session.project is not None
    query = page.filters.query
    expected = list(session.project.catalogue.ids(query if query.problems else page.filters.readable))
    if query.problems:
        until(qtbot, lambda: len(page.gallery.problems.model.rows) == len(expected))
    else:
        until(qtbot, lambda: list(page.gallery.images.ids) == expected)
    for _ in range(LAYOUTS):  # what was shown just now has its place before it is clicked
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def add(qtbot: QtBot, page: DataPage, folder: Path) -> None:
    page._session.add_source(folder)
    settle(qtbot, page)


def names(qtbot: QtBot, page: DataPage) -> list[str]:
    """The file names that the thumbnails show, once all are read."""
    images = page.gallery.images
    until(qtbot, lambda: all(images.image(row) is not None for row in range(images.rowCount())))
    return [images.image(row).name for row in range(images.rowCount())]  # type: ignore[union-attr]


def drop(target: QWidget, *paths: Path) -> bool:
    """Drop files as another program does; whether they were taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def table_text(page: DataPage) -> list[list[str]]:
    """The table of classes, row by row."""
    model = page.column.classes.model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]
