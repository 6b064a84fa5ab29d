import gc
import gettext
import re
import weakref
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QFileSystemModel, QLabel, QPushButton, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from imgmine_gui.core import text
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind, language_notifier, on_language_change, switch_language


class Shouting(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper()


@pytest.fixture(autouse=True)
def shouting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text.gettext, "translation", lambda *args, **kwargs: Shouting())


def test_a_bound_text_follows_the_language(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    bind(label, "setText", N_("images"))
    assert label.text() == "images"
    switch_language("zh_CN")
    assert label.text() == "IMAGES"
    switch_language("en")
    assert label.text() == "images"


def test_values_and_arguments_before_the_text(qtbot: QtBot) -> None:
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    tabs.addTab(QWidget(), "")
    tabs.addTab(QWidget(), "")
    bind(tabs, "setTabText", N_("{COUNT} labels"), 1, COUNT=3)
    switch_language("zh_CN")
    assert (tabs.tabText(0), tabs.tabText(1)) == ("", "3 LABELS")


def test_the_last_text_for_a_setter_counts(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    bind(button, "setText", N_("pause"))
    bind(button, "setText", N_("resume"))
    bind(button, "setToolTip", N_("tip"))
    switch_language("zh_CN")
    assert (button.text(), button.toolTip()) == ("RESUME", "TIP")


def test_a_binding_keeps_nothing_alive(qtbot: QtBot) -> None:
    label = QLabel()
    bind(label, "setText", N_("images"))
    gone = weakref.ref(label)
    del label
    gc.collect()
    assert gone() is None
    switch_language("zh_CN")


def test_a_widget_deleted_by_qt_is_left_alone(qtbot: QtBot) -> None:
    label = QLabel()
    bind(label, "setText", N_("images"))
    shiboken6.delete(label)
    switch_language("zh_CN")


def test_methods_are_called_after_the_bound_texts_are_set(qtbot: QtBot) -> None:
    class Page(QWidget):
        seen = ""

        def retranslate(self) -> None:
            self.seen = label.text()

    page, label = Page(), QLabel()
    qtbot.addWidget(page)
    bind(label, "setText", N_("images"))
    on_language_change(page, page.retranslate)
    assert page.seen == ""
    switch_language("zh_CN")
    assert page.seen == "IMAGES"
    seen = Page.seen
    shiboken6.delete(page)
    switch_language("en")
    assert Page.seen == seen


def test_the_notifier_tells_the_code(qtbot: QtBot) -> None:
    with qtbot.waitSignal(language_notifier().changed) as told:
        switch_language("zh_CN")
    assert told.args == ["zh_CN"]


def test_the_buttons_of_qt_speak_the_language_too(qtbot: QtBot) -> None:
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    switch_language("zh_CN")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    switch_language("en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_no_english_is_left_in_the_file_dialog_of_qt(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()  # the real catalogue
    monkeypatch.setenv("IMGMINE_HOME", str(tmp_path))
    (tmp_path / "folder").mkdir()
    switch_language("zh_CN")
    dialog = QFileDialog(None, "", str(tmp_path), "*")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    dialog.show()
    words = [label.text() for label in dialog.findChildren(QLabel)] + [
        button.text() or button.toolTip() for button in dialog.findChildren(QAbstractButton)
    ]
    assert len(words) > 8
    assert not [word for word in words if re.search("[A-Za-z]{2}", word)]
    model = next(one for one in dialog.findChildren(QFileSystemModel))
    assert model.type(model.index(str(tmp_path / "folder"))) == "文件夹"


def test_an_unknown_language_is_refused(qtbot: QtBot) -> None:
    with pytest.raises(KeyError, match="klingon"):
        switch_language("klingon")
