"""A hundred thousand rows, and who reads them when."""

import sqlite3
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imgmine_gui.core.project.catalogue import Catalogue, ImageQuery
from imgmine_gui.core.project.schema import create_catalogue
from imgmine_gui.gui.item_models.catalogue_images import KEPT_PAGES, PAGE, CatalogueImages
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.widgets.thumbnail_grid import ThumbnailGrid
from tests.gui.data.drive import until
from tests.timing import LENIENCY

MANY = 100_000


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    path = tmp_path / "project.db"
    create_catalogue(path)
    db = sqlite3.connect(path)
    db.execute("INSERT INTO sources (id, path, is_file) VALUES (1, ?, 0)", [b"/nowhere"])
    db.executemany(
        "INSERT INTO images (source_id, path, search, size, mtime_ns, inode, key, width, height, problem, explanation)"
        " VALUES (1, ?, ?, 1, 1, 1, ?, 8, 8, '', '')",
        ((b"%06d.png" % number, f"{number:06}.png", f"k{number}") for number in range(MANY)),
    )
    db.commit()
    db.close()
    return Catalogue(path)


def test_a_hundred_thousand_images_scroll_without_their_rows(
    qtbot: QtBot, catalogue: Catalogue, tmp_path: Path
) -> None:
    reader = CatalogueReader()
    images = CatalogueImages(reader)
    loader = ThumbnailLoader(tmp_path / "thumbnails")
    grid = ThumbnailGrid(loader)
    qtbot.addWidget(grid)
    grid.setModel(images)
    grid.resize(900, 700)
    grid.show()
    qtbot.waitExposed(grid)
    asked: list[int] = []

    def rows(ids: object) -> object:
        asked.append(len(ids))  # type: ignore[arg-type]
        return catalogue.rows(ids)  # type: ignore[arg-type]

    begun = time.perf_counter()
    images.show(catalogue.ids(ImageQuery()), rows)  # type: ignore[arg-type]
    assert images.rowCount() == MANY
    assert time.perf_counter() - begun < 2.0 * LENIENCY
    until(qtbot, lambda: images.image(0) is not None)
    assert sum(asked) <= 4 * PAGE, "only what is seen is read"
    slowest = 0.0
    for row in range(0, MANY, 5000):
        begun = time.thread_time()  # of this thread alone: others use the processor, too
        grid.set_current_row(row)
        QApplication.processEvents()
        slowest = max(slowest, time.thread_time() - begun)
    assert slowest < 0.15
    qtbot.keyClick(grid, Qt.Key.Key_End)
    until(qtbot, lambda: (last := images.image(MANY - 1)) is not None and last.name == "099999.png")
    assert sum(asked) < MANY / 2
    assert len(images._pages) <= KEPT_PAGES
    loader.close()
    catalogue.close()


def test_pages_are_forgotten_and_read_again(qtbot: QtBot, catalogue: Catalogue) -> None:
    images = CatalogueImages(CatalogueReader())
    images.show(catalogue.ids(ImageQuery()), catalogue.rows)
    for page in range(KEPT_PAGES + 3):
        until(qtbot, lambda page=page: images.image(page * PAGE) is not None)  # type: ignore[misc]
    assert len(images._pages) == KEPT_PAGES
    until(qtbot, lambda: images.image(0) is not None)
    catalogue.close()


def test_only_the_newest_question_about_a_subject_is_answered(qtbot: QtBot) -> None:
    reader = CatalogueReader()
    answers: list[int] = []
    for number in range(20):
        reader.ask("one", lambda number=number: number, answers.append)  # type: ignore[misc]
    reader.ask("other", lambda: 99, answers.append)
    until(qtbot, lambda: len(answers) >= 2)
    assert sorted(answers) == [19, 99]


def test_what_a_question_ends_with_is_told(qtbot: QtBot) -> None:
    reader = CatalogueReader()
    failures: list[object] = []
    reader.failed.connect(failures.append)
    reader.ask("one", lambda: 1 / 0, failures.append)
    until(qtbot, lambda: failures)
    assert isinstance(failures[0], ZeroDivisionError)


def test_a_catalogue_is_closed_under_the_hands_of_its_readers(qtbot: QtBot, catalogue: Catalogue) -> None:
    reader = CatalogueReader()
    answers: list[object] = []
    failures: list[object] = []
    reader.failed.connect(failures.append)
    for number in range(8):
        reader.ask(f"all {number}", lambda: catalogue.page(ImageQuery(), None, -1), answers.append)
    begun = time.perf_counter()
    catalogue.close()
    assert time.perf_counter() - begun < 2.0 * LENIENCY
    reader.ask("after", lambda: 7, answers.append)
    until(qtbot, lambda: 7 in answers)
    assert not failures
