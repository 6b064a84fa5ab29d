"""The runs of the project, and what can be done with those that are selected."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.core.storage.run_folder import RunInfo, RunState
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.training.reasons import allow, colour_text, hand_focus
from imgmine_gui.gui.widgets.training.run_actions import SUFFIX, RunActions
from imgmine_gui.gui.widgets.training.runs_delegate import RunDelegate
from imgmine_gui.gui.widgets.training.runs_model import InfoRole, RunsModel

ICON = 18
MORE_EPOCHS = 10
RESUMABLE = frozenset({RunState.INTERRUPTED, RunState.STOPPED, RunState.FAILED})
NO_RUN = N_("Trained runs appear here. Select some to compare their curves.")
SELECT_ONE = N_("Select one run first.")
SELECT_ANY = N_("Select a run first.")


class RunsPanel(QWidget):
    """A list with several selections, and buttons below it; the same actions are in the menu of the list."""

    selection_changed = Signal()
    shown_asked = Signal(str)
    """Enter or a double click: of those selected, show the run of this path in the foreground."""
    predictions_asked = Signal(str)
    settings_asked = Signal(object)
    """Fill the form with the settings of this ``RunInfo``."""
    resume_asked = Signal(str)
    further_asked = Signal(str, int)
    """Train the run of this path for so many epochs more."""

    def __init__(self, actions: RunActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._busy, self._showing = "", False
        self._training: str | None = None
        self.model = RunsModel(actions.rename)
        self.list = QListView()
        self._prepare_list()
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop)
        bind(self.empty, "setText", NO_RUN)
        self.predictions, self.settings, self.resume, self.further = (QPushButton() for _ in range(4))
        self.epochs = QSpinBox()
        self.epochs.setRange(1, 10_000)
        self.epochs.setValue(MORE_EPOCHS)
        self.rename, self.export, self.folder, self.delete = (QToolButton() for _ in range(4))
        self._arrange()
        self._connect()
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self._recolour()
        self.retranslate()

    def _prepare_list(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(RunDelegate(self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setMinimumHeight(120)
        bind(self.list, "setAccessibleName", N_("Runs"))

    def _arrange(self) -> None:
        further = QHBoxLayout()
        further.setSpacing(SPACING)
        further.addWidget(self.further, stretch=1)
        further.addWidget(self.epochs)
        small = QHBoxLayout()
        small.setSpacing(HALF)
        pictures = ((self.rename, "pencil-simple"), (self.export, "export"), (self.folder, "folder-open"))
        for button, name in (*pictures, (self.delete, "trash")):
            button.setAutoRaise(True)
            button.setIcon(icon(name))
            button.setIconSize(QSize(ICON, ICON))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            small.addWidget(button)
        small.insertStretch(3, 1)
        grid = QGridLayout()
        grid.setSpacing(SPACING)
        grid.addWidget(self.predictions, 0, 0, 1, 2)
        grid.addWidget(self.settings, 1, 0)
        grid.addWidget(self.resume, 1, 1)
        grid.addLayout(further, 2, 0, 1, 2)
        grid.addLayout(small, 3, 0, 1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.empty, stretch=1)
        column.addWidget(self.list, stretch=1)
        column.addLayout(grid)

    def _connect(self) -> None:
        self.list.selectionModel().selectionChanged.connect(self._on_selection)
        self.list.activated.connect(lambda index: self.shown_asked.emit(index.data(InfoRole).path))
        self.list.customContextMenuRequested.connect(self._open_menu)
        for button, slot in self._slots().items():
            button.clicked.connect(lambda _on=False, slot=slot: slot())
        remove = QAction(self.list)
        remove.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(self.delete.click)
        self.list.addAction(remove)

    def _slots(self) -> dict[QPushButton | QToolButton, Callable[[], object]]:
        """Every action's button, in the order of the menu."""
        return {
            self.predictions: lambda: self.predictions_asked.emit(self._one().path),
            self.resume: lambda: self.resume_asked.emit(self._one().path),
            self.further: lambda: self.further_asked.emit(self._one().path, self.epochs.value()),
            self.settings: lambda: self.settings_asked.emit(self._one()),
            self.rename: lambda: self.list.edit(self.list.selectionModel().selectedIndexes()[0]),
            self.export: self._export,
            self.folder: lambda: self._actions.show_folder(self._one()),
            self.delete: self._delete,
        }

    def show_runs(self, runs: list[RunInfo], busy: str, training: str | None) -> None:
        """Show these runs.

        Args:
            busy: why no other training can start, in the present language; empty where one can.
            training: the path of the run that is being trained.
        """
        self._busy, self._training = busy, training
        before, row = [run.path for run in self.selected()], self._first_row()
        self._showing = True
        self.model.show(runs)
        if runs and row >= 0 and not self.selected():  # what was selected is gone: go on with what stands in its place
            self.select(runs[min(row, len(runs) - 1)].path)
        self._showing = False
        self.retranslate()
        if [run.path for run in self.selected()] != before:
            self.selection_changed.emit()

    def selected(self) -> list[RunInfo]:
        """The selected runs, from the top."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return [self.model.runs[row] for row in rows]

    def _first_row(self) -> int:
        """The row that is to be selected where nothing of what is selected now will be left; -1 for none."""
        rows = [index.row() for index in self.list.selectionModel().selectedIndexes()]
        return min(rows, default=-1 if self.model.runs else 0)

    def select(self, path: str) -> None:
        """Select the run of this path alone."""
        row = self.model.row_of(path)
        if row >= 0:
            flags = QItemSelectionModel.SelectionFlag
            self.list.selectionModel().setCurrentIndex(self.model.index(row), flags.ClearAndSelect)

    def retranslate(self) -> None:
        """Name the buttons, and enable those that can be pressed."""
        runs = self.selected()
        none, one = (tr(SELECT_ANY) if not runs else ""), (tr(SELECT_ONE) if len(runs) != 1 else "")
        first = runs[0] if len(runs) == 1 else None
        trained = bool(first and first.path == self._training)
        wait = tr("This run is being trained.") if trained else ""
        empty = tr("The run has no model yet.") if first and not first.epochs_done else ""
        over = tr("The run has been trained to its end. Train it further instead.")
        done = over if first and (first.state not in RESUMABLE or first.epochs_done >= first.epochs) else ""
        blocked = tr("This run is being trained.") if self._training in [run.path for run in runs] else ""
        for button, reason, words in (
            (self.predictions, one or empty, tr("Shows what the run says of the images")),
            (self.settings, one, tr("Fills the form with the settings of the run")),
            (self.resume, one or wait or done or self._busy, tr("Goes on where the run was interrupted")),
            (self.further, one or wait or empty or self._busy, tr("Trains the run for more epochs")),
            (self.rename, one, tr("Rename (F2)")),
            (self.export, one or empty, tr("Export the model as a file…")),
            (self.folder, one, tr("Show the folder of the run")),
            (self.delete, none or blocked, tr("Delete (Del); Undo brings it back")),
        ):
            allow(button, reason, words, heir=self.list)
        if not self.further.isEnabled():
            hand_focus(self.epochs, self.list)
        self.epochs.setEnabled(self.further.isEnabled())
        texts = (N_("Show predictions"), N_("Use these settings"), N_("Resume"), N_("Train further"))
        for button, text in zip((self.predictions, self.settings, self.resume, self.further), texts, strict=True):
            button.setText(tr(text))
        names = (N_("Rename"), N_("Export model…"), N_("Show folder"), N_("Delete"))
        for tool, text in zip((self.rename, self.export, self.folder, self.delete), names, strict=True):
            tool.setText(tr(text))
            tool.setAccessibleName(tr(text))
        self.epochs.setSuffix(f" {tr('epochs')}")
        self.epochs.setAccessibleName(tr("Epochs to train further"))
        self.empty.setVisible(not self.model.runs)
        self.list.setVisible(bool(self.model.runs))

    def _one(self) -> RunInfo:
        return self.selected()[0]

    def _on_selection(self) -> None:
        if self._showing:  # rows go one after another, and whoever hears of the selection asks for all of them
            return
        self.retranslate()
        self.selection_changed.emit()

    def _delete(self) -> None:
        self._actions.delete([run.path for run in self.selected()])

    def _export(self) -> None:
        run = self._one()
        name = "".join(letter if letter.isalnum() or letter in " -_." else "_" for letter in run.name)
        kinds = tr("Model ({pattern})", pattern=f"*{SUFFIX}")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Export model"), str(Path.home() / f"{name}{SUFFIX}"), kinds)
        if chosen:
            self._actions.export(run, Path(chosen))

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for button, slot in self._slots().items():
            action = menu.addAction(button.icon(), button.text())
            action.setEnabled(button.isEnabled())
            action.setToolTip(button.toolTip())
            action.triggered.connect(lambda _on=False, slot=slot: slot())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(at))

    def _recolour(self) -> None:
        self.empty.setFont(font(FontSize.SMALL))
        colour_text(self.empty, theme().colours.text_muted)
