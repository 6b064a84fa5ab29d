import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from imgmine_gui import __version__
from imgmine_gui.app import places
from imgmine_gui.app.logging import set_up_logging
from imgmine_gui.app.notifier import Fault, Notifier
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import tr
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.dialogs.fault_dialog import FaultDialog
from imgmine_gui.gui.dialogs.log_dialog import TAIL_BYTES, LogDialog, tail
from imgmine_gui.gui.main_window import MainWindow


@pytest.fixture
def log(home: Path) -> Path:
    file = places.log_file()
    file.parent.mkdir(parents=True)
    file.write_text("first line\n", encoding="utf-8")
    return file


def test_the_log_is_shown_and_followed(window: MainWindow, log: Path, qtbot: QtBot) -> None:
    window.help_menu.show_log()
    dialog = window.help_menu.dialog("log")
    assert isinstance(dialog, LogDialog)
    assert dialog.text.toPlainText() == "first line\n"
    with log.open("a", encoding="utf-8") as stream:
        stream.write("second line\n")
    qtbot.waitUntil(lambda: "second line" in dialog.text.toPlainText())
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == "first line\nsecond line\n"
    dialog.which.setCurrentIndex(1)
    assert dialog.text.toPlainText() == ""
    assert dialog.place.text() == str(places.engine_log_file())
    dialog.close()


def test_the_folder_of_the_log_opens(window: MainWindow, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    window.help_menu.show_log()
    dialog = window.help_menu.dialog("log")
    assert isinstance(dialog, LogDialog)
    dialog.folder.click()
    dialog.close()
    assert opened == [str(log.parent)]


def test_only_the_end_of_a_long_log_is_read(tmp_path: Path) -> None:
    file = tmp_path / "long.log"
    file.write_text("".join(f"line {number}\n" for number in range(50_000)), encoding="utf-8")
    lines = tail(file).splitlines()
    assert lines[0] == "(the beginning is left out)"
    assert lines[1].startswith("line ")
    assert lines[-1] == "line 49999"
    assert sum(map(len, lines)) < TAIL_BYTES + 100


def test_what_the_dialog_itself_says_of_a_log_follows_the_language(window: MainWindow, log: Path) -> None:
    log.write_text("line\n" * TAIL_BYTES, encoding="utf-8")
    window.help_menu.show_log()
    dialog = window.help_menu.dialog("log")
    assert isinstance(dialog, LogDialog)
    assert dialog.text.toPlainText().startswith("(the beginning is left out)\n")
    apply_language("zh_CN")
    assert dialog.text.toPlainText().startswith("（开头部分已省略）\n")
    dialog.close()


def test_the_lines_of_the_log_follow_the_language(window: MainWindow, log: Path, logged: None) -> None:
    window.session.notifier.report(UserError("There is no file {path}.", "Choose a .imgmodel file.", path="a"))
    names = ["a.txt", partial(tr, "{count} others", count=2)]
    window.session.notifier.warn(partial(tr, "Left out: {names}.", names=names))
    window.help_menu.show_log()
    dialog = window.help_menu.dialog("log")
    assert isinstance(dialog, LogDialog)
    english = ["There is no file a. Choose a .imgmodel file.", "Left out: a.txt, 2 others."]
    assert said(dialog) == english
    apply_language("zh_CN")
    assert said(dialog) == ["没有 a 这个文件。请选择 .imgmodel 文件。", "已略过：a.txt、另外 2 项。"]
    apply_language("en")
    assert said(dialog) == english
    dialog.close()


@pytest.fixture
def logged() -> Iterator[None]:
    """What the window tells goes to the log of the test's home."""
    logger = logging.getLogger("imgmine_gui")
    before = list(logger.handlers)
    set_up_logging()
    yield
    for handler in [one for one in logger.handlers if one not in before]:
        logger.removeHandler(handler)
        handler.close()


def said(dialog: LogDialog) -> list[str]:
    """The lines without time, level, thread and module."""
    return [line.split("notifier: ")[1] for line in dialog.text.toPlainText().splitlines() if "notifier: " in line]


def test_a_fault_opens_one_dialog_and_a_second_joins_it(window: MainWindow, qtbot: QtBot) -> None:
    window.session.notifier.fault.disconnect()
    window.session.notifier.fault.connect(window._on_fault)
    try:
        raise ZeroDivisionError("tiles")
    except ZeroDivisionError as error:
        window.session.notifier.report(error)
    qtbot.waitUntil(lambda: window._fault_dialog is not None and window._fault_dialog.isVisible())
    dialog = window._fault_dialog
    assert isinstance(dialog, FaultDialog)
    assert "ZeroDivisionError: tiles" in dialog.summary.text()
    dialog.copy.click()
    assert "Traceback" in QGuiApplication.clipboard().text()
    assert f"ImgMine {__version__}" in QGuiApplication.clipboard().text()
    window._on_fault(Fault("another", "another traceback"))
    assert window._fault_dialog is dialog
    assert "another traceback" in dialog.details.toPlainText()
    apply_language("zh_CN")
    assert dialog.summary.text() == "ImgMine 出错了：ZeroDivisionError: tiles"
    dialog.findChild(QDialogButtonBox).rejected.emit()
    assert not dialog.isVisible()


def test_about_tells_and_copies_the_versions(window: MainWindow) -> None:
    window.help_menu.show_about()
    dialog = window.help_menu.dialog("about")
    buttons = dialog.findChild(QDialogButtonBox)
    next(button for button in buttons.buttons() if button.text() == "Copy the versions").click()
    copied = QGuiApplication.clipboard().text()
    for name in ("ImgMine", "Python", "Qt", "PySide6", "TensorFlow", "Keras"):
        assert f"{name} " in copied
    assert dialog.versions.text() == copied.partition("\n")[2]
    dialog.close()


def test_a_fault_is_saved_as_a_report_that_nobody_was_sent(home: Path, window: MainWindow, qtbot: QtBot) -> None:
    notifier = Notifier()
    with qtbot.waitSignal(notifier.fault) as told:
        notifier.report(ZeroDivisionError("nothing to divide"))
    assert told.args is not None
    fault: Fault = told.args[0]
    assert fault.report is not None and fault.report.parent == places.log_folder()
    assert "ZeroDivisionError: nothing to divide" in fault.report.read_text("utf-8")
    dialog = FaultDialog(window)
    dialog.show_fault(fault)
    assert str(fault.report) in dialog.report.text()
    dialog.close()
