"""The settings of a training: architectures to choose from, and a form for each part of the configuration."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imgmine_gui.core.architectures.base import ARCHITECTURES, Architecture, Features, Produces
from imgmine_gui.core.options import Options
from imgmine_gui.core.training.config import TrainConfig, configure
from imgmine_gui.gui.widgets.training.settings_panel import SettingsPanel


class NewOptions(Options):
    """What is added by one file."""

    depth: int = 3


class New(Architecture):
    """Not known to any form."""

    name = "new"
    title = "New kind"
    summary = "Something else."
    diagram = ("Image", "Magic", "Class")
    options_type = NewOptions
    produces = frozenset({Produces.VECTOR})
    explainer = "layer_cam"

    def build(self, images: Any, options: Any, produce: Produces) -> Features:
        raise AssertionError


class Reader(New):
    """Fits no classification."""

    name = "reader"
    produces = frozenset({Produces.SEQUENCE})


@pytest.fixture
def registered() -> Iterator[None]:
    list(ARCHITECTURES)
    for kind in (New, Reader):
        ARCHITECTURES.register(kind.name)(kind)
    yield
    for kind in (New, Reader):
        del ARCHITECTURES._things[kind.name]


@pytest.fixture
def panel(qtbot: QtBot) -> SettingsPanel:
    made = SettingsPanel()
    qtbot.addWidget(made)
    made.resize(336, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_it_begins_with_the_defaults(panel: SettingsPanel) -> None:
    assert panel.config() == TrainConfig()


def test_a_new_architecture_appears_by_itself_where_it_fits(registered: None, qtbot: QtBot) -> None:
    panel = SettingsPanel()
    qtbot.addWidget(panel)
    panel.show()
    assert "new" in panel.cards.cards
    assert "reader" not in panel.cards.cards
    panel.cards.choose("new")
    assert panel.config().architecture_options == {"depth": 3}
    assert panel.architectures["new"].isVisible()
    assert not panel.grab().isNull()


def test_cards_are_chosen_by_keyboard(panel: SettingsPanel, qtbot: QtBot) -> None:
    names = list(panel.cards.cards)
    panel.cards.choose(names[0])
    panel.activateWindow()
    panel.cards.cards[names[0]].setFocus()
    qtbot.waitUntil(panel.cards.cards[names[0]].hasFocus)
    QTest.keyClick(panel.cards.cards[names[0]], Qt.Key.Key_Down)
    assert panel.cards.name() == names[1]
    assert panel.config().architecture == names[1]
    assert [name for name, section in panel.architectures.items() if section.isVisible()] == [names[1]]


def test_cards_say_what_they_are(panel: SettingsPanel) -> None:
    for name, card in panel.cards.cards.items():
        kind = ARCHITECTURES[name]
        assert card.accessibleName() == kind.title
        assert kind.summary in card.accessibleDescription()
        assert card.toolTip() == " → ".join(kind.diagram)


def test_settings_of_a_run_come_back(panel: SettingsPanel) -> None:
    config = configure(
        "classification", "crnn",
        [("units", 64), ("widths", (16, 32)), ("width", 96), ("rotation", 15.0), ("learning_rate", 1 / 3),
         ("time_budget", 90.0), ("optimiser", "sgd")],
    )  # fmt: skip
    panel.set_config(config)
    assert panel.config() == config


def test_each_architecture_keeps_its_own_settings(panel: SettingsPanel) -> None:
    panel.architectures["cnn"].form.set_values({"dense": 64})
    panel.cards.choose("attention")
    assert panel.config().architecture_options["dense"] == 128
    panel.cards.choose("cnn")
    assert panel.config().architecture_options["dense"] == 64


def test_changes_are_told_and_counted_and_reset(panel: SettingsPanel, qtbot: QtBot) -> None:
    section = panel.groups["training"]
    assert not section.reset.isVisible()
    with qtbot.waitSignal(panel.changed):
        section.form.set_values({"epochs": 3, "seed": 9})
    assert section.count.text() == "2 changed"
    assert section.reset.isVisible()
    section.reset.click()
    assert panel.config() == TrainConfig()
    assert section.count.text() == ""


def test_problems_of_the_chosen_architecture_count(panel: SettingsPanel) -> None:
    panel.architectures["cnn"].form.set_values({"dense": -1})
    panel.cards.choose("attention")
    assert not panel.problems()
    panel.cards.choose("cnn")
    assert panel.problems() == ["Dense layer: -1 does not fit. From 0 to 8,192."]
    assert panel.architectures["cnn"].fold.is_open()


def test_settings_survive_as_text(panel: SettingsPanel, qtbot: QtBot) -> None:
    panel.cards.choose("cnn")
    panel.groups["training"].form.set_values({"epochs": 3})
    panel.architectures["crnn"].form.set_values({"units": 7})
    panel.groups["preprocessing"].form.set_values({"width": 64, "height": 5})
    text = panel.to_json()
    other = SettingsPanel()
    qtbot.addWidget(other)
    other.from_json(text)
    assert other.cards.name() == "cnn"
    assert other.config().training.epochs == 3
    assert (other.config().preprocessing.width, other.config().preprocessing.height) == (64, 224)
    other.cards.choose("crnn")
    assert other.config().architecture_options["units"] == 7


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"training": {"epochs": "many"}}', '{"training": 3, "architecture": "x"}']
)
def test_damaged_settings_are_the_defaults(panel: SettingsPanel, text: str) -> None:
    panel.groups["training"].form.set_values({"epochs": 3})
    panel.from_json(text)
    assert panel.config() == TrainConfig()


def test_an_architecture_brings_its_settings_and_leaves_what_was_set(panel: SettingsPanel) -> None:
    rows = panel.groups["training"].form.rows
    rows["epochs"].editor.set_value(7)
    panel.cards.cards["transfer"].click()
    config = panel.config()
    assert config == configure("classification", "transfer", [("epochs", 7)])
    assert panel.groups["preprocessing"].form.rows["normalisation"].isHidden()
    panel.cards.cards["cnn"].click()
    assert panel.config() == configure("classification", "cnn", [("epochs", 7)])
    assert not panel.groups["preprocessing"].form.rows["normalisation"].isHidden()
