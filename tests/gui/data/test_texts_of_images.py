"""Transcriptions where the images are: found with a folder, shown, typed and taken back."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.item_models.image_columns import COLUMNS
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.data.drive import add, settle, until

TEXTS = [column.of_texts for column in COLUMNS].index(True)


def write_lines(folder: Path) -> Path:
    """Three lines, of which two have a transcription."""
    folder.mkdir()
    for name in ("a.png", "b.png", "c.png"):
        Image.fromarray(np.full((20, 90), ord(name[0]), np.uint8)).save(folder / name)
    (folder / "labels.csv").write_text("file,text\na.png,oak é\nb.png,ash\n", "utf-8")
    return folder


def test_a_transcription_is_typed_and_taken_back(qtbot: QtBot, page: DataPage, tmp_path: Path) -> None:
    add(qtbot, page, write_lines(tmp_path / "lines"))
    gallery, project = page.gallery, page._session.project
    assert project is not None
    gallery.show_table(True)
    until(qtbot, lambda: not gallery.table.isColumnHidden(TEXTS))
    shown = ["oak é", "ash", ""]
    until(qtbot, lambda: [gallery.images.index(row, TEXTS).data() for row in range(3)] == shown)
    gallery.open_large(1)
    editor = gallery.large.editor
    until(qtbot, lambda: editor.isVisible() and editor.field.text() == "ash")
    number = gallery.images.ids[1]
    QTest.keyClicks(editor.field, "es")
    QTest.keyClick(editor.field, Qt.Key.Key_Return)
    until(qtbot, lambda: project.catalogue.rows([number])[0].text == "ashes")
    assert gallery.grid.current_row == 2, "Enter goes on"
    page._session.labelling.undo()
    until(qtbot, lambda: project.catalogue.rows([number])[0].text == "ash")
    settle(qtbot, page)


def test_images_with_a_text_are_not_said_to_be_of_no_use(qtbot: QtBot, page: DataPage, tmp_path: Path) -> None:
    add(qtbot, page, write_lines(tmp_path / "lines"))
    classes, search = page.column.classes, page.gallery.bar.text
    assert classes.predict.isVisible() and not classes.hint.isVisible()
    assert search.placeholderText() == "Find in names and texts"


def test_images_without_any_transcription_have_no_column_for_it(flowers: DataPage) -> None:
    flowers.gallery.show_table(True)
    assert flowers.gallery.table.isColumnHidden(TEXTS)
    assert not flowers.gallery.large.text_button.isChecked()
    assert flowers.gallery.bar.text.placeholderText() == "Find by name"
