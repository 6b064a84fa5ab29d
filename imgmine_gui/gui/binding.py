"""Texts in the window that follow the language while the program runs.

``bind`` sets a text and sets it again on every change of the language; a widget whose text is made at run time has a
method ``retranslate`` and hands it to ``on_language_change``. Neither keeps a widget alive.

Example:
    >>> button = QPushButton()
    >>> bind(button, "setText", N_("Add folder…"))
    >>> bind(tabs, "setTabText", N_("Labels"), 2)  # arguments that come before the text
"""

import weakref
from collections.abc import Callable
from functools import cache
from typing import Any

import shiboken6
from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from imgmine_gui.core import text
from imgmine_gui.core.text import tr


class LanguageNotifier(QObject):
    """Says that the language changed, after every bound text has been set anew; ``language_notifier()`` is the one."""

    changed = Signal(str)
    """The code of the new language, a key of ``core.text.LANGUAGES``."""

    def __init__(self) -> None:
        super().__init__()
        self._bound: weakref.WeakKeyDictionary[QObject, dict[tuple[Any, ...], tuple[str, dict[str, Any]]]] = (
            weakref.WeakKeyDictionary()
        )
        self._listeners: weakref.WeakKeyDictionary[QObject, list[weakref.WeakMethod[Callable[[], None]]]] = (
            weakref.WeakKeyDictionary()
        )
        self._qt_translators: list[QTranslator] = []

    def remember(self, target: QObject, call: tuple[Any, ...], template: str, values: dict[str, Any]) -> None:
        """Keep what ``bind`` was asked for; a second text for the same setter replaces the first."""
        self._bound.setdefault(target, {})[call] = (template, values)

    def listen(self, widget: QObject, method: Callable[[], None]) -> None:
        """Keep what ``on_language_change`` was asked for."""
        self._listeners.setdefault(widget, []).append(weakref.WeakMethod(method))

    def switch(self, code: str) -> None:
        """Translate everything into ``code``: our texts, Qt's own, and how numbers and dates are written."""
        text.set_language(code)
        QLocale.setDefault(QLocale(code))
        self._install_qt_translation(code)
        for target, calls in list(self._bound.items()):
            for call, (template, values) in list(calls.items()):
                _apply(target, call, template, values)
        for widget, methods in list(self._listeners.items()):
            for method in [reference() for reference in methods]:
                if method is not None and shiboken6.isValid(widget):
                    method()
        self.changed.emit(code)

    def _install_qt_translation(self, code: str) -> None:
        """Qt's own buttons and menus ("Cancel", "Paste") come translated with Qt; English is built in."""
        application = QApplication.instance()
        if application is None:
            return
        for translator in self._qt_translators:
            application.removeTranslator(translator)
            translator.deleteLater()
        self._qt_translators = []
        if code == "en":
            return
        from imgmine_gui.gui.qt_texts import MissingInQt

        translator = QTranslator(self)
        translator.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        self._qt_translators = [MissingInQt(self), translator]
        for one in self._qt_translators:
            application.installTranslator(one)


@cache
def language_notifier() -> LanguageNotifier:
    """The one notifier of the program."""
    return LanguageNotifier()


def bind(target: QObject, setter: str, template: str, /, *before: Any, **values: Any) -> None:
    """Give a widget or an action a translated text now, and again whenever the language changes.

    Args:
        target: the widget, action or other Qt object; it is referred to weakly.
        setter: the name of its method that takes the text: "setText", "setToolTip", "setTabText".
        template: an English text marked with ``N_``.
        before: arguments of the setter that come before the text.
        values: for the ``{name}`` fields of the text. For values that need translation themselves, use
            ``on_language_change``.
    """
    call = (setter, *before)
    language_notifier().remember(target, call, template, values)
    _apply(target, call, template, values)


def on_language_change(widget: QObject, method: Callable[[], None]) -> None:
    """Call ``method``, a bound method of ``widget``, after each change of the language; it is not called now."""
    language_notifier().listen(widget, method)


def switch_language(code: str) -> None:
    """Show everything in the language ``code`` from now on.

    Raises:
        KeyError: the language is not one of ``core.text.LANGUAGES``.
    """
    language_notifier().switch(code)


def _apply(target: QObject, call: tuple[Any, ...], template: str, values: dict[str, Any]) -> None:
    if shiboken6.isValid(target):
        setter, *before = call
        getattr(target, setter)(*before, tr(template, **values))
