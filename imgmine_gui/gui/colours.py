"""The two sets of colours of the window, and the Qt palettes made of them."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True)
class Colours:
    """Colours by their meaning. Those of text reach 4.5 : 1 against ``window`` and ``surface``."""

    window: QColor
    """Behind everything."""
    surface: QColor
    """Behind lists, fields, cards and pictures."""
    raised: QColor
    """A button, a card under the pointer."""
    border: QColor
    text: QColor
    text_muted: QColor
    text_disabled: QColor
    accent: QColor
    """The one colour of the chrome: selection, focus, the main button."""
    on_accent: QColor
    """Text on ``accent``."""
    accent_soft: QColor
    """Behind a selected row or page; text on it stays ``text``."""
    good: QColor
    """Right: blue. Always with a sign or a word."""
    bad: QColor
    """Wrong: orange. Always with a sign or a word."""
    warning: QColor


LIGHT = Colours(
    window=QColor("#F4F5F6"),
    surface=QColor("#FFFFFF"),
    raised=QColor("#FAFBFB"),
    border=QColor("#D3D7DB"),
    text=QColor("#1B1E22"),
    text_muted=QColor("#59616A"),
    text_disabled=QColor("#9AA1A9"),
    accent=QColor("#0B6E69"),
    on_accent=QColor("#FFFFFF"),
    accent_soft=QColor("#DCECEB"),
    good=QColor("#0B63B0"),
    bad=QColor("#B04A00"),
    warning=QColor("#805600"),
)
DARK = Colours(
    window=QColor("#1D1F22"),
    surface=QColor("#25282C"),
    raised=QColor("#2F3338"),
    border=QColor("#41464C"),
    text=QColor("#E8EAEC"),
    text_muted=QColor("#A7AEB6"),
    text_disabled=QColor("#6C737B"),
    accent=QColor("#5CC4BB"),
    on_accent=QColor("#10211F"),
    accent_soft=QColor("#244441"),
    good=QColor("#74B8F5"),
    bad=QColor("#FFA45C"),
    warning=QColor("#E8C468"),
)


def qt_palette(colours: Colours) -> QPalette:
    """The palette for Qt's own widgets, disabled ones included."""
    role = QPalette.ColorRole
    made = QPalette(colours.raised, colours.window)
    for key, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.window,
        role.Text: colours.text,
        role.PlaceholderText: colours.text_muted,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.on_accent,
        role.ToolTipBase: colours.surface,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.Light: colours.raised.lighter(110),
        role.Midlight: colours.raised,
        role.Mid: colours.border,
        role.Dark: colours.border.darker(120),
        role.Shadow: colours.border.darker(160),
    }.items():
        made.setColor(key, colour)
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, key, colours.text_disabled)
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, colours.border)
    return made
