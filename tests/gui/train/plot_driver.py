"""Feeds a live plot, and moves the mouse over it."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imgmine_gui.core.events import BatchEnded, EpochEnded, Event, PhaseStarted
from imgmine_gui.gui.widgets.plot_curves import RunCurves
from imgmine_gui.gui.widgets.plot_metric import MetricPlot
from imgmine_gui.gui.widgets.plot_training import TrainingPlot

STEPS = 10


def batch(epoch: int, step: int, loss: float) -> BatchEnded:
    return BatchEnded(epoch, step, STEPS, {"loss": loss, "accuracy": 1 - loss / 4}, 50.0)


def epoch_end(epoch: int, loss: float, epochs: int = 20) -> EpochEnded:
    metrics = {"loss": loss, "accuracy": 1 - loss / 4, "val_loss": loss + 0.1, "val_accuracy": 0.9 - loss / 4}
    return EpochEnded(epoch, epochs, metrics, epoch == 2, 1e-3, 1.0)


def training(epochs: int, of: int = 20) -> list[Event]:
    events: list[Event] = [PhaseStarted("Training")]
    for epoch in range(epochs):
        events += [batch(epoch, step, 2 / (epoch + 1)) for step in range(STEPS)]
        events.append(epoch_end(epoch, 2 / (epoch + 1), of))
    return events


def curves(name: str, epochs: int = 4) -> RunCurves:
    made = RunCurves(name, 20)
    for event in training(epochs):
        made.add(event)
    return made


def feed(plot: TrainingPlot, qtbot: QtBot, events: list[Event]) -> None:
    with qtbot.waitSignal(plot.painted):
        plot.add(events)


def scene_point(metric: MetricPlot, x: float, y: float) -> QPointF:
    return QPointF(metric.mapFromScene(metric.box.mapViewToScene(QPointF(x, y))))


def send(metric: MetricPlot, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    viewport = metric.viewport()
    event = QMouseEvent(kind, at, viewport.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, event)


NO, LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton


def hover(metric: MetricPlot, x: float, y: float = 0.5) -> None:
    # pyqtgraph reads the pointer at most a hundred times a second.
    metric.scene()._lastMoveEventTime = 0
    send(metric, QEvent.Type.MouseMove, scene_point(metric, x, y), NO, NO)


def drag(metric: MetricPlot, corner: tuple[float, float], opposite: tuple[float, float]) -> None:
    start, end = scene_point(metric, *corner), scene_point(metric, *opposite)
    hover(metric, *corner)
    send(metric, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
    for share in (0.5, 1.0):
        metric.scene()._lastMoveEventTime = 0
        send(metric, QEvent.Type.MouseMove, start + (end - start) * share, NO, LEFT)
    send(metric, QEvent.Type.MouseButtonRelease, end, LEFT, NO)
