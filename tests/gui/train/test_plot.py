"""The live plot on a screen: what it shows, and in which words and colours."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.colours import DARK, LIGHT
from imgmine_gui.gui.theme import ThemeMode, theme
from imgmine_gui.gui.widgets.plot_colours import PlotColours, contrast
from imgmine_gui.gui.widgets.plot_curves import RunCurves
from imgmine_gui.gui.widgets.plot_labels import settle
from imgmine_gui.gui.widgets.plot_lines import PlotView
from imgmine_gui.gui.widgets.plot_training import TrainingPlot
from tests.gui.train.plot_driver import STEPS, batch, curves, drag, epoch_end, feed, hover, training


def test_every_point_arrives_and_is_painted_once(plot: TrainingPlot, qtbot: QtBot) -> None:
    painted = []
    plot.painted.connect(lambda: painted.append(1))
    for event in training(3):
        plot.add([event])
    qtbot.waitUntil(lambda: bool(painted))
    assert painted == [1]
    assert len(plot.run.batches["loss"]) == 3 * STEPS
    x, y = plot.loss._lines.validation_shown
    assert x.tolist() == [1, 2, 3]
    np.testing.assert_allclose(y, [2.1, 1.1, 2 / 3 + 0.1])
    plot.set_view(PlotView(batches=True))
    assert len(plot.quality._lines.training_shown[0]) == 3 * STEPS


def test_the_curve_of_a_training_moves_before_an_epoch_ended(qtbot: QtBot) -> None:
    plot = TrainingPlot()
    qtbot.addWidget(plot)
    plot.start(RunCurves("present", 20))
    feed(plot, qtbot, [batch(0, step, 2.0) for step in range(3)])
    assert len(plot.loss._lines.training_shown[0]) == 3


def test_an_empty_plot_says_what_comes(plot: TrainingPlot, qtbot: QtBot) -> None:
    assert plot.invitation.text() == "Press Train, and watch the loss fall here."
    plot.start(RunCurves("present", 20), awaited=True)
    assert plot.invitation.text() == "The curves begin with the first batch."
    feed(plot, qtbot, [batch(0, 0, 2.0)])
    assert not plot.invitation.isVisible()


def test_a_point_within_the_range_leaves_the_range_alone(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(2))
    before = plot.loss.box.viewRange()
    feed(plot, qtbot, [batch(2, step, 0.7) for step in range(5)])
    assert plot.loss.box.viewRange() == before
    assert plot.quality.box.viewRange()[0] == before[0]


def test_the_range_grows_by_a_step_when_a_mean_leaves_it(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(3))
    top = plot.loss._shown[1]
    feed(plot, qtbot, [epoch_end(3, 4.6)])
    assert plot.loss._shown[1] == 5.0 > top


def test_the_range_shrinks_at_the_end_of_an_epoch_alone(plot: TrainingPlot, qtbot: QtBot) -> None:
    plot.choices.set_view(PlotView(batches=True, span=1))
    feed(plot, qtbot, [batch(0, step, 3.7) for step in range(5)])
    high = plot.loss._shown[1]
    feed(plot, qtbot, [batch(epoch, step, 0.3) for epoch in range(1, 40) for step in range(STEPS)])
    assert plot.loss._shown[1] == high == 4.0
    feed(plot, qtbot, [epoch_end(40, 0.3, 50)])
    assert plot.loss._shown[1] < 1


def test_a_range_that_the_person_chose_stays(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(3))
    plot.zoom(0.5)
    before = plot.loss.box.viewRange()
    feed(plot, qtbot, [epoch_end(3, 30.0)])
    assert plot.loss.box.viewRange() == before
    plot.fit()
    assert plot.loss.box.viewRange() != before


def test_the_best_epoch_is_marked(plot: TrainingPlot, qtbot: QtBot) -> None:
    assert not plot.loss._best.line.isVisible()
    feed(plot, qtbot, training(4))
    assert plot.loss._best.line.value() == 3
    assert plot.loss._best.words.text() == "Best: epoch 3"
    np.testing.assert_allclose(plot.quality._best.ring.getData()[1], [0.9 - 2 / 3 / 4])
    assert plot.loss._best.words.isVisible()
    assert not plot.quality._best.words.isVisible()


def test_earlier_runs_lie_behind_under_their_names(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(4))
    plot.overlay([curves("first try", 8), curves("second try", 6)])
    assert set(plot.loss._names.texts()) == {"Validation", "Training", "first try", "second try"}
    lines, behind = plot.loss._lines, plot.loss._behind
    assert len(behind) == 2
    assert all(one.validation.zValue() < lines.cloud.zValue() for one in behind)
    assert not any(one.dots.isVisible() or one.cloud.isVisible() for one in behind)
    assert contrast(behind[0].validation.opts["pen"].color(), LIGHT.surface) < contrast(
        lines.validation.opts["pen"].color(), LIGHT.surface
    )
    plot.overlay([])
    assert set(plot.loss._names.texts()) == {"Validation", "Training"}


def test_values_of_earlier_runs_are_read_under_the_pointer(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(4))
    plot.overlay([curves("long", 8), curves("short", 2)])
    hover(plot.loss, 2.2)
    assert {"long  1.10", "short  1.10"} <= set(plot.loss._names.texts())
    assert {"long  65.0 %", "short  65.0 %"} <= set(plot.quality._names.texts())
    assert "long 1.10" in plot.accessibleDescription()
    assert len(plot.loss._pointer.dots.data) == 4
    hover(plot.loss, 7.1)
    loss = plot.readouts[plot.loss]
    assert (loss.place.text(), loss.training.text(), loss.validation.text()) == ("Epoch 7", "–", "–")
    assert {"long  0.386", "short"} <= set(plot.loss._names.texts())
    QApplication.sendEvent(plot.quality, QEvent(QEvent.Type.Leave))
    assert {"long", "short"} <= set(plot.loss._names.texts())


def test_training_is_thin_and_validation_strong(plot: TrainingPlot) -> None:
    lines = plot.loss._lines
    thin, strong = lines.training.opts["pen"], lines.validation.opts["pen"]
    assert thin.widthF() < strong.widthF()
    assert contrast(thin.color(), LIGHT.surface) < contrast(strong.color(), LIGHT.surface)


def test_smoothing_shows_the_mean_and_the_raw_values_pale(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(4))
    plot.choices.set_view(PlotView(batches=True, span=10))
    lines = plot.loss._lines
    np.testing.assert_allclose(lines.training_shown[1], plot.run.batches["loss"].smoothed(10))
    assert len(lines.cloud.xData) == 4 * STEPS
    plot.choices.set_view(PlotView(batches=True, span=1))
    assert len(lines.cloud.xData) == 0


def test_choices_are_made_by_keyboard(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(4))
    choices = plot.choices
    QTest.keyClick(choices.batches, Qt.Key.Key_Space)
    assert plot.loss.view.batches
    assert choices.smoothing.currentText() == "Mean of 30 batches"
    QTest.keyClick(choices.smoothing, Qt.Key.Key_Up)
    assert plot.loss.view.span == 10
    QTest.keyClick(choices.logarithmic, Qt.Key.Key_Space)
    assert plot.loss.view.logarithmic
    assert not plot.quality.view.logarithmic
    np.testing.assert_allclose(plot.loss._lines.validation_shown[1], np.log10(plot.run.validation["loss"].y))
    QTest.keyClick(choices.epochs, Qt.Key.Key_Space)
    assert choices.smoothing.currentText() == "Not smoothed"
    assert choices.smoothing.toolTip()


def test_choices_are_kept_as_text(qtbot: QtBot) -> None:
    plot = TrainingPlot()
    qtbot.addWidget(plot)
    plot.choices.set_view(PlotView(batches=True, span=100))
    plot.choices.set_view(PlotView(batches=False, span=5, logarithmic=True))
    kept = plot.choices.to_json()
    other = TrainingPlot()
    qtbot.addWidget(other)
    other.choices.from_json(kept)
    assert other.loss.view == PlotView(batches=False, span=5, logarithmic=True)
    assert other.choices.smoothing.currentText() == "Mean of 5 epochs"
    QTest.keyClick(other.choices.batches, Qt.Key.Key_Space)
    assert other.loss.view.span == 100


@pytest.mark.parametrize("text", ["", "{", "3", "[]", '{"batches": true}', '{"spans": 3}'])
def test_choices_that_cannot_be_read_stay(qtbot: QtBot, text: str) -> None:
    plot = TrainingPlot()
    qtbot.addWidget(plot)
    before = plot.choices.to_json()
    plot.choices.from_json(text)
    assert plot.choices.to_json() == before


def test_a_smoothing_that_is_not_offered_stays(qtbot: QtBot) -> None:
    plot = TrainingPlot()
    qtbot.addWidget(plot)
    plot.choices.from_json('{"batches": true, "spans": {"epochs": 7, "batches": 300}, "logarithmic": false}')
    assert plot.choices.view() == PlotView(batches=True, span=300)
    plot.choices.from_json('{"batches": false, "spans": {"epochs": 7, "batches": 300}, "logarithmic": false}')
    assert plot.choices.view() == PlotView(batches=False, span=1)


def test_tab_stops_at_what_is_chosen(plot: TrainingPlot, qtbot: QtBot) -> None:
    tab = Qt.FocusPolicy.TabFocus
    plot.choices.set_view(PlotView(batches=True, span=30))
    assert plot.choices.batches.focusPolicy() & tab
    assert not plot.choices.epochs.focusPolicy() & tab
    plot.activateWindow()
    plot.choices.batches.setFocus()
    qtbot.waitUntil(plot.choices.batches.hasFocus)
    QTest.keyClick(plot.choices.batches, Qt.Key.Key_Left)
    assert not plot.loss.view.batches
    assert plot.choices.epochs.focusPolicy() & tab
    assert not plot.choices.batches.focusPolicy() & tab


def test_a_loss_that_is_no_number_is_a_gap(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, [*training(2), epoch_end(2, float("nan"))])
    assert plot.readouts[plot.loss].validation.text() == "–"
    hover(plot.loss, 3)


def test_an_empty_plot_can_be_read(plot: TrainingPlot) -> None:
    hover(plot.loss, 3)
    assert plot.readouts[plot.loss].place.text() == ""
    QTest.keyClick(plot, Qt.Key.Key_Left)


def test_a_hundred_thousand_points_are_painted_by_a_few(plot: TrainingPlot) -> None:
    run = RunCurves("long", 1000)
    x = np.arange(1, 100_001) / 100
    run.batches["loss"].extend(x, np.abs(np.sin(x * 7)))
    plot.start(run)
    plot.set_view(PlotView(batches=True))
    assert len(plot.loss._lines.training.xData) < 3 * plot.loss.box.width()


def test_both_themes(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(4))
    theme().set_mode(ThemeMode.DARK)
    assert plot.loss.backgroundBrush().color() == DARK.surface
    assert plot.loss._lines.validation.opts["pen"].color() == PlotColours.of(DARK).validation


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_words_can_be_read(colours: object) -> None:
    shades = PlotColours.of(colours)  # type: ignore[arg-type]
    for colour in (shades.validation, shades.training, *shades.earlier):
        assert contrast(shades.lettering(colour), shades.background) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


def test_names_move_apart_and_stay_inside() -> None:
    wanted = [QRectF(0, y, 50, 10) for y in (-3, 2, 96, 95)] + [QRectF(60, 2, 50, 10)]
    taken: list[QRectF] = []
    for box in wanted:
        taken.append(settle(box, [], taken, 100))
    assert all(box.top() >= 0 and box.bottom() <= 100 for box in taken)
    assert not any(a.intersects(b) for n, a in enumerate(taken) for b in taken[n + 1 :])
    assert taken[4] == wanted[4]


def test_a_name_stands_where_it_covers_no_curve_unless_that_is_far() -> None:
    box = QRectF(0, 50, 40, 10)
    assert settle(box, [(54, 56)], [], 100).top() in (40, 60)
    assert settle(box, [(54, 56), (30, 48)], [], 100).top() == 60
    assert settle(box, [(0, 100)], [], 100) == box
    assert settle(box, [(15, 95)], [], 100) == box


def test_a_name_stays_on_its_side_of_a_curve_until_that_covers_it() -> None:
    box = QRectF(0, 50, 40, 10)
    assert settle(box, [], [], 100, before=10).top() == 60
    assert settle(box, [(48, 52)], [], 100, before=10).top() == 60
    assert settle(box, [(62, 66)], [], 100, before=10).top() == 50
    assert settle(box, [], [], 100, before=30).top() == 50


def test_the_name_of_a_short_run_leaves_the_present_curve_free(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, training(8))
    plot.overlay([curves("short", 4)])
    item = next(item for item in plot.loss._names._items if item.text() == "short")
    top, bottom = (plot.loss.box.mapToView(QPointF(0, y)).y() for y in (item.y(), item.y() + 14))
    left, right = (plot.loss.box.mapToView(QPointF(x, 0)).x() for x in (item.x(), item.x() + 30))
    x = np.linspace(left, right, 20)
    y = np.interp(x, *plot.loss._lines.validation_shown)
    assert 4 < left < 5
    assert not ((y < top) & (y > bottom)).any()


def test_a_name_of_a_curve_that_goes_on_stands_beside_it(plot: TrainingPlot, qtbot: QtBot) -> None:
    feed(plot, qtbot, [*training(8)])
    drag(plot.loss, (1.2, 2.4), (3.4, 0.2))
    item = next(item for item in plot.loss._names._items if item.text() == "Validation")
    x = np.linspace(item.x(), item.x() + item.boundingRect().width(), 20)
    views = [plot.loss.box.mapToView(QPointF(one, 0)).x() for one in x]
    y = np.interp(views, *plot.loss._lines.validation_shown)
    pixels = np.array([plot.loss.box.mapFromView(QPointF(0, one)).y() for one in y])
    assert not ((pixels > item.y()) & (pixels < item.y() + item.boundingRect().height())).any()
