"""The page of the quick check: how good would a training on these images be, and would more images help?"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.app.session_quick_check import QUICK_CHECK
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.features.obstacles import find_obstacle
from imgmine_gui.core.features.quick_check import CheckedByFolds, CheckedBySizes
from imgmine_gui.core.project.checks import ClassCounts, DataCheck
from imgmine_gui.core.project.edits.changes import Sql
from imgmine_gui.core.text import N_, join_phrases, join_sentences, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.pages.page import Page
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.job_bars import JobBars
from imgmine_gui.gui.widgets.quick_check.check_bar import CHECKS, CheckBar
from imgmine_gui.gui.widgets.quick_check.curve_view import CurveView
from imgmine_gui.gui.widgets.quick_check.features_foot import FeaturesFoot
from imgmine_gui.gui.widgets.quick_check.folds_view import FoldsView
from imgmine_gui.gui.widgets.rule import Rule
from imgmine_gui.gui.widgets.training.reasons import allow

FOLDS, CURVE = 0, 1
"""The numbers of the two checks."""
INVITATIONS = (
    N_(
        "How good can a network get on these images? Find out in seconds: a pretrained network looks at each image "
        "once, and only its last layer is trained, several times, each time judged by images that it has not seen."
    ),
    N_(
        "Would more images help? A network is trained on few of your images and then on more and more: the curve of "
        "its accuracy says what twice as many would bring."
    ),
)
NO_PROJECT = N_("Open a folder of images: here you learn in seconds how well a network can tell them apart.")
DOUBTED, OF_CELL = N_("Doubted labels"), N_("From the quick check")


class QuickCheckPage(Page):
    """Two checks, one shown at a time; what they found stays until another project is opened."""

    own_jobs = frozenset({QUICK_CHECK})
    keys = (("←  →", N_("Read the points of the learning curve")),)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.classes: Sequence[ClassCounts] | None = None
        self._checks: Sequence[DataCheck] = ()
        self._judged: dict[int, Sequence[ClassCounts] | None] = {}
        self.reader = CatalogueReader(self)
        self.bar, self.jobs, self.foot = CheckBar(), JobBars(), FeaturesFoot()
        self.folds, self.curve = FoldsView(), CurveView()
        self.invitations = [
            EmptyState(name, sentence, action)
            for (_, name, action, _), sentence in zip(CHECKS, INVITATIONS, strict=True)
        ]
        self.no_project = EmptyState("target", NO_PROJECT, N_("Go to the data"))
        self.content, self.body, self.stack = QWidget(), QStackedWidget(), QStackedWidget()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._arrange()
        self._connect()
        self._open()

    def shown(self) -> None:
        """What was changed elsewhere while another page was in front is looked at now."""
        self._soon.start()

    def start(self) -> None:
        """Do the check that is shown; where that cannot be, the button says why."""
        chosen = self.bar.chosen
        if self._reason():
            return
        begin = (self._session.cross_validate, self._session.learning_curve)[chosen]
        judged = self.classes
        job = begin(self.bar.folds.value())
        job.succeeded.connect(lambda found: self._take(chosen, found, judged))

    def retranslate(self) -> None:
        """Say again what is made at run time."""
        self._tell()

    def _arrange(self) -> None:
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.bar, Rule(Qt.Orientation.Horizontal), self.jobs):
            column.addWidget(widget)
        column.addWidget(self.body, 1)
        column.addWidget(Rule(Qt.Orientation.Horizontal))
        column.addWidget(self.foot)
        for page in (*self.invitations, self.folds, self.curve):
            self.body.addWidget(page)
        for page in (self.no_project, self.content):
            self.stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        bind(self, "setAccessibleName", N_("Quick check"))

    def _connect(self) -> None:
        session = self._session
        session.project_changed.connect(self._open)
        session.data_changed.connect(self._soon.start)
        session.runner.changed.connect(self._on_jobs)
        session.job_started.connect(self._follow)
        self._soon.timeout.connect(self._refresh)
        self.reader.failed.connect(session.notifier.report)
        self.no_project.triggered.connect(lambda: self.go_to.emit("data"))
        for invitation in self.invitations:
            invitation.triggered.connect(self.start)
        self.bar.started.connect(self.start)
        self.bar.turned.connect(lambda _number: self._tell())
        self.bar.folds_changed.connect(self._tell)
        self.folds.doubted_wanted.connect(self._show_doubted)
        self.folds.cell_wanted.connect(self._show_cell)
        self.curve.saved.connect(self._on_saved)
        self.foot.limit_wanted.connect(lambda limit: self._change_kept(partial(session.limit_features, limit)))
        self.foot.clear_wanted.connect(lambda: self._change_kept(session.clear_features))
        for job in session.runner.jobs:
            self._follow(job)
        on_language_change(self, self.retranslate)

    def _open(self) -> None:
        """Another project is open, or none."""
        self.reader.forget()
        self.classes, self._checks, self._judged = None, (), {}
        self.stack.setCurrentWidget(self.no_project if self._session.project is None else self.content)
        self._tell()
        self._soon.start()

    def _refresh(self) -> None:
        """Read anew, beside the window; while another page is in front, only once this one is."""
        project = self._session.project
        if project is not None and self.isVisible():
            catalogue = project.catalogue
            self.reader.ask("state", lambda: (catalogue.classes(), catalogue.checks()), self._take_state)
            self._read_kept()

    def _read_kept(self) -> None:
        self.reader.ask("kept", self._session.kept_features, self.foot.show_kept)

    def _change_kept(self, change: Callable[[], None]) -> None:
        self.reader.ask("change", change, lambda _: self._read_kept())

    def _take_state(self, state: tuple[list[ClassCounts], list[DataCheck]]) -> None:
        self.classes, self._checks = state
        self._tell()

    def _take(self, number: int, found: object, judged: Sequence[ClassCounts] | None) -> None:
        self._judged[number] = judged
        if isinstance(found, CheckedByFolds):
            self.folds.show_result(found)
        elif isinstance(found, CheckedBySizes):
            self.curve.show_result(found)
        self._tell()
        self._soon.start()

    def _reason(self) -> str:
        """Why the check that is shown cannot be started now; empty where it can."""
        if self._session.project is None or self.classes is None:
            return tr("The images are being counted.")
        if self._session.training_job is not None:
            return tr("A training is running; the check would slow it down. Wait until it ends, or stop it.")
        if self._session.quick_check is not None:
            return tr("A check is running already.")
        obstacle = find_obstacle(self.classes, self._checks, self.bar.folds.value(), self.bar.chosen == CURVE)
        return str(obstacle) if isinstance(obstacle, UserError) else ""

    def _tell(self) -> None:
        """Show what there is to show: the check or its invitation, what stands in its way, and on which images."""
        chosen, reason = self.bar.chosen, self._reason()
        done = chosen in self._judged
        self.body.setCurrentWidget((self.folds, self.curve)[chosen] if done else self.invitations[chosen])
        self.bar.start.setVisible(done)
        self.bar.set_reason(reason, self._line_words(reason))
        allow(self.invitations[chosen].button, reason, tr(CHECKS[chosen][3]))
        self.foot.set_busy(tr("A check is running already.") if self._session.quick_check is not None else "")
        self._tell_status()

    def _line_words(self, reason: str) -> str:
        """What there is to know just now: what runs, what stands in the way, or on which images the check is done."""
        if self._session.quick_check is not None:
            return tr(
                "What the network sees in each image is kept with the project, so that the next check is quicker."
            )
        return reason or self._subject_words()

    def _subject_words(self) -> str:
        """On which images the check is done, and whether they are others than those of the check that is shown."""
        used = [one.train + one.validation for one in self.classes or () if one.train + one.validation]
        if not used:
            return ""
        values = {"images": count(sum(used)), "classes": count(len(used)), "most": count(max(used))}
        if min(used) == max(used):
            words = tr(
                "{images} labelled images in {classes} classes, {most} in each; test images are left out.", **values
            )
        else:
            words = tr(
                "{images} labelled images in {classes} classes, {fewest} to {most} in each; test images are left out.",
                fewest=count(min(used)),
                **values,
            )
        judged = self._judged.get(self.bar.chosen)
        stale = judged is not None and judged != self.classes
        return join_sentences(words, tr("They are not those of this check any more: check again.") if stale else "")

    def _tell_status(self) -> None:
        used = [one.train + one.validation for one in self.classes or ()]
        words = [ntr("{images} labelled image", "{images} labelled images", sum(used), images=count(sum(used)))]
        text = join_phrases(words) if used else ""
        if text != self.status:
            self.status_changed.emit(text)

    def _follow(self, job: Job) -> None:
        if job.kind == QUICK_CHECK and not job.is_over:
            self.jobs.follow(job)
        self._tell()

    def _on_jobs(self) -> None:
        self._tell()
        if self._session.quick_check is None:
            self._soon.start()  # what was computed before a check was cancelled is kept

    def _show_doubted(self) -> None:
        if self.folds.result is not None:
            self._show_on_data_page(self.folds.result.doubted.images, DOUBTED)

    def _show_cell(self, true: int, predicted: int) -> None:
        result = self.folds.result
        if result is not None:
            said = result.found.probabilities.argmax(axis=1)
            self._show_on_data_page(np.flatnonzero((result.images.targets == true) & (said == predicted)), OF_CELL)

    def _show_on_data_page(self, images: npt.NDArray[np.intp], title: str) -> None:
        assert self.folds.result is not None
        keys = [self.folds.result.images.keys[image] for image in images.tolist()]
        ids = Sql("SELECT id FROM images WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(keys),))
        if keys:
            self.show_images.emit(ids, title)

    def _on_saved(self, path: Path) -> None:
        self._session.notifier.inform(lambda: tr("The learning curve is in {path}.", path=path))
