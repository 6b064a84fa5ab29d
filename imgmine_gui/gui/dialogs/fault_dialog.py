"""A fault of the program: what happened, with the details to copy."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from imgmine_gui.app import places
from imgmine_gui.app.notifier import Fault
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, MARGIN, FontSize, font


class FaultDialog(QDialog):
    """Shows faults; further ones are added to the details while it is open, since no dialog stands on a dialog."""

    def __init__(self, window: QWidget | None) -> None:
        super().__init__(window)
        self._fault: Fault | None = None
        self.resize(640, 420)
        bind(self, "setWindowTitle", N_("Something went wrong"))
        bind(self, "setAccessibleName", N_("Something went wrong"))
        self.summary = QLabel(wordWrap=True)
        self.summary.setFont(font(FontSize.BODY, bold=True))
        advice = QLabel(wordWrap=True)
        bind(
            advice,
            "setText",
            N_(
                "Your project is safe: every change was saved before. "
                "If it happens again, copy the details and report them."
            ),
        )
        self.report = QLabel(wordWrap=True)
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details = QPlainTextEdit(readOnly=True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setTabChangesFocus(True)
        bind(self.details, "setAccessibleName", N_("Details"))
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP)
        column.setSpacing(GAP)
        column.addWidget(self.summary)
        column.addWidget(advice)
        column.addWidget(self.report)
        column.addWidget(self.details, 1)
        column.addWidget(self._buttons())
        on_language_change(self, self.retranslate)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        bind(self.copy, "setText", N_("Copy the details"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details.toPlainText()))
        folder = buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        bind(folder, "setText", N_("Open the folder of the log"))
        folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(places.log_folder()))))
        buttons.rejected.connect(self.reject)
        return buttons

    def show_fault(self, fault: Fault) -> None:
        """Show ``fault``, or add it to those that are shown."""
        if self.isVisible():
            self.details.appendPlainText("\n" + fault.details)
            return
        self._fault = fault
        self.retranslate()
        self.details.setPlainText(fault.details)
        self.show()
        self.raise_()

    def retranslate(self) -> None:
        """Say in the present language what happened."""
        self.summary.setText(self._fault.summary if self._fault is not None else "")
        file = self._fault.report if self._fault is not None else None
        said = tr("A report was saved as {path}. It was sent to nobody.", path=file) if file is not None else ""
        self.report.setText(said)
        self.report.setVisible(bool(said))
