"""Help: the help, the keys, the log, and what this is."""

from collections.abc import Callable

import shiboken6
from PySide6.QtWidgets import QDialog, QWidget

from imgmine_gui.core.text import N_
from imgmine_gui.gui.menus.menu import Menu


class HelpMenu(Menu):
    """Help; each window is made when it is first asked for, and one of a kind is enough."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(N_("&Help"), window)
        self._window = window
        self._open: dict[str, QDialog] = {}
        self.help = self.entry(N_("Help"), self.show_help, ["F1"])
        self.keys = self.entry(N_("List of keys"), self.show_keys, ["?"])
        self.addSeparator()
        self.log = self.entry(N_("Log"), self.show_log)
        self.installation = self.entry(N_("Check installation"), self.show_installation)
        self.addSeparator()
        self.about = self.entry(N_("About ImgMine"), self.show_about)

    def show_help(self) -> None:
        """Open the help."""
        from imgmine_gui.gui.dialogs.help_window import HelpWindow

        self._show("help", lambda: HelpWindow(self._window))

    def show_keys(self) -> None:
        """Open the list of keys, made from the actions that there are."""
        from imgmine_gui.gui.dialogs.keys_dialog import KeysDialog

        self._show("keys", lambda: KeysDialog(self._window))

    def show_log(self) -> None:
        """Open the log."""
        from imgmine_gui.gui.dialogs.log_dialog import LogDialog

        self._show("log", lambda: LogDialog(self._window))

    def show_installation(self) -> None:
        """Try everything once, and say whether this installation is sound."""
        from imgmine_gui.gui.dialogs.installation_dialog import InstallationDialog

        self._show("installation", lambda: InstallationDialog(self._window))

    def show_about(self) -> None:
        """Say what this is, and the versions of its parts."""
        from imgmine_gui.gui.dialogs.about_dialog import AboutDialog

        self._show("about", lambda: AboutDialog(self._window))

    def _show(self, name: str, make: Callable[[], QDialog]) -> None:
        dialog = self._open.get(name)
        if dialog is None or not shiboken6.isValid(dialog):
            dialog = self._open[name] = make()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def dialog(self, name: str) -> QDialog:
        """The window that ``show_NAME`` opened."""
        return self._open[name]
