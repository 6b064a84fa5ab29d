"""What the tests of the Train page do again and again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.storage.run_folder import RunFolder, RunState
from imgmine_gui.core.training.config import configure
from imgmine_gui.gui.pages.train_page import TrainPage
from imgmine_gui.gui.widgets.option_form import OptionForm

LATE = 90_000
"""Milliseconds; an engine takes seconds to start, more on a busy machine."""


def until(qtbot: QtBot, condition: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(condition()), timeout=LATE)


def make_images(folder: Path, classes: tuple[str, ...] = ("dark", "light"), count: int = 24) -> Path:
    """Images of two kinds that a network tells apart at once."""
    random = np.random.default_rng(0)
    for number, name in enumerate(classes):
        (folder / name).mkdir(parents=True)
        for index in range(count):
            pixels = random.integers(0, 90, (20, 20, 3)) + 120 * number
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{index}.png")
    return folder


def open_images(qtbot: QtBot, session: Session, page: TrainPage, folder: Path) -> None:
    """A project with the images of ``folder``, scanned."""
    session.open_path(folder)
    until(qtbot, lambda: not session.runner.jobs)
    page.refresh()
    until(qtbot, lambda: page.counts is not None and not page.is_counting)


def set_small(page: TrainPage, **training: Any) -> None:
    """Settings with which a training takes a second."""
    page.settings.cards.choose("cnn")
    page.settings.architectures["cnn"].form.set_values({"widths": [4], "dense": 4})
    page.settings.groups["preprocessing"].form.set_values({"width": 16, "height": 16})
    page.settings.groups["training"].form.set_values({"batch_size": 8, **training})


def make_run(
    session: Session, number: int, name: str, state: RunState = RunState.FINISHED, epochs: int = 3, planned: int = 5
) -> str:
    """A run as a training leaves it, with a file in the place of its model; returns its path."""
    assert session.project is not None
    config = configure("classification", "cnn", [("epochs", planned), ("dense", 99)]).model_dump(mode="json")
    run = RunFolder.create(session.project.runs_folder / f"{number:04d}-cnn", name, config, DataItems((), ("a", "b")))
    history = [
        {"epoch": epoch, "step": 4 * (epoch + 1), "seconds": 1.0, "learning_rate": 0.1, "best": epoch == 1,
         "loss": 1 / (epoch + number), "accuracy": 0.5, "val_loss": 1.0, "val_accuracy": 0.6}
        for epoch in range(epochs)
    ]  # fmt: skip
    run.write_history(history)
    run.append_steps([(step, 1.0, 0.5) for step in range(4 * epochs)])
    run.model_path.write_bytes(b"a model")
    metrics = {"val_accuracy": 0.6} if epochs else {}
    run.update(state=state, epochs_done=epochs, metrics=metrics, created=1_700_000_000 + number)
    session.runs_changed.emit()
    return str(run.path)


def control(form: OptionForm, name: str) -> QWidget:
    """What is typed into or clicked."""
    return form.rows[name].editor.control


def type_into(form: OptionForm, name: str, text: str) -> None:
    """Replace what stands in a field, as a person does."""
    widget = control(form, name)
    line = widget if isinstance(widget, QLineEdit) else widget.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    widget.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    if text.isascii():
        QTest.keyClicks(line, text)
    else:  # as an input method does
        line.insert(text)
