"""The grid of predictions, and beside it one image with its heatmap, or the scores."""

import json

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.explain.explain_file import FileHeatmap
from imgmine_gui.core.explain.export import Drawing
from imgmine_gui.core.text import N_, join_phrases, ntr, tr
from imgmine_gui.gui import format as form
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.image_loader import ImageLoader, LoadedImage
from imgmine_gui.gui.item_models.predictions import PredictionsModel
from imgmine_gui.gui.item_models.predictions_rows import UNKNOWN, Filter, Order, PredictionRows
from imgmine_gui.gui.offline_thumbnails import OfflineThumbnails
from imgmine_gui.gui.theme import GAP, SPACING, FontSize, font, theme
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.predictions.class_bars import ClassBars
from imgmine_gui.gui.widgets.predictions.exporting import ExportSubject
from imgmine_gui.gui.widgets.predictions.filter_bar import FilterBar
from imgmine_gui.gui.widgets.predictions.heatmap_feed import HeatmapFeed, HeatmapWish
from imgmine_gui.gui.widgets.predictions.heatmap_panel import HeatmapPanel
from imgmine_gui.gui.widgets.predictions.image_pane import ImagePane
from imgmine_gui.gui.widgets.predictions.model_facts import ModelFacts
from imgmine_gui.gui.widgets.predictions.scores_view import ScoresView
from imgmine_gui.gui.widgets.section import Section
from imgmine_gui.gui.widgets.side_panel import SidePanel
from imgmine_gui.gui.widgets.thumbnail_grid import ThumbnailGrid

PANEL_WIDTH = 296
GRID_WIDTH, SMALLEST_GRID = 330, 168
THUMBNAIL = 132
PAGE = 10
SPLITTER = "predictions"


class Browser(QWidget):
    """Looks at the predictions of one model for some images."""

    status_changed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._facts: ModelFacts | None = None
        self._current = -1
        self._image: LoadedImage | None = None
        self.model = PredictionsModel(self)
        self.thumbnails = ThumbnailLoader(parent=self)
        self._offline = OfflineThumbnails(session, (self.thumbnails,), self)
        self.images = ImageLoader(self)
        self.feed = HeatmapFeed(session, self)
        self.filter_bar = FilterBar()
        self.grid = ThumbnailGrid(self.thumbnails, THUMBNAIL)
        self.grid.setModel(self.model)
        self.none_left = EmptyState("funnel", N_("No image fits these conditions."), N_("Show all"))
        self.grid_stack = QStackedWidget()
        self.pane = ImagePane()
        self.scores = ScoresView()
        self.no_scores = EmptyState(
            "grid-four", N_("The true classes of these images are not known, so that nothing can be scored.")
        )
        self.centre = QStackedWidget()
        self.verdict = QLabel(wordWrap=True)
        self.bars = ClassBars()
        self.heatmap_panel = HeatmapPanel(session.settings)
        self.panel = SidePanel(N_("Details"), width=PANEL_WIDTH)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._arrange()
        self._connect()
        self._apply_drawing()

    @property
    def rows(self) -> PredictionRows | None:
        """What is looked at."""
        return self.model.rows

    @property
    def current(self) -> int:
        """The row of the table that is shown large; -1: none."""
        return self._current

    def set_model(self, facts: ModelFacts | None) -> None:
        """The model that the next rows are predictions of."""
        self._facts = facts
        self.heatmap_panel.set_model(facts)

    def set_rows(self, rows: PredictionRows | None) -> None:
        """Look at other predictions; the image that was looked at stays if it is among them, and so does the grid."""
        path, scrolled = self._path(), self.grid.verticalScrollBar().value()
        self._current = -1
        self.feed.drop()
        judged = rows is not None and bool(rows.judged.any())
        self.filter_bar.set_classes(rows.table.classes if rows else ())
        self.filter_bar.set_judged(judged)
        self.scores.set_rows(rows)
        project = self._session.project
        if project is not None:
            self.thumbnails.set_folder(project.cache_folder / "thumbnails")
        self.model.set_rows(rows)
        if rows is not None and path in rows.table.paths:
            self._keep_row(rows.table.paths.index(path))
            self.grid.verticalScrollBar().setValue(scrolled)
        else:
            self._keep_row(-1)

    def show_scores(self, wanted: bool) -> None:
        """Show the scores in place of the image."""
        scored = self.scores.report is not None
        self.centre.setCurrentWidget(self.pane if not wanted else self.scores if scored else self.no_scores)
        self.panel.setVisible(not wanted)
        if wanted:
            self.set_alone(False)

    def set_alone(self, alone: bool) -> None:
        """Show the image without the grid."""
        self.grid_side.setVisible(not alone)
        (self.pane.view if alone else self.grid).setFocus()

    def step(self, rows: int) -> None:
        """Go ``rows`` ahead, or with a negative number back; stays at the ends."""
        self.go_to_row(max(0, self.grid.current_row) + rows)

    def go_to_row(self, row: int) -> None:
        """Go to a row of the grid, or the nearest that there is."""
        count = self.model.rowCount()
        if count:
            self.grid.set_current_row(max(0, min(count - 1, row)))

    def zoom(self, step: int) -> None:
        """Zoom the image; 0: fit."""
        self.pane.view.zoom(step)

    def search(self) -> None:
        """Put the focus into the field that searches."""
        self.set_alone(False)
        self.filter_bar.search.setFocus()

    def hold(self, held: bool) -> None:
        """Hide the heatmap for as long as a key is held."""
        self.pane.hold(held)

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means that no control wanted; returns whether it means anything."""
        key = Qt.Key(event.key())
        command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.modifiers() & command or not self.isVisible():
            return False
        if key in _STEPS:
            self.step(_STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to_row(0 if key == Qt.Key.Key_Home else self.model.rowCount() - 1)
        elif key == Qt.Key.Key_Space:
            self.hold(True)
        elif key == Qt.Key.Key_H:
            self.heatmap_panel.toggle()
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.heatmap_panel.strengthen(-1 if key == Qt.Key.Key_BracketLeft else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.set_alone(self.grid_side.isVisibleTo(self))
        elif key == Qt.Key.Key_Escape and not self.grid_side.isVisibleTo(self):
            self.set_alone(False)
        else:
            return False
        return True

    def export_subject(self) -> ExportSubject | None:
        """What can be exported now."""
        rows, facts, panel = self.rows, self._facts, self.heatmap_panel
        if rows is None or facts is None or not len(rows):
            return None
        drawing = Drawing(colormap=panel.colormap, opacity=panel.opacity)
        wanted = [panel.target_for(int(true)) for true in rows.true]
        targets = None
        if any(target is not None for target in wanted):
            pairs = zip(wanted, rows.predicted, strict=True)
            targets = tuple(int(said) if target is None else target for target, said in pairs)
        current = self._current if self._current >= 0 else None
        shown = tuple(self.model.shown())
        return ExportSubject(facts.path, rows, shown, current, panel.method, panel.options, targets, drawing)

    def save_state(self) -> None:
        """Keep the splitter and the size of the pictures."""
        self._session.settings.set_state(SPLITTER, self.splitter.saveState())
        self._session.settings.set_text("predictions-thumbnails", str(self.grid.thumbnail_size))

    def retranslate(self) -> None:
        """Write the verdict, the place and the counts anew."""
        self._write_verdict()
        row = self.model.model_row(self._current) if self._current >= 0 else -1
        if row >= 0:
            self._write_place(row)
        self._tell_status()

    def _arrange(self) -> None:
        self.grid_stack.addWidget(self.grid)
        self.grid_stack.addWidget(self.none_left)
        self.grid_side = QWidget()
        left = QVBoxLayout(self.grid_side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.filter_bar)
        left.addWidget(self.grid_stack, 1)
        self.grid_side.setMinimumWidth(SMALLEST_GRID)
        for widget in (self.pane, self.scores, self.no_scores):
            self.centre.addWidget(widget)
        self.splitter.addWidget(self.grid_side)
        self.splitter.addWidget(self.centre)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([GRID_WIDTH, 3 * GRID_WIDTH])
        self.verdict.setFont(font(FontSize.HEADING))
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        bind(self.verdict, "setAccessibleName", N_("Verdict"))
        about = Section(N_("Most probable classes"), self.bars)
        self.panel.column.setContentsMargins(GAP, SPACING, GAP, GAP)
        self.panel.add(self.verdict)
        self.panel.add(about)
        self.panel.add(Section(N_("Heatmap"), self.heatmap_panel))
        self.panel.column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.splitter, 1)
        row.addWidget(self.panel)
        state = self._session.settings.state(SPLITTER)
        if state is not None:
            self.splitter.restoreState(state)
        size = self._session.settings.text("predictions-thumbnails", str(THUMBNAIL))
        self.grid.set_thumbnail_size(int(size) if size.isdecimal() else THUMBNAIL)

    def _connect(self) -> None:
        self.filter_bar.filter_changed.connect(self._on_filter)
        self.filter_bar.order_changed.connect(self._on_order)
        self.filter_bar.cell_cleared.connect(lambda: self.scores.matrix.choose(None))
        self.none_left.triggered.connect(self.filter_bar.reset)
        self.grid.current_row_changed.connect(self._on_row)
        self.grid.activated_row.connect(lambda _row: self.set_alone(True))
        self.pane.step_wanted.connect(self.step)
        self.images.loaded.connect(self._on_image)
        self.feed.ready.connect(self._on_heatmap)
        self.feed.failed.connect(self._on_heatmap_failed)
        self.feed.busy_changed.connect(self.pane.set_job)
        self.heatmap_panel.wish_changed.connect(self._ask_heatmap)
        self.heatmap_panel.drawing_changed.connect(self._apply_drawing)
        self.scores.cell_chosen.connect(lambda true, predicted: self.filter_bar.set_cell((true, predicted)))
        self.scores.cell_cleared.connect(lambda: self.filter_bar.set_cell(None))
        self.scores.faithfulness_wanted.connect(self._measure)
        theme().changed.connect(self._write_verdict)
        on_language_change(self, self.retranslate)

    def _on_filter(self, wanted: Filter) -> None:
        self.model.set_filter(wanted)
        self._keep_row(self._current)

    def _on_order(self, order: Order) -> None:
        self.model.set_order(order)
        self._keep_row(-1)

    def _keep_row(self, table_row: int) -> None:
        """After the rows changed: stay at the image, or begin at the first."""
        row = self.model.model_row(table_row) if table_row >= 0 else -1
        self.grid_stack.setCurrentWidget(self.grid if self.model.rowCount() else self.none_left)
        if self.model.rowCount():
            self.grid.set_current_row(max(0, row))
        self._on_row(self.grid.current_row)
        self._tell_status()

    def _on_row(self, row: int) -> None:
        rows = self.rows
        if rows is None or not 0 <= row < self.model.rowCount():
            self._current, self._image = -1, None
            self.feed.drop()
            self.pane.clear()
            self._write_verdict()
            return
        table_row = self.model.table_row(row)
        self._write_place(row)
        self.pane.previous_button.setEnabled(row > 0)
        self.pane.next_button.setEnabled(row < self.model.rowCount() - 1)
        if table_row == self._current:
            return
        self._current, self._image = table_row, None
        near = [self.model.table_row(other) for other in (row + 1, row - 1) if 0 <= other < self.model.rowCount()]
        self.images.load(rows.table.paths[table_row], [rows.table.paths[other] for other in near])
        self._write_verdict()
        self._ask_heatmap()

    def _write_place(self, row: int) -> None:
        assert self.rows is not None
        place = tr("{number} of {count}", number=form.count(row + 1), count=form.count(self.model.rowCount()))
        self.pane.set_name(self.rows.names[self.model.table_row(row)], place)

    def _on_image(self, image: LoadedImage) -> None:
        if image.path == self._path():
            self._image = image
            heatmap = self.pane.heatmap
            self.pane.set_image(image)
            if heatmap is not None and heatmap.path == image.path:
                self._on_heatmap(heatmap)
            else:
                self._ask_heatmap()

    def _ask_heatmap(self) -> None:
        """Ask for the heatmap of the image at hand, if one is wanted and possible."""
        rows, facts = self.rows, self._facts
        wanted = self.heatmap_panel.is_on and rows is not None and facts is not None and self._current >= 0
        if not wanted or rows is None or facts is None or rows.predicted[self._current] == UNKNOWN:
            self.feed.drop()
            return
        target = self.heatmap_panel.target_for(int(rows.true[self._current]))
        path = rows.table.paths[self._current]
        options = json.dumps(self.heatmap_panel.options, sort_keys=True)
        self.feed.ask(HeatmapWish(facts.path, facts.stamp, path, self.heatmap_panel.method, target, options))

    def _on_heatmap(self, heatmap: FileHeatmap) -> None:
        if self._image is None or heatmap.path != self._image.path:
            return  # the image is still being decoded; it asks again when it is there
        self.pane.set_heatmap(heatmap)
        flat = tr("The method found no difference between the parts of this image, so there is nothing to draw.")
        self.pane.say(flat if heatmap.flat else "")

    def _on_heatmap_failed(self, error: Exception) -> None:
        self.pane.set_heatmap(None)
        words = str(error) if isinstance(error, UserError) else tr("The heatmap could not be made.")
        self.pane.say(words)

    def _apply_drawing(self) -> None:
        panel = self.heatmap_panel
        self.pane.set_drawing(panel.is_on, panel.opacity, panel.colormap)

    def _measure(self) -> None:
        rows, facts = self.rows, self._facts
        if rows is None or facts is None:
            return
        paths = [path for path, said in zip(rows.table.paths, rows.predicted, strict=True) if said != UNKNOWN]
        panel = self.heatmap_panel
        job = self._session.faithfulness(facts.path, paths, panel.method, panel.options)
        job.succeeded.connect(lambda result: self.scores.set_faithfulness(result) if self.rows is rows else None)
        self.scores.follow_measuring(job)

    def _write_verdict(self) -> None:
        rows, row = self.rows, self._current
        if rows is None or row < 0:
            self.verdict.clear()
            self.bars.show_image((), None)
            return
        true, said = int(rows.true[row]), int(rows.predicted[row])
        classes = rows.table.classes
        if said == UNKNOWN:
            words = tr("This image could not be read.")
        elif true == UNKNOWN:
            words = classes[said]
        elif true == said:
            words = tr("Right: {name}", name=classes[said])
        else:
            words = tr("Wrong: truly {true}", true=classes[true])
        self.verdict.setText(words)
        kind = "text" if UNKNOWN in {true, said} else "good" if true == said else "bad"
        palette = self.verdict.palette()
        palette.setColor(QPalette.ColorRole.WindowText, getattr(theme().colours, kind))
        self.verdict.setPalette(palette)
        self.bars.show_image(classes, rows.table.probabilities[row], true)

    def _tell_status(self) -> None:
        rows = self.rows
        if rows is None:
            self.status_changed.emit("")
            return
        shown = self.model.rowCount()
        parts = [ntr("{count} image", "{count} images", len(rows))]
        if shown != len(rows):
            parts.append(tr("{shown} shown", shown=form.count(shown)))
        if self.scores.report is not None:
            parts.append(tr("{share} right", share=form.percentage(self.scores.report.accuracy)))
        self.status_changed.emit(join_phrases(parts))

    def _path(self) -> str:
        return self.rows.table.paths[self._current] if self.rows is not None and self._current >= 0 else ""


_STEPS = {
    Qt.Key.Key_A: -1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_D: 1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -PAGE,
    Qt.Key.Key_PageDown: PAGE,
}
