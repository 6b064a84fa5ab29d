"""The log, to read, copy and find."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.app import places
from imgmine_gui.app.log_lines import in_present_language
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, SPACING

TAIL_BYTES = 200_000
"""So much of the end of a log is shown."""
INTERVAL_MS = 1000


class LogDialog(QDialog):
    """Shows the end of a log and follows it while it grows."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.resize(880, 560)
        bind(self, "setWindowTitle", N_("Log"))
        bind(self, "setAccessibleName", N_("Log"))
        self._shown: tuple[Path, int] | None = None
        self.which = QComboBox()
        for file in (places.log_file(), places.engine_log_file()):
            self.which.addItem("", file)
        bind(self.which, "setItemText", N_("Window and jobs"), 0)
        bind(self.which, "setItemText", N_("Engine"), 1)
        bind(self.which, "setAccessibleName", N_("Which log"))
        self.which.currentIndexChanged.connect(self._refresh)
        self.place = QLabel()
        self.place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bind(self.place, "setAccessibleName", N_("Where the log is"))
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setTabChangesFocus(True)
        bind(self.text, "setAccessibleName", N_("Log"))
        bind(self.text, "setPlaceholderText", N_("Nothing has been written to this log yet."))
        self._arrange()
        on_language_change(self, self.retranslate)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._refresh)
        self._timer.start()
        self._refresh()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self.which)
        top.addWidget(self.place, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        bind(self.copy, "setText", N_("Copy"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.folder = buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        bind(self.folder, "setText", N_("Open the folder"))
        self.folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(places.log_folder()))))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(SPACING)
        column.addLayout(top)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)

    def retranslate(self) -> None:
        """Read the file again, with our own words in the present language."""
        self._shown = None
        self._refresh()

    def _refresh(self) -> None:
        """Read the file again where it has changed; stay at the end if the person was there."""
        file: Path = self.which.currentData()
        self.place.setText(str(file))
        size = file.stat().st_size if file.is_file() else 0
        if (file, size) == self._shown:
            return
        self._shown = file, size
        bar = self.text.verticalScrollBar()
        at_end = bar.value() == bar.maximum()
        self.text.setPlainText(tail(file))
        if at_end:
            bar.setValue(bar.maximum())


def tail(file: Path) -> str:
    """The last ``TAIL_BYTES`` of ``file`` in the present language, from a line's start; empty where there is none."""
    if not file.is_file():
        return ""
    with file.open("rb") as stream:
        stream.seek(0, 2)
        cut = stream.tell() > TAIL_BYTES
        stream.seek(-min(TAIL_BYTES, stream.tell()), 2)
        text = stream.read().decode("utf-8", errors="replace")
    shown = in_present_language(text.partition("\n")[2] if cut else text)
    return tr("(the beginning is left out)") + "\n" + shown if cut else shown
