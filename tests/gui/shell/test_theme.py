import dataclasses

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imgmine_gui.gui import theme as theme_module
from imgmine_gui.gui.colours import DARK, LIGHT, Colours
from imgmine_gui.gui.style import blend
from imgmine_gui.gui.theme import FontSize, ThemeMode, font, icon, theme

READABLE = 4.5


def luminance(colour: QColor) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    """The ratio of contrast, WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("behind", ["window", "surface", "raised"])
@pytest.mark.parametrize("role", ["text", "text_muted", "accent", "good", "bad", "warning"])
def test_text_can_be_read(colours: Colours, behind: str, role: str) -> None:
    assert contrast(getattr(colours, role), getattr(colours, behind)) >= READABLE


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_on_the_accent_can_be_read(colours: Colours) -> None:
    assert contrast(colours.on_accent, colours.accent) >= READABLE
    assert contrast(colours.text, colours.accent_soft) >= READABLE


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("role", ["good", "bad", "warning"])
def test_messages_can_be_read_on_their_tint(colours: Colours, role: str) -> None:
    colour, surface = getattr(colours, role), colours.surface
    tint = blend(surface, colour, 0.1)
    assert contrast(colours.text, tint) >= READABLE


def test_the_palette_follows(qtbot: QtBot) -> None:
    for mode, colours in ((ThemeMode.DARK, DARK), (ThemeMode.LIGHT, LIGHT)):
        with qtbot.waitSignal(theme().changed):
            theme().set_mode(mode)
        assert theme().colours is colours
        assert QApplication.palette().color(QPalette.ColorRole.Window) == colours.window
        assert theme().is_dark is (colours is DARK)


def test_the_system_is_followed_only_where_it_is_asked_for(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    theme().set_mode(ThemeMode.SYSTEM)
    monkeypatch.setattr(theme_module, "system_is_dark", lambda: True)  # the virtual screen has no system theme
    with qtbot.waitSignal(theme().changed):
        QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme().is_dark
    theme().set_mode(ThemeMode.LIGHT)
    QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme().is_dark


def test_an_icon_takes_the_colour_of_the_present_theme(qtbot: QtBot) -> None:
    drawn = icon("folder-open", "accent")

    def colour(mode: QIcon.Mode = QIcon.Mode.Normal) -> QColor:
        image = drawn.pixmap(QSize(64, 64), 1.0, mode).toImage()
        pixels = [image.pixelColor(x, y) for x in range(64) for y in range(64)]
        return max(pixels, key=QColor.alpha)

    assert colour() == LIGHT.accent
    theme().set_mode(ThemeMode.DARK)
    assert colour() == DARK.accent
    assert colour(QIcon.Mode.Disabled) == DARK.text_disabled


def test_an_icon_can_be_copied_and_changed(qtbot: QtBot) -> None:
    copy = QIcon(icon("x"))
    copy.addPixmap(icon("check").pixmap(QSize(16, 16)))
    assert not copy.pixmap(QSize(20, 20)).isNull()


def test_an_unknown_icon_is_a_fault(qtbot: QtBot) -> None:
    with pytest.raises(KeyError):
        icon("no-such-thing")


def test_there_are_four_sizes(qtbot: QtBot) -> None:
    sizes = [font(size).pointSizeF() for size in FontSize]
    assert sizes == sorted(set(sizes))
    assert len(sizes) == 4
    assert font().pointSizeF() == QApplication.font().pointSizeF()


def test_every_colour_is_given_in_both_themes() -> None:
    for field in dataclasses.fields(Colours):
        assert getattr(LIGHT, field.name).isValid()
        assert getattr(DARK, field.name).isValid()
