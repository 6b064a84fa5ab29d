"""What a run has predicted, in the filters, the orders and the table of the page of data."""

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from imgmine_gui.app.stored_predictions import StoredPredictions
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.project.catalogue import ImageOrder, SortBy
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.training.config import configure
from imgmine_gui.gui.format import percentage
from imgmine_gui.gui.item_models.image_columns import COLUMNS
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.data.drive import names, settle, until

CLASSES = ("daisy", "rose", "tulip")
PREDICTION, CONFIDENCE = ([column.title for column in COLUMNS].index(title) for title in ("Prediction", "Confidence"))


def a_run(page: DataPage, number: int) -> Path:
    """A run that is trained, as far as its files say so."""
    project = page._session.project
    assert project is not None
    path = project.runs_folder / f"{number:04d}-cnn"
    config = configure("classification", "cnn", {}.items())
    RunFolder.create(path, f"Run {number}", config.model_dump(mode="json"), DataItems.of_items([]))
    RunFolder.open(path).model_path.write_bytes(b"a model")
    return path


def predict(page: DataPage, run: Path, split: Split, said: int) -> list[str]:
    """Let a run say of all images of a split that they are of one class, each with more confidence; their paths."""
    project = page._session.project
    assert project is not None
    items = project.catalogue.items(split=split)
    sure = np.linspace(0.4, 1.0, len(items), dtype=np.float32)
    probabilities = np.tile(((1 - sure) / 2)[:, None], (1, len(CLASSES)))
    probabilities[:, said] = sure
    table = PredictionTable(CLASSES, tuple(item.path for item in items), probabilities)
    StoredPredictions(run, split, items).write(table)
    page._session.runs_changed.emit()
    return [item.path for item in items]


def entries(page: DataPage, title: str) -> list[str]:
    menu = page.gallery.bar.more.made()
    below = next((action.menu() for action in menu.actions() if action.text() == title), None)
    return [action.text() for action in below.actions()] if below is not None else []  # type: ignore[attr-defined]


def test_nothing_of_predictions_is_offered_without_a_run(flowers: DataPage) -> None:
    assert entries(flowers, "Confidence") == []
    assert "Confidence" not in [action.text() for action in flowers.gallery.bar.order.made().actions()]
    flowers.gallery.show_table(True)
    assert flowers.gallery.table.isColumnHidden(PREDICTION)
    assert flowers.gallery.table.isColumnHidden(CONFIDENCE)


def test_images_are_filtered_and_ordered_by_what_a_run_says(flowers: DataPage, qtbot: QtBot) -> None:
    flowers.gallery.show_table(True)
    everything = paths(qtbot, flowers)
    run = a_run(flowers, 1)
    test = predict(flowers, run, Split.VALIDATION, said=1)
    until(qtbot, lambda: flowers.filters.run)
    assert not flowers.gallery.table.isColumnHidden(PREDICTION)
    assert entries(flowers, "Predicted class") == ["Any class", *CLASSES]
    flowers.filters.set(predicted="rose")
    settle(qtbot, flowers)
    assert paths(qtbot, flowers) == test
    flowers.filters.show_only(agrees=False)
    settle(qtbot, flowers)
    assert paths(qtbot, flowers) == [path for path in test if Path(path).parent.name != "rose"]
    flowers.filters.show_only(confidence=(0.8, None))
    flowers.filters.sort(ImageOrder(SortBy.CONFIDENCE, descending=True))
    catalogue = flowers._session.project.catalogue  # type: ignore[union-attr]
    expected = catalogue.ids(flowers.filters.readable, flowers.filters.order)
    until(qtbot, lambda: flowers.gallery.images.ids == expected)
    shown = paths(qtbot, flowers)
    assert shown == [path for path, sure in zip(test, np.linspace(0.4, 1, len(test)), strict=True) if sure >= 0.8][::-1]
    images = flowers.gallery.images
    assert images.index(0, PREDICTION).data() == "rose"
    assert images.index(0, CONFIDENCE).data() == percentage(1.0)
    flowers.filters.clear()
    until(qtbot, lambda: images.rowCount() == len(everything))
    assert paths(qtbot, flowers)[: len(shown)] == shown
    assert images.index(images.rowCount() - 1, PREDICTION).data() == ""


def paths(qtbot: QtBot, page: DataPage) -> list[str]:
    """Of the images that are shown, once all are read."""
    names(qtbot, page)
    images = page.gallery.images
    return [images.image(row).path for row in range(images.rowCount())]  # type: ignore[union-attr]


def test_new_predictions_and_another_run_are_followed(flowers: DataPage, qtbot: QtBot) -> None:
    run = a_run(flowers, 1)
    predict(flowers, run, Split.VALIDATION, said=0)
    until(qtbot, lambda: flowers.filters.run)
    flowers.filters.set(predicted="daisy")
    settle(qtbot, flowers)
    before = flowers.gallery.images.rowCount()
    more = predict(flowers, run, Split.TRAIN, said=0)
    until(qtbot, lambda: flowers.gallery.images.rowCount() == before + len(more))
    newer = a_run(flowers, 2)
    few = predict(flowers, newer, Split.VALIDATION, said=0)
    until(qtbot, lambda: flowers.filters.run == str(newer))
    until(qtbot, lambda: flowers.gallery.images.rowCount() == len(few))
    assert entries(flowers, "Predictions of") == ["Run 2", "Run 1"]
    flowers.filters.run_wanted.emit(str(run))
    until(qtbot, lambda: flowers.gallery.images.rowCount() == before + len(more))
    flowers._session.delete_run(str(run))
    flowers._session.delete_run(str(newer))
    until(qtbot, lambda: not flowers.filters.run and not flowers.filters.are_set)


def test_predictions_of_a_model_that_was_trained_further_do_not_count(flowers: DataPage, qtbot: QtBot) -> None:
    run = a_run(flowers, 1)
    predict(flowers, run, Split.VALIDATION, said=0)
    until(qtbot, lambda: flowers.filters.run)
    RunFolder.open(run).model_path.write_bytes(b"another model")
    flowers._session.runs_changed.emit()
    until(qtbot, lambda: not flowers.filters.run)
