"""What the menus Export have in common: they ask where to, ask before they replace anything, and write."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from imgmine_gui.app.session import Session
from imgmine_gui.core.storage.atomic import write_bytes
from imgmine_gui.core.text import ntr, tr
from imgmine_gui.gui.binding import bind

LAST_FOLDER = "export_folder"


class SavingMenu(QMenu):
    """A menu whose entries write files; it begins in the folder where something was written last."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def add(self, text: str, do: Callable[[], None]) -> None:
        """An entry; its text is marked with ``N_``."""
        bind(self.addAction("", do), "setText", text)

    def save_table(self, title: str, stem: str, content: Callable[[], str]) -> Path | None:
        """Ask for a CSV file and write it.

        Args:
            title: of the question.
            stem: of the name that is proposed.
            content: makes the table.

        Returns:
            The file; None where the person wants none.

        Raises:
            UserError: the disk is full or the folder cannot be written.
        """
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(self._start_folder() / f"{stem}.csv"), "CSV (*.csv)")
        if not chosen:
            return None
        path = Path(chosen) if Path(chosen).suffix else Path(chosen + ".csv")
        if str(path) != chosen and path.exists() and not self.may_replace(1):
            return None
        write_bytes(path, content().encode())
        self.remember(path.parent)
        return path

    def ask_folder(self, title: str) -> Path | None:
        """The folder that the person chooses to write into; None where none is chosen."""
        chosen = QFileDialog.getExistingDirectory(self, title, str(self._start_folder()))
        return Path(chosen) if chosen else None

    def may_replace(self, count: int) -> bool:
        """Ask whether so many files that are there may be replaced; where there are none, nothing is asked."""
        if not count:
            return True
        words = ntr(
            "{count} file there has the same name. Replace it?",
            "{count} files there have the same names. Replace them?",
            count,
        )
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
        answer = QMessageBox.question(self, tr("Export"), words, buttons, QMessageBox.StandardButton.No)
        return answer == QMessageBox.StandardButton.Yes

    def remember(self, folder: Path) -> None:
        """Begin in this folder the next time."""
        self._session.settings.set_text(LAST_FOLDER, str(folder))

    def _start_folder(self) -> Path:
        known = self._session.settings.text(LAST_FOLDER)
        return Path(known) if known and Path(known).is_dir() else Path.home()
