"""Export: a format, its options, and where to."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.app.job import Job
from imgmine_gui.app.notifier import Severity
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.exchange.export import KEEPS_WORDS, ExportReport, suggested_name
from imgmine_gui.core.project.exchange.formats import WRITERS
from imgmine_gui.core.project.exchange.options import ExportOptions
from imgmine_gui.core.project.exchange.words import export_lines
from imgmine_gui.core.text import N_, join_list, join_sentences, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, MARGIN, SPACING, FontSize, font
from imgmine_gui.gui.widgets.buttons import PrimaryButton, button_row
from imgmine_gui.gui.widgets.job_bar import JobBar
from imgmine_gui.gui.widgets.message_bar import MessageBar
from imgmine_gui.gui.widgets.option_form import OptionForm

SIZE = (680, 460)
LAST_FOLDER, LAST_FORMAT = "export_folder", "export_format"


class ExportDialog(QDialog):
    """Asks what to write where, and shows how it goes.

    Args:
        session: with an open project.
        window: that it stands over.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._job: Job | None = None
        self._chosen_target = False
        bind(self, "setWindowTitle", N_("Export"))
        bind(self, "setAccessibleName", N_("Export"))
        self.formats = QComboBox()
        bind(self.formats, "setAccessibleName", N_("Format"))
        self.about = QLabel(wordWrap=True)
        self.about.setFont(font(FontSize.SMALL))
        self.forms = {name: OptionForm(WRITERS[name].options_type) for name in WRITERS}
        self.stack = QStackedWidget()
        self.target = QLineEdit()
        bind(self.target, "setAccessibleName", N_("Where to"))
        self.choose = QPushButton()
        self.hint = QLabel(wordWrap=True)
        self.hint.setFont(font(FontSize.SMALL))
        self.said = MessageBar()
        self.bar = JobBar()
        self.leave = QPushButton()
        self.go = PrimaryButton()
        self._arrange()
        self._connect()
        self.retranslate()
        last = self.formats.findData(session.settings.text(LAST_FORMAT, "csv"))
        self.formats.setCurrentIndex(max(0, last))
        self._on_format()

    @property
    def format_name(self) -> str:
        """The name of the writer that is chosen."""
        return str(self.formats.currentData())

    def _arrange(self) -> None:
        for form in self.forms.values():
            page = QWidget()
            rows = QVBoxLayout(page)
            rows.setContentsMargins(0, 0, 0, 0)
            rows.addWidget(form)
            rows.addStretch(1)
            self.stack.addWidget(page)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        place = QHBoxLayout()
        place.setSpacing(SPACING)
        place.addWidget(self.target, 1)
        place.addWidget(self.choose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(SPACING)
        grid.setColumnStretch(1, 1)
        grid.setRowMinimumHeight(1, 3 * self.fontMetrics().height())
        for row, words in ((0, N_("Format")), (3, N_("Where to"))):
            label = QLabel()
            bind(label, "setText", words)
            grid.addWidget(label, row, 0)
        grid.addWidget(self.formats, 0, 1)
        grid.addWidget(self.about, 1, 1)
        grid.addWidget(self.stack, 2, 0, 1, 2)
        grid.addLayout(place, 3, 1)
        grid.addWidget(self.hint, 4, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP)
        column.setSpacing(GAP)
        column.addLayout(grid)
        column.addStretch(1)
        column.addWidget(self.said)
        column.addLayout(button_row(self.bar, self.leave, self.go))
        self.resize(*SIZE)
        self.setMinimumSize(*SIZE)

    def _connect(self) -> None:
        bind(self.choose, "setText", N_("Choose…"))
        bind(self.leave, "setText", N_("Cancel"))
        bind(self.go, "setText", N_("Export"))
        self.choose.clicked.connect(self._ask_target)
        self.leave.clicked.connect(self.reject)
        self.go.clicked.connect(self.export)
        self.formats.currentIndexChanged.connect(lambda _index: self._on_format())
        self.target.textEdited.connect(self._on_typed)
        for form in self.forms.values():
            form.changed.connect(self._refresh)
        self._session.project_changed.connect(self.reject)
        on_language_change(self, self.retranslate)

    def retranslate(self) -> None:
        """Name the formats in the present language."""
        chosen = self.formats.currentData()
        self.formats.blockSignals(True)
        self.formats.clear()
        for name in WRITERS:
            self.formats.addItem(tr(WRITERS[name].title), name)
        self.formats.setCurrentIndex(max(0, self.formats.findData(chosen)))
        self.formats.blockSignals(False)
        self._refresh()

    def set_target(self, path: Path, asked: bool = True) -> None:
        """Write there.

        Args:
            asked: whether the person was asked already if a file that is there may be replaced.
        """
        self.said.dismiss()
        self._chosen_target = asked
        self.target.setText(str(path))
        self._refresh()

    def export(self) -> None:
        """Write."""
        form, target = self.forms[self.format_name], self.target.text().strip()
        if self._job is not None or not target or form.problems():
            return
        options = form.options()
        assert isinstance(options, ExportOptions)
        self.said.dismiss()
        place = Path(target).expanduser()
        try:
            job = self._session.export_images(self.format_name, place, options)
        except UserError as error:
            self._say(error)
            return
        self._job = job
        self._session.settings.set_text(LAST_FOLDER, str(place.parent))
        self._session.settings.set_text(LAST_FORMAT, self.format_name)
        job.succeeded.connect(self._on_written)
        job.failed.connect(self._on_failed)
        job.finished.connect(self._on_finished)
        self.bar.show_job(job)
        self._refresh()

    def _on_written(self, report: ExportReport) -> None:
        problems = report.problems[:1]

        def words() -> str:
            return join_sentences(*export_lines(report), *(problem.text for problem in problems))

        (self._session.notifier.warn if problems else self._session.notifier.inform)(words)
        self._job = None
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._say(error)

    def _on_finished(self) -> None:
        self._job = None
        self._refresh()

    def _on_format(self) -> None:
        self.said.dismiss()
        self._chosen_target = False
        self.stack.setCurrentIndex(list(self.forms).index(self.format_name))
        project = self._session.project
        self.target.setText(str(self._free(suggested_name(self.format_name, project.name if project else ""))))
        self._refresh()

    def _on_typed(self) -> None:
        self.said.dismiss()
        self._chosen_target = False
        self._refresh()

    def _refresh(self) -> None:
        writer = (
            WRITERS[self.format_name] if self.formats.currentData() else next(iter(WRITERS[name] for name in WRITERS))
        )
        missing = [tr(KEEPS_WORDS[sort]) for sort in KEEPS_WORDS if sort not in writer.keeps]
        room = tr("It has no room for: {things}.", things=join_list(missing)) if missing else ""
        self.about.setText(join_sentences(tr(writer.summary), room))
        running = self._job is not None
        for widget in (self.formats, self.stack, self.target, self.choose):
            widget.setEnabled(not running)
        self.go.setEnabled(bool(self.target.text().strip()) and not running)
        self.hint.setText(self._hint(bool(writer.suffix)))

    def _hint(self, is_file: bool) -> str:
        place = Path(self.target.text().strip()).expanduser()
        if not is_file:
            return tr("A new folder, or an empty one.")
        if place.is_file() and not self._chosen_target:
            return tr("This file is there already, and will be replaced.")
        return ""

    def _ask_target(self) -> None:
        writer = WRITERS[self.format_name]
        start = self.target.text().strip()
        if writer.suffix:
            kinds = f"{tr(writer.title)} (*{writer.suffix})"
            chosen, _ = QFileDialog.getSaveFileName(self, tr("Export"), start, kinds)
            if chosen:
                target = Path(chosen) if Path(chosen).suffix else Path(chosen + writer.suffix)
                self.set_target(target, asked=target == Path(chosen))
            return
        chosen = QFileDialog.getExistingDirectory(
            self, tr("Export: choose the folder to write into"), str(Path(start).parent)
        )
        if chosen:
            empty = not any(Path(chosen).iterdir())
            self.set_target(Path(chosen) if empty else Path(chosen) / Path(start).name)

    def _free(self, name: str) -> Path:
        known = self._session.settings.text(LAST_FOLDER)
        folder = Path(known) if known and Path(known).is_dir() else Path.home()
        place, number = folder / name, 1
        while place.exists():
            number += 1
            place = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        return place

    def _say(self, error: UserError) -> None:
        self.said.show_message(lambda: error.message, lambda: error.remedy, Severity.ERROR)

    def done(self, result: int) -> None:
        """End what runs."""
        if self._job is not None:
            self._job.cancel()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """As Cancel."""
        self.reject()
        super().closeEvent(event)
