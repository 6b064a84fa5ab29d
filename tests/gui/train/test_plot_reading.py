"""What the mouse and keys do to the live plot: zooming into a part, and reading values."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.widgets.plot_lines import PlotView
from imgmine_gui.gui.widgets.plot_training import TrainingPlot
from tests.gui.train.plot_driver import (
    LEFT,
    NO,
    STEPS,
    batch,
    curves,
    drag,
    epoch_end,
    feed,
    hover,
    scene_point,
    send,
    training,
)


def test_dragging_zooms_and_a_double_click_fits(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(6))
    metric, whole = plot.loss, plot.loss.box.viewRange()
    drag(metric, (2, 1.8), (6, 0.4))
    assert metric.box.viewRange()[0] == pytest.approx([2, 6], abs=0.1)
    assert metric.box.viewRange()[1] == pytest.approx([0.4, 1.8], abs=0.05)
    assert plot.quality.box.viewRange()[0] == pytest.approx([2, 6], abs=0.1)
    at = scene_point(metric, 4, 1.0)
    QTest.mouseClick(metric.viewport(), LEFT, pos=at.toPoint())
    send(metric, QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT)
    send(metric, QEvent.Type.MouseButtonRelease, at, LEFT, NO)
    assert metric.box.viewRange() == whole


def test_a_dragged_part_stays_while_points_come_in(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(6))
    drag(plot.loss, (2, 1.8), (6, 0.4))
    before = [one.box.viewRange() for one in plot.plots]
    feed(plot, qtbot, [*(batch(6, step, 0.2) for step in range(STEPS)), epoch_end(6, 0.2)])
    assert [one.box.viewRange() for one in plot.plots] == before


def test_a_part_stays_in_view_when_it_is_shown_otherwise(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(6))
    drag(plot.loss, (2, 1.8), (6, 0.4))
    epochs, (bottom, top) = plot.loss.box.viewRange()
    plot.choices.set_view(PlotView(batches=True, span=10))
    plot.overlay([curves("first")])
    assert plot.loss.box.viewRange() == [epochs, [bottom, top]]
    plot.choices.set_view(PlotView(batches=True, span=10, logarithmic=True))
    assert plot.loss.box.viewRange()[0] == epochs
    assert plot.loss.box.viewRange()[1] == pytest.approx([np.log10(bottom), np.log10(top)])
    plot.choices.set_view(PlotView(batches=True, span=10))
    assert plot.loss.box.viewRange()[1] == pytest.approx([bottom, top])
    assert plot.choices.fit.isEnabled()
    plot.start(curves("another"))
    assert not plot.loss.is_zoomed
    assert not plot.choices.fit.isEnabled()


def test_a_button_leads_back_from_a_part_and_its_focus_goes_to_the_curves(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(6))
    whole = [one.box.viewRange() for one in plot.plots]
    assert not plot.choices.fit.isEnabled()
    assert "Drag" in plot.choices.fit.toolTip()
    drag(plot.quality, (2, 0.9), (6, 0.4))
    assert plot.choices.fit.isEnabled()
    assert "Ctrl+0" in plot.choices.fit.toolTip()
    plot.activateWindow()
    plot.choices.fit.setFocus()
    qtbot.waitUntil(plot.choices.fit.hasFocus)
    QTest.keyClick(plot.choices.fit, Qt.Key.Key_Space)
    assert [one.box.viewRange() for one in plot.plots] == whole
    assert plot.hasFocus()


def test_zooming_out_ends_with_the_whole(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(6))
    whole = plot.loss.box.viewRange()
    plot.zoom(0.5)
    for _ in range(5):
        plot.zoom(1.25)
    assert plot.loss.box.viewRange() == whole
    assert not plot.choices.fit.isEnabled()


def test_the_point_that_keys_step_to_is_in_view(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(8))
    drag(plot.loss, (2.5, 1.8), (4.5, 0.2))
    hover(plot.loss, 4.1)
    for _ in range(3):
        QTest.keyClick(plot, Qt.Key.Key_Right)
        (low, high), _ = plot.loss.box.viewRange()
        assert low <= plot._pointed <= high  # type: ignore[operator] # keys always point somewhere
    assert plot._pointed == 7


def test_a_click_zooms_nowhere(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(6))
    whole = plot.loss.box.viewRange()
    QTest.mouseClick(plot.loss.viewport(), LEFT, pos=scene_point(plot.loss, 4, 1.0).toPoint())
    assert plot.loss.box.viewRange() == whole


def test_values_under_the_pointer_are_read_and_the_newest_without_it(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(4))
    loss, accuracy = plot.readouts[plot.loss], plot.readouts[plot.quality]
    assert loss.place.text() == "Epoch 4"
    hover(plot.loss, 2.2)
    assert loss.place.text() == "Epoch 2"
    assert (loss.training.text(), loss.validation.text()) == ("1.00", "1.10")
    assert (accuracy.training.text(), accuracy.validation.text()) == ("75.0 %", "65.0 %")
    assert plot.quality._pointer.line.value() == 2
    plot.choices.set_view(PlotView(batches=True, span=1))
    hover(plot.quality, 2.29, 0.8)
    assert loss.place.text() == "Epoch 3, batch 3"
    QApplication.sendEvent(plot.quality, QEvent(QEvent.Type.Leave))
    assert loss.place.text() == "Epoch 4, batch 10"
    assert not plot.loss._pointer.line.isVisible()


def test_keys_step_through_the_points(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(4))
    for key, place in (
        (Qt.Key.Key_Left, "Epoch 3"),
        (Qt.Key.Key_Left, "Epoch 2"),
        (Qt.Key.Key_Right, "Epoch 3"),
        (Qt.Key.Key_Home, "Epoch 1"),
        (Qt.Key.Key_End, "Epoch 4"),
        (Qt.Key.Key_Right, "Epoch 4"),
    ):
        QTest.keyClick(plot, key)
        assert plot.readouts[plot.loss].place.text() == place
    assert "Epoch 4" in plot.accessibleDescription()
    assert "Validation 77.5 %" in plot.accessibleDescription()
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert not plot.loss._pointer.line.isVisible()


def test_keys_zoom_and_fit(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(4))
    whole = plot.loss.box.viewRange()
    QTest.keyClick(plot, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    low, high = plot.loss.box.viewRange()[0]
    assert high - low < whole[0][1] - whole[0][0]
    QTest.keyClick(plot, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert plot.loss.box.viewRange() == whole


def test_reading_values_moves_nothing(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(4))
    places = [plot.loss.geometry(), plot.readouts[plot.loss].validation.geometry()]
    feed(plot, qtbot, [epoch_end(4, 0.000123)])
    hover(plot.loss, 5)
    QApplication.processEvents()
    assert [plot.loss.geometry(), plot.readouts[plot.loss].validation.geometry()] == places
