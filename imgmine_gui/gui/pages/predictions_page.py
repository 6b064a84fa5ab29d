"""The page on which a person sees what a model says of images, and where it looked."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QUndoStack
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.opening import sort_out
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.formats import SUFFIXES
from imgmine_gui.core.storage.bundle import SUFFIX as MODEL_SUFFIX
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.drops import paths_of
from imgmine_gui.gui.item_models.predictions_rows import PredictionRows
from imgmine_gui.gui.item_models.text_rows import TextRows
from imgmine_gui.gui.opening import tell_left_out
from imgmine_gui.gui.pages.page import Page
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.job_bars import JobBars
from imgmine_gui.gui.widgets.predictions.browser import Browser
from imgmine_gui.gui.widgets.predictions.exporting import ExportMenu
from imgmine_gui.gui.widgets.predictions.images_choice import ImagesChoice
from imgmine_gui.gui.widgets.predictions.model_facts import ModelFacts, has_model, read_model_facts, stamp_of
from imgmine_gui.gui.widgets.predictions.prediction_source import PredictionSource
from imgmine_gui.gui.widgets.predictions.source_bar import SourceBar
from imgmine_gui.gui.widgets.predictions.view_switch import ViewSwitch
from imgmine_gui.gui.widgets.text.text_browser import TextBrowser
from imgmine_gui.gui.widgets.text.text_exporting import TextExportMenu

LAST_FOLDER = "last_folder"
PREDICT = "predict"
"""The kind of job of which only the newest is of interest."""


class PredictionsPage(Page):
    """Choose a model and images at the top, browse below.

    Args:
        undo_stack: taken as by every page; looking changes nothing that could be undone.
    """

    go_to_train = Signal()
    """There is nothing to predict with: the person wants to train."""

    can_zoom = True
    can_search = True
    own_jobs = frozenset({PREDICT, "export", "faithfulness"})
    keys = (
        ("A, D, ←, →", N_("Previous and next image")),
        ("Home, End, Page Up, Page Down", N_("First and last image, ten back and ahead")),
        ("H", N_("Heatmap on or off")),
        ("[, ]", N_("Heatmap weaker or stronger")),
        (N_("Space"), N_("Hide the heatmap while held")),
        ("+, -, 0, 1", N_("Zoom, fit, one to one")),
        (N_("Enter, Esc"), N_("The image alone, and back")),
    )

    def __init__(self, session: Session, undo_stack: QUndoStack | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._facts: ModelFacts | None = None
        self._outdated = True
        self.source_bar = SourceBar()
        self.switch = ViewSwitch()
        self.jobs = JobBars()
        self.browser = Browser(session)
        self.texts = TextBrowser(session)
        self.source = PredictionSource(session, self)
        self.no_model = EmptyState(
            "eye", N_("Train a model first: then see here what it says of images, and where it looked."), N_("Train")
        )
        self.no_images = EmptyState(
            "image", N_("Drop a folder or an image here to see what the model says of it."), N_("Open folder…")
        )
        self.not_predicted = EmptyState("eye", N_("The model has not looked at these images yet."), N_("Predict"))
        self.predicting = EmptyState("eye", N_("The model is looking at the images."))
        self.nothing = EmptyState("image", N_("There is no image in this part of the data. Choose other images above."))
        self.stack = QStackedWidget()
        self.export_menu = ExportMenu(session, self.browser.export_subject, self)
        self.text_export_menu = TextExportMenu(session, self.texts, self)
        self.source_bar.export_button.setMenu(self.export_menu)
        self.setAcceptDrops(True)
        bind(self, "setAccessibleName", N_("Predictions"))
        self._arrange()
        self._connect()
        self._show(self.no_model)

    def show_run(self, path: str | Path) -> None:
        """Predict with the run at ``path``, on the images that are chosen."""
        self.show_model(path)

    def show_model(self, path: str | Path) -> None:
        """Predict with the run or bundle at ``path``, on the images that are chosen."""
        self._refresh()
        if self._take_model(str(path)) and self._can_look():
            self._predict()

    def show_paths(self, paths: Sequence[str | Path]) -> None:
        """Predict files and folders with the model that is chosen; without one as soon as there is one."""
        self._refresh()
        self.source_bar.choose_images(ImagesChoice(paths=tuple(str(path) for path in paths)))
        if self._facts is None:
            self._show(self.no_model)
        else:
            self._predict()

    def receive(self, paths: Sequence[Path]) -> None:
        """A model to predict with, or images and folders to look at."""
        try:
            meanings, useless = sort_out(paths)
        except UserError as error:
            self._session.notifier.report(error)
            return
        if useless:
            remedy = N_("Drop images such as JPEG or PNG files, folders of images, or a model.")
            tell_left_out(self._session.notifier, useless, remedy)
        models = [path for path in meanings if _is_model(path)]
        images = [path for path in meanings if path not in models]
        if images:
            self.source_bar.choose_images(ImagesChoice(paths=tuple(map(str, images))))
        if models:
            self.show_model(models[0])
        elif images:
            self.show_paths(images)

    def shown(self) -> None:
        """Runs may have come since, and the model may have been trained further."""
        self._refresh()
        if self._facts is not None and stamp_of(self._facts.path) != self._facts.stamp:
            self._on_model_chosen(self._facts.path)

    def zoom(self, step: int) -> None:
        """Zoom the image."""
        if not self._reads_text():
            self.browser.zoom(step)

    def search(self) -> None:
        """Ctrl+F: find by name."""
        (self.texts if self._reads_text() else self.browser).search()

    def save_state(self) -> None:
        """Keep the splitter and the size of the pictures."""
        self.browser.save_state()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no control of the page wanted."""
        if self._reads_text() or not self.browser.take_key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The heatmap comes back."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.browser.hold(False)
        else:
            super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Images, folders and models are for this page; projects are for the window."""
        paths = paths_of(event.mimeData())
        if paths and not any(path.suffix == ".imgmine" for path in paths):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped."""
        event.acceptProposedAction()
        self.receive(paths_of(event.mimeData()))

    def open_folder(self) -> None:
        """Ask for a folder and look at its images."""
        chosen = QFileDialog.getExistingDirectory(self, tr("Open a folder of images"), self._start_folder())
        if chosen:
            self._remember(Path(chosen).parent)
            self.show_paths([chosen])

    def open_image(self) -> None:
        """Ask for images and look at them."""
        patterns = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
        title, kinds = tr("Open images"), tr("Images") + f" ({patterns})"
        chosen, _ = QFileDialog.getOpenFileNames(self, title, self._start_folder(), kinds)
        if chosen:
            self._remember(Path(chosen[0]).parent)
            self.show_paths(chosen)

    def open_model(self) -> None:
        """Ask for a model bundle and predict with it."""
        title, kinds = tr("Open a model"), tr("Models") + f" (*{MODEL_SUFFIX})"
        chosen, _ = QFileDialog.getOpenFileName(self, title, self._start_folder(), kinds)
        if chosen:
            self._remember(Path(chosen).parent)
            self.show_model(chosen)

    def _arrange(self) -> None:
        for widget in (
            self.no_model, self.no_images, self.not_predicted, self.predicting, self.nothing, self.browser, self.texts,
        ):  # fmt: skip
            self.stack.addWidget(widget)
        row = self.source_bar.row
        row.insertWidget(row.count() - 1, self.switch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.source_bar)
        column.addWidget(self.jobs)
        column.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.source_bar.model_chosen.connect(self._on_model_chosen)
        self.source_bar.images_chosen.connect(lambda _choice: self._look())
        self.source_bar.folder_wanted.connect(self.open_folder)
        self.source_bar.image_wanted.connect(self.open_image)
        self.source_bar.model_wanted.connect(self.open_model)
        self.no_model.triggered.connect(self._on_train_wanted)
        self.no_images.triggered.connect(self.open_folder)
        self.not_predicted.triggered.connect(self._predict)
        self.switch.scores_wanted.connect(self.browser.show_scores)
        self.source.ready.connect(self._on_ready)
        self.source.part_ready.connect(self._on_ready)
        self.source.ended.connect(self._look_again)
        for view in (self.browser, self.texts):
            view.status_changed.connect(self.status_changed)
        self._session.job_started.connect(self._follow)
        self._session.project_changed.connect(self._on_project_changed)
        self._session.runs_changed.connect(self._on_runs_changed)
        self._session.data_changed.connect(self._on_runs_changed)

    def _refresh(self) -> None:
        """Read the runs anew where that is due, and take the newest where no model is chosen."""
        if not self._outdated:
            return
        self._outdated = False
        runs = [run for run in self._session.runs() if has_model(run.path)]
        self.source_bar.set_runs(runs)
        project = self._session.project
        self.source_bar.set_unlabelled(project is not None and project.catalogue.totals().unlabelled > 0)
        if self._facts is not None and self.source_bar.model != self._facts.path:
            self._facts = None
        if self._facts is None and self.source_bar.model and self._take_model(self.source_bar.model):
            self._look()

    def _take_model(self, path: str) -> bool:
        """Read what a model is; a model that cannot be used is told, and the one before stays."""
        try:
            self._facts = read_model_facts(path)
        except UserError as error:
            self._session.notifier.report(error)
            if self._facts is not None:
                self.source_bar.choose_model(self._facts.path)
            return False
        self.source_bar.choose_model(path)
        if not self._facts.reads_text:
            self.browser.set_model(self._facts)
        self.switch.setVisible(not self._facts.reads_text)
        menu = self.text_export_menu if self._facts.reads_text else self.export_menu
        self.source_bar.export_button.setMenu(menu)
        self._session.warm(path)
        return True

    def _reads_text(self) -> bool:
        """Whether the model that is chosen does."""
        return self._facts is not None and self._facts.reads_text

    def _view(self) -> Browser | TextBrowser:
        """Where what the model says is looked at."""
        return self.texts if self._reads_text() else self.browser

    def _on_ready(self, rows: PredictionRows | TextRows) -> None:
        """Show what a model said in the view for it, and focus its list where another page was in front."""
        view: Browser | TextBrowser
        if isinstance(rows, TextRows):
            view, focus = self.texts, self.texts.list
            self.texts.set_rows(rows)
        else:
            view, focus = self.browser, self.browser.grid
            self.browser.set_rows(rows)
        began = self.stack.currentWidget() is not view
        self._show(view if len(rows) else self.nothing)
        if began:
            focus.setFocus()

    def _can_look(self) -> bool:
        """Whether there are images to look at; shows what is missing otherwise."""
        if self._facts is None:
            self._show(self.no_model)
        elif not self.source_bar.images.paths and self._session.project is None:
            self._show(self.no_images)
        else:
            return True
        return False

    def _look(self) -> None:
        """Show what is known already; ask before predicting what is not."""
        self.source.stop()
        if not self._can_look() or self._facts is None:
            return
        choice = self.source_bar.images
        if choice.paths or self.source.is_stored(self._facts.path, choice):
            self._predict()
        else:
            self._show(self.not_predicted)

    def _look_again(self) -> None:
        if self._view().rows is not None and self.stack.currentWidget() is self._view():
            return
        self._show(self.not_predicted if self._facts else self.no_model)

    def _predict(self) -> None:
        if self._facts is None:
            return
        self._show(self.predicting)
        self.source.start(self._facts.path, self.source_bar.images, self._facts.reads_text)

    def _follow(self, job: Job) -> None:
        if job.kind not in self.own_jobs:
            return
        if job.kind == PREDICT:
            for other in [one for one in self.jobs.bars if one.kind == PREDICT]:
                self.jobs.forget(other)
        self.jobs.follow(job)

    def _on_model_chosen(self, path: str) -> None:
        if self._take_model(path):
            self._look()

    def _on_project_changed(self) -> None:
        self.source.stop()
        self._facts = None
        self.browser.set_rows(None)
        self.texts.set_rows(None)
        self._on_runs_changed()
        self._show(self.no_model)

    def _on_runs_changed(self) -> None:
        self._outdated = True
        if self.isVisible():
            self._refresh()

    def _on_train_wanted(self) -> None:
        self.go_to_train.emit()
        self.go_to.emit("train")

    def _show(self, widget: QWidget) -> None:
        self.stack.setCurrentWidget(widget)
        browsing = widget in (self.browser, self.texts)
        self.switch.setEnabled(browsing)
        self.source_bar.export_button.setEnabled(browsing)
        text = "" if browsing else N_("There are no predictions to export yet")
        bind(self.source_bar.export_button, "setToolTip", text)
        if not browsing:
            self.status_changed.emit("")

    def _start_folder(self) -> str:
        return self._session.settings.text(LAST_FOLDER) or str(Path.home())

    def _remember(self, folder: Path) -> None:
        self._session.settings.set_text(LAST_FOLDER, str(folder))


def _is_model(path: Path) -> bool:
    return path.suffix == MODEL_SUFFIX or (path / "run.json").is_file()
