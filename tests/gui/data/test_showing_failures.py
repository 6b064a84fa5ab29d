"""What turns out not to be decodable when it is looked at reaches the catalogue, its counts and its lists."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from imgmine_gui.app import showing_failures
from imgmine_gui.app.session import Session
from imgmine_gui.core.images.problems import Failure, ImageError, ImageProblem
from imgmine_gui.core.project.health.health import Health
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.app.small_images import write_images
from tests.gui.data.drive import add, settle, until


def cut(path: Path) -> Path:
    """Leave the header, and a part of the pixels."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """24 images of two classes, two of which have sound headers only."""
    made = write_images(tmp_path / "leaves", count=12, size=48)
    cut(made / "dark" / "003.png")
    cut(made / "light" / "007.png")
    return made


def test_looking_at_the_images_makes_the_counts_true(page: DataPage, qtbot: QtBot, folder: Path) -> None:
    add(qtbot, page, folder)
    session = page._session
    until(qtbot, lambda: session.totals().unreadable == 2)
    settle(qtbot, page)
    totals = session.totals()
    assert (totals.images, totals.train + totals.validation + totals.test) == (22, 22)
    assert page.status.startswith("22 images")
    assert any(row.check.code == "unreadable" for row in page.column.checks.rows)
    assert session.sources()[0].unreadable == 2
    page.filters.show_only(problems=True)
    settle(qtbot, page)
    rows = page.gallery.problems.model.rows
    assert {row.name for row in rows} == {"003.png", "007.png"}
    assert all(row.problem == "truncated" and row.name in row.reason for row in rows)


def test_the_reason_stays_over_a_scan_until_the_file_is_another(page: DataPage, qtbot: QtBot, folder: Path) -> None:
    add(qtbot, page, folder)
    session = page._session
    until(qtbot, lambda: session.totals().unreadable == 2)
    settle(qtbot, page)
    session.rescan(session.sources()[0].id)
    settle(qtbot, page)
    assert session.totals().unreadable == 2
    (folder / "dark" / "003.png").write_bytes((folder / "dark" / "004.png").read_bytes())
    session.rescan(session.sources()[0].id)
    settle(qtbot, page)
    assert (session.totals().images, session.totals().unreadable) == (23, 1)


def test_a_batch_is_written_beside_the_window_and_the_next_waits_for_it(
    page: DataPage, session: Session, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, batches, write = threading.Event(), [], Health.write

    def write_late(health: Health, batch: Any) -> int:
        batches.append([one.key for one in batch.undecodable])
        assert threading.current_thread() is not threading.main_thread()
        assert go_on.wait(30)
        return write(health, batch)

    monkeypatch.setattr(Health, "write", write_late)
    add(qtbot, page, folder)
    until(qtbot, lambda: batches)
    assert len(batches[0]) == 2
    key = batches[0][0]
    monkeypatch.setattr(showing_failures, "QUIET_MS", 0)
    note, asked = session.note_failures, list[Any]()
    monkeypatch.setattr(session, "note_failures", lambda batch: (asked.append(batch), note(batch))[1])
    later = QTimer(singleShot=True, interval=1)  # ends after a batch would have gone
    page.failures.add([Failure(key, str(folder / "dark" / "003.png"), ImageError(ImageProblem.DAMAGED, "x"))])
    with qtbot.waitSignal(later.timeout):
        later.start()
    assert asked == []
    assert len(batches) == 1
    go_on.set()
    until(qtbot, lambda: session.totals().unreadable == 2)


def test_what_may_be_gone_tomorrow_is_not_noted(page: DataPage, session: Session, qtbot: QtBot, folder: Path) -> None:
    images = [folder / "dark" / f"00{number}.png" for number in (0, 1, 2)]
    add(qtbot, page, folder)
    until(qtbot, lambda: session.totals().unreadable == 2)
    items = {item.path: item.key for item in session.project.catalogue.items()}  # type: ignore[union-attr]
    keys = [items[str(path)] for path in images]
    images[1].write_bytes(b"another file by now")
    os.unlink(images[2])
    failures = [
        Failure(keys[0], str(images[0]), ImageError(ImageProblem.READ_ERROR, str(images[0]), reason="the drive fails")),
        Failure(keys[1], str(images[1]), ImageError(ImageProblem.DAMAGED, str(images[1]))),
        Failure(keys[2], str(images[2]), ImageError(ImageProblem.DAMAGED, str(images[2]))),
    ]
    results: list[int] = []
    job = session.note_failures(failures)
    job.succeeded.connect(results.append)
    until(qtbot, lambda: job.is_over)
    assert results == [0]
    assert session.totals().unreadable == 2
