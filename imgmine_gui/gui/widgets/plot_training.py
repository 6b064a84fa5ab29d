"""The live plot of a training: loss above, the task's metric below, over the same epochs."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from imgmine_gui.core.events import EpochEnded, Event
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, HALF, SPACING, theme
from imgmine_gui.gui.widgets.plot_choices import PlotChoices
from imgmine_gui.gui.widgets.plot_curves import RunCurves
from imgmine_gui.gui.widgets.plot_lines import PlotView
from imgmine_gui.gui.widgets.plot_metric import MetricPlot
from imgmine_gui.gui.widgets.plot_readout import Readout
from imgmine_gui.gui.widgets.plot_series import Series
from imgmine_gui.gui.widgets.training.reasons import hand_focus

INTERVAL = 100
"""Milliseconds between two paintings at least: ten a second."""
ZOOM = 1.25
LOSS = "loss"
FAR = 10**9
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -FAR, Qt.Key.Key_End: FAR}
"""Keys, and by how many points they move the pointer."""

BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
KEEPING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)


class TrainingPlot(QFrame):
    """Shows a run while it trains, and earlier runs behind it.

    Left and right step through the points, Home and End go to the first and the last, Ctrl with +, - and 0 zoom.

    Below the loss stands the metric of the run's task, which lies between 0 and 1.
    """

    painted = Signal()
    """New points are on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = RunCurves()
        metric = self.run.metric
        self.earlier: list[RunCurves] = []
        self.is_awaited = False
        """Whether the values of ``run`` are on their way."""
        self._pointed: float | None = None
        self._epoch_ended = False
        self._by_keys = False
        self.choices = PlotChoices()
        self.loss = MetricPlot(LOSS, fraction=False, lowest=False)
        self.quality = MetricPlot(metric, fraction=True, lowest=True)
        self.readouts = {self.loss: Readout(LOSS, False), self.quality: Readout(metric, True)}
        self.quality.box.setXLink(self.loss.box)
        self.invitation = QLabel(self.loss, alignment=Qt.AlignmentFlag.AlignCenter, margin=SPACING)
        self.invitation.setAutoFillBackground(True)  # or the grid would strike the words through
        self.invitation.setBackgroundRole(QPalette.ColorRole.Base)
        self.invitation.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.loss.installEventFilter(self)
        self._timer = QTimer(self, singleShot=True, interval=INTERVAL)
        self._timer.timeout.connect(self._paint_new)
        self._arrange()
        for plot in self.plots:
            plot.pointed.connect(self._point_at)
            plot.zoomed.connect(self._on_zoomed)
            plot.box.fit_asked.connect(self.fit)
            for part in (plot, plot.viewport()):
                part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.choices.changed.connect(self.set_view)
        self.choices.fit_asked.connect(self._on_fit)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        bind(self, "setAccessibleName", N_("Curves of the training"))
        on_language_change(self, self.retranslate)
        self.set_view(self.choices.view())

    @property
    def plots(self) -> tuple[MetricPlot, MetricPlot]:
        """The two plots, from top to bottom."""
        return self.loss, self.quality

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, SPACING, SPACING, SPACING)
        column.setSpacing(HALF)
        column.addWidget(self.choices)
        for plot in self.plots:
            column.addSpacing(HALF)
            column.addWidget(self.readouts[plot])
            column.addWidget(plot, stretch=1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the invitation in the middle of the empty plot."""
        if watched is self.loss and event.type() is QEvent.Type.Resize:
            self._place_invitation()
        return super().eventFilter(watched, event)

    def start(self, run: RunCurves, awaited: bool = False) -> None:
        """Show ``run`` from now on; earlier runs stay.

        Args:
            awaited: whether its training has begun, so that there will be values soon.
        """
        self.run, self.is_awaited = run, awaited
        self._set_runs()

    def overlay(self, earlier: Sequence[RunCurves]) -> None:
        """Show these runs pale behind the present one."""
        self.earlier = list(earlier)
        self._set_runs()

    def add(self, events: Iterable[Event]) -> None:
        """Take the points of ``events``; they are painted within a tenth of a second."""
        taken = [event for event in events if self.run.add(event)]
        self._epoch_ended = self._epoch_ended or any(isinstance(event, EpochEnded) for event in taken)
        if taken and not self._timer.isActive():
            self._timer.start()

    def set_view(self, view: PlotView) -> None:
        """Show curves as ``view`` says."""
        for plot in self.plots:
            plot.set_view(view)
        self._read()

    def fit(self) -> None:
        """Show everything again after zooming."""
        for plot in self.plots:
            plot.fit()
        self.choices.set_zoomed(False)

    def _on_fit(self) -> None:
        hand_focus(self.choices.fit, self)  # it can be pressed no more
        self.fit()

    def _on_zoomed(self) -> None:
        """Both plots show the same epochs, so that neither may go back to all of them by itself."""
        if all(plot.shows_all() for plot in self.plots):
            self.fit()
            return
        for plot in self.plots:
            plot.is_zoomed = True
        self.choices.set_zoomed(True)

    def retranslate(self) -> None:
        """Write everything in the present language."""
        for plot in self.plots:
            plot.paint_curves()
        self._invite()
        self._read()

    def _set_runs(self) -> None:
        self.quality.set_metric(self.run.metric, self.run.falls)
        self.readouts[self.quality].set_metric(self.run.metric)
        for plot in self.plots:
            plot.set_runs(self.run, self.earlier)
        self.choices.set_zoomed(self.loss.is_zoomed)
        self._invite()
        self._read()

    def _invite(self) -> None:
        """Say what will be seen where nothing is seen yet."""
        self.invitation.setText(
            tr("The curves begin with the first batch.")
            if self.is_awaited
            else tr("Press Train, and watch the loss fall here.")
        )
        self.invitation.setVisible(not self.run.reached and not self.earlier)
        self._place_invitation()

    def _place_invitation(self) -> None:
        self.invitation.adjustSize()
        place = self.invitation.rect()
        place.moveCenter(self.loss.rect().center())
        self.invitation.move(place.topLeft())

    def _paint_new(self) -> None:
        for plot in self.plots:
            plot.grow(shrink=self._epoch_ended)
        self._epoch_ended = False
        self._invite()
        self._read()
        self.painted.emit()

    def _point_at(self, epoch: float | None) -> None:
        self._pointed = epoch
        self._read()

    def _read(self) -> None:
        """Write the values under the pointer, or the newest, above the plots."""
        steps = self._steps()
        index = steps.nearest(self.run.reached if self._pointed is None else self._pointed)
        at = None if index is None else float(steps.x[index])
        for plot in self.plots:
            plot.point_at(at if self._pointed is not None else None)
            self.readouts[plot].show_values(self._place(at) if plot is self.loss else "", *plot.values_at(at))
        words = [readout.text() for readout in self.readouts.values()]
        self.setAccessibleDescription(". ".join([*words, *self.loss.earlier_texts(), *self.quality.earlier_texts()]))

    def _steps(self) -> Series:
        """The points that the pointer steps through: those of the present run, and beyond its end of the longest."""
        present = self._series_of(self.run)
        if self._pointed is None or (len(present) and self._pointed <= present.x[-1]):
            return present
        every = [present, *(self._series_of(run) for run in self.earlier)]
        return max(every, key=lambda series: float(series.x[-1]) if len(series) else 0.0)

    def _series_of(self, run: RunCurves) -> Series:
        training, validation = run.series(LOSS, self.loss.view.batches)
        return training if len(training) else validation

    def _place(self, epoch: float | None) -> str:
        if epoch is None:
            return ""
        if not self.loss.view.batches or not self.run.steps:
            return tr("Epoch {epoch}", epoch=round(epoch))
        step = round(epoch * self.run.steps) - 1
        return tr("Epoch {epoch}, batch {batch}", epoch=step // self.run.steps + 1, batch=step % self.run.steps + 1)

    def _step(self, by: int) -> None:
        steps = self._steps()
        index = steps.nearest(self.run.reached if self._pointed is None else self._pointed)
        if index is not None:
            to = float(steps.x[min(max(index + by, 0), len(steps) - 1)])
            self._bring_into_view(to)
            self._point_at(to)

    def _bring_into_view(self, epoch: float) -> None:
        """Move the part that is shown so far that ``epoch`` is in it."""
        (low, high), _ = self.loss.box.viewRange()
        beyond = min(epoch - low, 0.0) + max(epoch - high, 0.0)
        if beyond:
            self.loss.box.setXRange(low + beyond, high + beyond, padding=0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """An outline while the keys belong to the plot, and the person uses them."""
        super().paintEvent(event)
        if self.hasFocus() and self._by_keys:
            painter = QPainter(self)
            painter.setPen(QPen(theme().colours.accent, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the outline where keys brought the focus; a window that comes to the front leaves it as it was."""
        super().focusInEvent(event)
        if event.reason() not in KEEPING:
            self._by_keys = event.reason() in BY_KEYS
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step through the points, and zoom."""
        self._by_keys = True
        self.update()
        if event.matches(QKeySequence.StandardKey.ZoomIn):
            self.zoom(1 / ZOOM)
        elif event.matches(QKeySequence.StandardKey.ZoomOut):
            self.zoom(ZOOM)
        elif event.key() == Qt.Key.Key_0 and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.fit()
        elif event.key() == Qt.Key.Key_Escape and self._pointed is not None:
            self._point_at(None)
        elif event.key() in STEPS:
            self._step(STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def zoom(self, factor: float) -> None:
        """Show ``factor`` times as many epochs, about the pointer or the middle."""
        (low, high), _ = self.loss.box.viewRange()
        middle = (low + high) / 2 if self._pointed is None else self._pointed
        self.loss.box.setXRange(middle + (low - middle) * factor, middle + (high - middle) * factor, padding=0)
        self._on_zoomed()
