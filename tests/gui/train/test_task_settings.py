"""Training for another task: which settings are asked for, and which figure tells how good it is."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.core.events import EpochEnded
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.text_checks import check_texts
from imgmine_gui.core.storage.run_folder import RunFolder, RunState
from imgmine_gui.core.training.config import configure
from imgmine_gui.gui.widgets.plot_curves import RunCurves
from imgmine_gui.gui.widgets.plot_training import TrainingPlot
from imgmine_gui.gui.widgets.training.run_figures import best, best_words, short_words
from imgmine_gui.gui.widgets.training.task_settings import TaskSettings
from imgmine_gui.gui.widgets.training.watch import read_curves

READING = "text_recognition"
BOTH = ("classification", READING)


@pytest.fixture
def tasks(qtbot: QtBot) -> TaskSettings:
    made = TaskSettings()
    qtbot.addWidget(made)
    made.resize(360, 800)
    made.show()
    return made


@pytest.fixture
def reading_run(tmp_path: Path) -> RunFolder:
    """A run that read two lines of three rightly."""
    config = configure(READING, "crnn", {"epochs": 2}.items()).model_dump(mode="json")
    run = RunFolder.create(tmp_path / "run", "Reader", config, DataItems.of_items(()))
    metrics = {"loss": 2.0, "cer": 0.5, "exact": 0.1, "val_loss": 1.0, "val_cer": 0.25, "val_exact": 0.5}
    run.append_steps([(0, 3.0, 0.75), (1, 2.0, 0.5)])
    run.write_history([{"epoch": 0, "step": 2, "seconds": 1.0, "learning_rate": 0.1, "best": True, **metrics}])
    run.update(state=RunState.STOPPED, epochs_done=1, metrics=metrics)
    return run


def test_a_task_is_a_choice_only_where_there_is_one(tasks: TaskSettings) -> None:
    assert not tasks.choice.isVisible()
    tasks.offer(BOTH)
    assert tasks.choice.isVisible()
    assert tasks.task == "classification"


def test_each_task_begins_with_what_it_suggests(tasks: TaskSettings) -> None:
    tasks.choose(READING)
    assert tasks.panel.config() == configure(READING, "crnn")
    assert not any(section.form.changes() for section in tasks.panel.groups.values())
    assert list(tasks.panel.cards.cards) == ["crnn"]


def test_what_means_nothing_to_a_task_is_not_asked_for(tasks: TaskSettings) -> None:
    tasks.choose(READING)
    rows = tasks.panel.groups["preprocessing"].form.rows
    assert {name for name, row in rows.items() if not row.isHidden()} == {"width", "height", "colour"}
    assert rows["width"].title.text() == "Largest width"
    assert tasks.panel.groups["preprocessing"].form.advanced.isHidden(), "nothing is left in it"


def test_the_settings_of_all_tasks_are_kept(tasks: TaskSettings, qtbot: QtBot) -> None:
    tasks.panel.groups["training"].form.set_values({"epochs": 3})
    tasks.choose(READING)
    tasks.panel.groups["training"].form.set_values({"epochs": 4})
    kept = tasks.to_json()
    again = TaskSettings()
    qtbot.addWidget(again)
    again.from_json(kept)
    assert (again.task, again.panel.config().training.epochs) == (READING, 4)
    again.choose("classification")
    assert again.panel.config().training.epochs == 3


@pytest.mark.parametrize("kept", ["", "[]", '{"task": 3, "settings": {"classification": 1}}', '{"task": "painting"}'])
def test_what_cannot_be_understood_leaves_the_defaults(tasks: TaskSettings, kept: str) -> None:
    tasks.choose(READING)
    tasks.from_json(kept)
    assert tasks.task == "classification"
    assert tasks.panel.config().training == configure("classification", "attention").training


def test_settings_kept_before_there_were_tasks_are_understood(tasks: TaskSettings) -> None:
    tasks.panel.groups["training"].form.set_values({"epochs": 3})
    before = tasks.panel.to_json()
    tasks.panel.reset()
    tasks.from_json(before)
    assert tasks.panel.config().training.epochs == 3


def test_a_run_that_reads_is_told_by_its_error_rate(reading_run: RunFolder) -> None:
    info = reading_run.info()
    assert best(info) == 0.25
    assert (short_words(info), best_words(info)) == ("CER 25.0 %", "best CER 25.0 %")


def test_the_curves_of_a_run_that_reads_are_of_its_error_rate(reading_run: RunFolder) -> None:
    curves = read_curves(str(reading_run.path))
    assert (curves.metric, curves.falls) == ("cer", True)
    assert curves.batches["cer"].y.tolist() == [0.75, 0.5]
    assert curves.validation["cer"].y.tolist() == [0.25]


def test_the_axis_of_an_error_rate_follows_it_down(plot: TrainingPlot) -> None:
    run = RunCurves("reader", 4)
    run.metric, run.falls = "cer", True
    plot.start(run)
    assert plot.readouts[plot.quality].title.text() == "Character error rate"
    values = []
    for epoch, error in enumerate((0.9, 0.02)):
        metrics = {"loss": 1.0, "cer": error, "val_loss": 1.0, "val_cer": error}
        plot.add([EpochEnded(epoch, 4, metrics, True, 0.1, 1.0)])
        plot._paint_new()
        values.append(plot.quality.values_at(float(epoch + 1)))
    assert values == [[0.9, 0.9], [0.02, 0.02]]
    run = RunCurves("better", 4)
    run.metric, run.falls = "cer", True
    run.add(EpochEnded(0, 4, {"val_cer": 0.02}, True, 0.1, 1.0))
    plot.start(run)
    (_, top) = plot.quality.box.viewRange()[1]
    assert 0.02 <= top < 0.03


def item(text: str | None, split: Split | None = Split.TRAIN) -> DataItem:
    return DataItem("a.png", None, split, "0", text)


def codes(*items: DataItem) -> list[str]:
    return [check.code for check in check_texts(items)]


def test_what_hinders_reading_is_said() -> None:
    whole = [item("ab")] * 5
    assert codes() == codes(item(None)) == ["no_texts"]
    assert codes(item("ab", Split.TEST)) == ["no_training_texts", "unseen_characters"]
    assert codes(*whole) == ["no_validation_texts"]
    assert codes(*whole, item("ab", Split.VALIDATION)) == []
    assert codes(*whole, item("abc", Split.VALIDATION)) == ["unseen_characters"]
    assert codes(*whole, item("abd"), item("a", Split.VALIDATION)) == ["rare_characters"]
    assert codes(*whole, item("a", Split.VALIDATION), item(None, None)) == ["without_text"]


def test_only_some_of_many_characters_are_named() -> None:
    many = "".join(chr(0x4E00 + number) for number in range(30))
    (check,) = [one for one in check_texts([item(many), item("一", Split.VALIDATION)]) if one.code == "rare_characters"]
    assert len(check.values["characters"].split()) == 21
    assert check.values["characters"].endswith("…")
    assert np.all([character in many for character in check.values["characters"].split()[:-1]])
