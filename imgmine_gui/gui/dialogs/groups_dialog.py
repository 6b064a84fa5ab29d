"""Group images by their paths: type a pattern, look at what it finds, and take it."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.notifier import Severity
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.edits.editing import Edits
from imgmine_gui.core.project.edits.group_patterns import GroupPattern
from imgmine_gui.core.project.edits.grouping import GroupPreview
from imgmine_gui.core.project.edits.history import Done
from imgmine_gui.core.text import N_, join_sentences, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import DASH, count
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.item_models.exchange_tables import RowsModel
from imgmine_gui.gui.theme import GAP, MARGIN, SPACING
from imgmine_gui.gui.widgets.buttons import PrimaryButton, button_row
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.exchange.plan_view import plain_table
from imgmine_gui.gui.widgets.job_bar import JobBar
from imgmine_gui.gui.widgets.message_bar import MessageBar

SIZE = (720, 560)
SETTLE_MS = 300
"""After the last letter, before the pattern is tried."""
PATTERNS = ("**/{group}_*", "**/{group}-*", "**/{group}/*", "{group}/**")
"""To choose from: what a name begins with, the last folder, the first one."""
PATH_WIDTH = 420


class GroupsDialog(QDialog):
    """Shows which groups a pattern finds before it is taken.

    Args:
        session: with an open project that can be changed.
        window: that it stands over.
        selected: ids of the images that are selected; the person may mean these alone.
    """

    def __init__(self, session: Session, window: QWidget, selected: Sequence[int] = ()) -> None:
        super().__init__(window)
        self._session = session
        self._selected = selected
        self._job: Job | None = None
        self.found: GroupPreview | None = None
        """What the pattern finds; None while that is not known."""
        self._reader = CatalogueReader(self)
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self.about = MutedLabel()
        self.pattern = QComboBox(editable=True)
        self.pattern.addItems(PATTERNS)
        self.expression = QCheckBox()
        self.only_selected = QCheckBox()
        self.only_selected.setVisible(len(selected) > 1)
        self.words = QLabel(wordWrap=True)
        self.examples: RowsModel[tuple[str, str]] = RowsModel((N_("Path in the source"), N_("Group")), lambda row: row)
        self.said, self.bar = MessageBar(), JobBar()
        self.leave, self.take = QPushButton(), PrimaryButton()
        self._arrange()
        self._connect()
        self.retranslate()
        self._suggest()

    def _arrange(self) -> None:
        bind(self, "setWindowTitle", N_("Group by path"))
        bind(self, "setAccessibleName", N_("Group by path"))
        self.resize(*SIZE)
        form = QFormLayout()
        form.setHorizontalSpacing(GAP)
        form.setVerticalSpacing(SPACING)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(" ", self.pattern)
        bind(form.labelForField(self.pattern), "setText", N_("Pattern"))
        form.addRow("", self.expression)
        form.addRow("", self.only_selected)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP)
        column.setSpacing(GAP)
        column.addWidget(self.about)
        column.addLayout(form)
        column.addWidget(self.words)
        column.addWidget(plain_table(self.examples, N_("Images with their groups"), (PATH_WIDTH,)), 1)
        column.addWidget(self.said)
        column.addLayout(button_row(self.bar, self.leave, self.take))

    def _connect(self) -> None:
        bind(
            self.about,
            "setText",
            N_(
                "Images of one group, such as a patient, a plant or a page, are never in two splits. In the pattern, "
                "{group} stands where the path names the group; * is anything up to the next slash, ** anything, "
                "? one character."
            ),
            group="{group}",
        )
        bind(self.pattern, "setAccessibleName", N_("Pattern"))
        bind(self.expression, "setText", N_("Regular expression"))
        bind(
            self.expression,
            "setToolTip",
            N_("With one named group, as in {example}. It is looked for anywhere in the path."),
            example="patient(?P<group>[0-9]+)",
        )
        bind(self.leave, "setText", N_("Cancel"))
        bind(self.take, "setText", N_("Put into groups"))
        self.pattern.editTextChanged.connect(self._on_changed)
        self.expression.toggled.connect(self._on_changed)
        self.only_selected.toggled.connect(self._on_changed)
        self._soon.timeout.connect(self.look)
        self._reader.failed.connect(self._on_refused)
        self.leave.clicked.connect(self.reject)
        self.take.clicked.connect(self.apply)
        self._session.project_changed.connect(self.reject)
        on_language_change(self, self.retranslate)

    def _suggest(self) -> None:
        """Begin with the first pattern that finds groups worth the name."""
        project = self._session.project
        if project is not None:
            edits = project.catalogue.edits
            self._reader.ask("groups", lambda: _first_that_fits(edits), self._take_suggestion)

    def _take_suggestion(self, suggested: tuple[str, GroupPreview]) -> None:
        pattern, found = suggested
        self.pattern.setEditText(pattern)
        self._soon.stop()
        self._take_in(found)

    def look(self) -> None:
        """Try the pattern; nothing is changed."""
        self._soon.stop()
        project = self._session.project
        if project is None or self._job is not None:
            return
        edits, pattern, images = project.catalogue.edits, self._pattern(), self._images()
        self._reader.ask("groups", lambda: edits.preview_groups(pattern, images), self._take_in)

    def apply(self) -> None:
        """Put the images into the groups that were found."""
        if not self.take.isEnabled():
            return
        self._job = job = self._session.group_by_pattern(self._pattern(), self._images())
        job.succeeded.connect(self._on_grouped)
        job.failed.connect(self._on_not_grouped)
        job.finished.connect(self._on_finished)
        self.bar.show_job(job)
        self._refresh()

    def retranslate(self) -> None:
        """Say what was found in the present language."""
        chosen = len(self._selected)
        self.only_selected.setText(
            ntr("Only the {images} selected image", "Only the {images} selected images", chosen, images=count(chosen))
        )
        self._refresh()

    def _pattern(self) -> GroupPattern:
        return GroupPattern(self.pattern.currentText(), self.expression.isChecked())

    def _images(self) -> Sequence[int] | None:
        return self._selected if self.only_selected.isChecked() else None

    def _on_changed(self) -> None:
        self._reader.forget()
        self.found = None
        self._soon.start()
        self._refresh()

    def _take_in(self, found: GroupPreview) -> None:
        self.found = found
        self.said.dismiss()
        self.examples.show([*found.examples, *((path, DASH) for path in found.unmatched)])
        self._refresh()

    def _on_refused(self, error: Exception) -> None:
        """The pattern cannot be used."""
        self.examples.show(())
        if isinstance(error, UserError):
            self.said.show_message(lambda: error.message, lambda: error.remedy, Severity.WARNING)
        else:
            self._session.notifier.report(error)

    def _on_not_grouped(self, error: Exception) -> None:
        """Nothing was changed; a fault of the program is told by the session."""
        if isinstance(error, UserError):
            self.said.show_message(lambda: error.message, lambda: error.remedy, Severity.ERROR)

    def _on_grouped(self, done: Done) -> None:
        images = len(done.image_ids)

        def words() -> str:
            if done.edit is None:
                return tr("Every image was in its group already. Nothing was changed.")
            return ntr(
                "{images} image was put into its group.",
                "{images} images were put into their groups.",
                images,
                images=count(images),
            )

        self._session.notifier.inform(words)
        self._job = None
        self.accept()

    def _on_finished(self) -> None:
        self._job = None
        self._refresh()

    def _refresh(self) -> None:
        found, ready = self.found, self._job is None
        self.words.setText(join_sentences(*_in_words(found)) if found else " ")
        self.take.setEnabled(ready and found is not None and found.matched > 0)
        reason = N_("The pattern fits no image.") if found is not None and not found.matched else ""
        bind(self.take, "setToolTip", reason)
        for widget in (self.pattern, self.expression, self.only_selected):
            widget.setEnabled(ready)

    def done(self, result: int) -> None:
        """End what runs."""
        self._soon.stop()
        self._reader.forget()
        if self._job is not None:
            self._job.cancel()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """As Cancel."""
        self.reject()
        super().closeEvent(event)


def _first_that_fits(edits: Edits) -> tuple[str, GroupPreview]:
    """A pattern that puts several images into each of several groups; the first of all where none does."""
    tried = [(text, edits.preview_groups(GroupPattern(text))) for text in PATTERNS]
    return next((one for one in tried if 1 < one[1].groups < one[1].matched), tried[0])


def _in_words(found: GroupPreview) -> Iterator[str]:
    """What a pattern finds, and what a person may not expect of it."""
    values = {"images": count(found.looked_at), "fit": count(found.matched), "groups": count(found.groups)}
    if found.looked_at < found.images:
        yield tr("Only some of the {images} images were looked at.", images=count(found.images))
    if not found.matched:
        yield tr("The pattern fits none of {images} images.", **values)
        return
    yield ntr(
        "The pattern fits {fit} of {images} images, in {groups} group.",
        "The pattern fits {fit} of {images} images, in {groups} groups.",
        found.groups,
        **values,
    )
    if found.matched < found.looked_at:
        yield tr("The others keep the group that they have.")
    elif found.groups == 1 < found.matched:
        yield tr("Images that are all in one group cannot be divided.")
    if found.groups == found.matched > 1:
        yield tr("No two images have a group in common.")
