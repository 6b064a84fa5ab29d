"""What the tests of the Train page share."""

import pytest
from PySide6.QtWidgets import QApplication

from imgmine_gui.gui.theme import ThemeMode, theme


@pytest.fixture(scope="session", autouse=True)
def style(qapp: QApplication) -> None:
    """The look of the program, as in the window."""
    theme().install(qapp, ThemeMode.LIGHT)
