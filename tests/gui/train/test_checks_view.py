"""The findings above the curves."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from imgmine_gui.core.project.checks import DataCheck
from imgmine_gui.gui.widgets.training.checks_view import ChecksView


def test_a_finding_that_is_over_is_gone_at_once(qtbot: QtBot) -> None:
    view = ChecksView()
    qtbot.addWidget(view)
    view.show_checks([DataCheck("blocks", "none", "There is no image.", "Add some.")])
    view.show()
    qtbot.waitExposed(view)
    before = [label for label in view.findChildren(QLabel) if label.text()]
    assert [label.isVisible() for label in before] == [True]
    view.show_checks([DataCheck("warns", "few", "There are few images.", "Add more.")])
    assert [label.isVisible() for label in before] == [False]
    assert view.texts() == ["There are few images. Add more."]
