"""Whether this installation is sound: the self-test in view, with a report to copy."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.app.installation_check import Checked, InstallationCheck
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, MARGIN, FontSize, font, icon

NAME, SECONDS, OUTCOME = range(3)


class InstallationDialog(QDialog):
    """Begins when it is shown, and ends the test when it is closed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.resize(720, 560)
        bind(self, "setWindowTitle", N_("Check installation"))
        bind(self, "setAccessibleName", N_("Check installation"))
        self.check = InstallationCheck(self)
        self.check.checked.connect(self._show_result)
        self.check.finished.connect(self._on_finished)
        self.verdict = QLabel(wordWrap=True)
        self.verdict.setFont(font(FontSize.BODY, bold=True))
        self.bar = QProgressBar(maximum=0, textVisible=False)
        bind(self.bar, "setAccessibleName", N_("The test is running"))
        self.table = QTreeWidget()
        self.table.setRootIsDecorated(False)
        bind(self.table, "setAccessibleName", N_("Checks"))
        self.table.setColumnCount(3)
        header = self.table.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.ResizeToContents)
        self._arrange()
        on_language_change(self, self.retranslate)
        self.begin()

    def _arrange(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.again = self._button(buttons, N_("Test again"))
        self.again.clicked.connect(self.begin)
        self.copy = self._button(buttons, N_("Copy the report"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.check.report))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP)
        column.setSpacing(GAP)
        for widget in (self.verdict, self.bar, self.table, buttons):
            column.addWidget(widget, 1 if widget is self.table else 0)

    def _button(self, buttons: QDialogButtonBox, text: str) -> QPushButton:
        button = buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        bind(button, "setText", text)
        return button

    def begin(self) -> None:
        """Test from the beginning."""
        self.table.clear()
        self.check.start()
        self._show_state()

    def retranslate(self) -> None:
        """Name the columns and the outcome; the names of the checks are what the test called them."""
        self._show_state()

    def done(self, result: int) -> None:
        """However the dialog is closed, the test ends with it."""
        self.check.stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The same where the whole program ends."""
        self.check.stop()
        super().closeEvent(event)

    def _show_result(self, one: Checked) -> None:
        row = QTreeWidgetItem([one.name, f"{one.seconds:.1f} s", one.fault or tr("good")])
        row.setTextAlignment(SECONDS, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.setIcon(NAME, icon("warning", "bad") if one.fault else icon("check", "good"))
        row.setToolTip(OUTCOME, one.details)
        self.table.addTopLevelItem(row)
        self.table.scrollToItem(row)

    def _on_finished(self, _sound: bool) -> None:
        self._show_state()

    def _show_state(self) -> None:
        running = self.check.is_running
        faults = sum(bool(one.fault) for one in self.check.results)
        if running:
            said = tr("Everything is tried once, in the background. This takes about a minute.")
        elif faults:
            said = tr(
                "Something is wrong with this installation. Copy the report and send it to somebody who can help."
            )
        else:
            said = tr("This installation is sound.")
        self.verdict.setText(said)
        self.bar.setVisible(running)
        self.again.setEnabled(not running)
        self.table.setHeaderLabels([tr("Check"), tr("Time"), tr("Outcome")])
