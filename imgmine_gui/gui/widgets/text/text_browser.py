"""The lines that a model read, one below the other, with their scores beside them, and a field to correct the truth."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from imgmine_gui.app.session import Session
from imgmine_gui.core.text import N_, join_phrases, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count, percentage
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.item_models.text_rows import TextFilter, TextOrder, TextRows
from imgmine_gui.gui.theme import GAP, SPACING, theme
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.rule import Rule
from imgmine_gui.gui.widgets.side_panel import SidePanel
from imgmine_gui.gui.widgets.text.describing import read_true
from imgmine_gui.gui.widgets.text.line_delegate import LineDelegate
from imgmine_gui.gui.widgets.text.line_model import LineModel
from imgmine_gui.gui.widgets.text.line_pictures import LinePictures
from imgmine_gui.gui.widgets.text.text_editor import TextEditor, special_characters
from imgmine_gui.gui.widgets.text.text_filter_bar import TextFilterBar
from imgmine_gui.gui.widgets.text.text_scores import TextScores

PANEL_WIDTH = 336
AHEAD = 4
"""So many lines below those in view are decoded before they are asked for."""


class TextBrowser(QWidget):
    """Looks at the texts that one model read in some images."""

    status_changed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = LineModel(self)
        self.pictures = LinePictures(self)
        self.reader = CatalogueReader(self)
        self.filter_bar = TextFilterBar()
        self.list = QListView()
        self.delegate = LineDelegate(self.model, self.pictures, self.list)
        self.none_left = EmptyState("funnel", N_("No line fits these conditions."), N_("Show all"))
        self.stack = QStackedWidget()
        self.editor = TextEditor()
        self.scores = TextScores()
        self.panel = SidePanel(N_("Scores"), width=PANEL_WIDTH)
        self._looking = QTimer(self, singleShot=True, interval=0)
        self._prepare_list()
        self._arrange()
        self._connect()

    @property
    def rows(self) -> TextRows | None:
        """What is looked at."""
        return self.model.rows

    @property
    def current(self) -> int:
        """The row of the table that is chosen; -1: none."""
        index = self.list.currentIndex()
        return self.model.table_row(index.row()) if index.isValid() else -1

    def set_rows(self, rows: TextRows | None) -> None:
        """Look at other texts; the line that was chosen stays if it is among them."""
        before, current = self.rows, self.current
        path = before.table.paths[current] if before is not None and current >= 0 else ""
        judged = rows is not None and len(rows.judged) > 0
        self.filter_bar.set_judged(judged)
        self.model.set_rows(rows)
        self._show_scores()
        texts = [] if rows is None else [*filter(None, rows.true), *rows.table.texts]
        self.editor.offer(special_characters(texts))
        known = rows is not None and path in rows.table.paths
        self._keep_row(rows.table.paths.index(path) if known and rows is not None else -1)

    def step(self, by: int) -> None:
        """Go some lines ahead, or with a negative number back; stays at the ends."""
        last = self.model.rowCount() - 1
        if last >= 0:
            self._go_to(max(0, min(last, max(0, self.list.currentIndex().row()) + by)))

    def search(self) -> None:
        """Put the focus into the field that searches."""
        self.filter_bar.search.setFocus()

    def retranslate(self) -> None:
        """Write everything in the present language."""
        self.list.viewport().update()
        self._show_text()
        self._tell_status()

    def _prepare_list(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        bind(self.list, "setAccessibleName", N_("Read lines"))

    def _arrange(self) -> None:
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.none_left)
        left = QVBoxLayout()
        left.setSpacing(0)
        for widget in (self.filter_bar, self.stack, Rule(Qt.Orientation.Horizontal), self.editor):
            left.addWidget(widget, 1 if widget is self.stack else 0)
        self.panel.column.setContentsMargins(GAP, SPACING, GAP, GAP)
        self.panel.add(self.scores, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self.panel)

    def _connect(self) -> None:
        self.filter_bar.filter_changed.connect(self._on_filter)
        self.filter_bar.order_changed.connect(self._on_order)
        self.filter_bar.confusion_cleared.connect(lambda: self._choose_confusion(None))
        self.scores.confusion_chosen.connect(self._choose_confusion)
        self.none_left.triggered.connect(self.filter_bar.reset)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.activated.connect(lambda _index: self.editor.field.setFocus())
        self.list.verticalScrollBar().valueChanged.connect(lambda _value: self._looking.start())
        self._looking.timeout.connect(self._look)
        self.pictures.loaded.connect(self.list.viewport().update)
        self.editor.saved.connect(self._on_text)
        self.editor.step_wanted.connect(self.step)
        self.editor.left.connect(self.list.setFocus)
        self._session.labelling.saved.connect(self._on_saved)
        self.reader.failed.connect(self._session.notifier.report)
        theme().changed.connect(self.list.viewport().update)
        self.model.set_order(self.filter_bar.order)
        on_language_change(self, self.retranslate)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other lines may be in view."""
        super().resizeEvent(event)
        self._looking.start()

    def _look(self) -> None:
        """Load the pictures of the lines in view, and of a few below."""
        rows, height = self.rows, self.delegate.height()
        if rows is None or not self.model.rowCount():
            return
        first = self.list.verticalScrollBar().value() // height
        last = first + self.list.viewport().height() // height + AHEAD
        shown = range(first, min(last + 1, self.model.rowCount()))
        self.pictures.want([rows.table.paths[self.model.table_row(row)] for row in shown])

    def _on_filter(self, wanted: TextFilter) -> None:
        current = self.current
        self.model.set_filter(wanted)
        self._keep_row(current)

    def _on_order(self, order: TextOrder) -> None:
        self.model.set_order(order)
        self._keep_row(-1)

    def _choose_confusion(self, confusion: tuple[str, str] | None) -> None:
        self.scores.choose(confusion)
        self.filter_bar.set_confusion(confusion)

    def _keep_row(self, table_row: int) -> None:
        """After the rows changed: stay at the line, or begin at the first."""
        self.stack.setCurrentWidget(self.list if self.model.rowCount() else self.none_left)
        if self.model.rowCount():
            self._go_to(max(0, self.model.model_row(table_row) if table_row >= 0 else 0))
        self._show_text()
        self._tell_status()
        self._looking.start()

    def _go_to(self, row: int) -> None:
        flags = QItemSelectionModel.SelectionFlag
        index = self.model.index(row)
        self.list.selectionModel().setCurrentIndex(index, flags.ClearAndSelect)
        self.list.scrollTo(index)

    def _on_current(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        self._show_text()

    def _show_text(self) -> None:
        """The transcription of the chosen line, and whether it can be corrected."""
        rows, row = self.rows, self.current
        if rows is None or row < 0:
            self.editor.show_text("", tr("Choose a line first."))
            return
        project, reason = self._session.project, ""
        if not rows.ids[row]:
            reason = tr("Only transcriptions of images of the project can be corrected.")
        elif project is None or project.read_only:
            reason = tr("The project is open for reading only.")
        self.editor.show_text(rows.true[row] or "", reason)

    def _on_text(self, text: str) -> None:
        rows, row = self.rows, self.current
        if rows is not None and row >= 0 and rows.ids[row]:
            number = rows.ids[row]
            self._session.labelling.apply(lambda edits: edits.set_text([number], text))

    def _on_saved(self, done: object) -> None:
        """Texts may be others now: here, on another page, or because an edit was taken back."""
        rows, project = self.rows, self._session.project
        if rows is None or project is None:
            return
        here = set(rows.ids) & set(getattr(done, "image_ids", ()))
        if not here:
            return
        catalogue, numbers = project.catalogue, sorted(here)
        self.reader.ask("true", lambda: _scored(rows.with_true(read_true(catalogue, numbers))), self._take_rows)

    def _take_rows(self, rows: TextRows) -> None:
        if self.rows is None or rows.table is not self.rows.table:
            return
        self.model.update_rows(rows)
        self._show_scores()
        if not self.editor.is_changed:
            self._show_text()
        self._tell_status()

    def _show_scores(self) -> None:
        rows = self.rows
        self.scores.set_report(rows.report if rows is not None and len(rows.judged) else None)
        self.scores.choose(self.filter_bar.filter.confusion)

    def _tell_status(self) -> None:
        rows = self.rows
        if rows is None:
            self.status_changed.emit("")
            return
        parts = [ntr("{count} line", "{count} lines", len(rows))]
        if self.model.rowCount() != len(rows):
            parts.append(tr("{shown} shown", shown=count(self.model.rowCount())))
        if len(rows.judged):
            parts.append(tr("CER {figure}", figure=percentage(rows.report.cer.value)))
            parts.append(tr("{share} exact", share=percentage(rows.report.exact.value)))
        self.status_changed.emit(join_phrases(parts))


def _scored(rows: TextRows) -> TextRows:
    """The same, its scores worked out, which takes long for many lines."""
    _ = rows.report
    return rows
