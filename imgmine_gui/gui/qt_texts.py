"""Texts of Qt's own file dialog that its Chinese translation lacks."""

from PySide6.QtCore import QTranslator

from imgmine_gui.core.text import N_, tr

_DIALOG, _ICONS = "QFileDialog", "QAbstractFileIconProvider"
_TEXTS = {
    (_DIALOG, "&Look in:"): N_("&Look in:"),
    (_DIALOG, "Files of &type:"): N_("Files of &type:"),
    (_ICONS, "Drive"): N_("Drive"),
    (_ICONS, "File"): N_("File"),
    (_ICONS, "%1 File"): N_("%1 File"),
    (_ICONS, "Folder"): N_("Folder"),
}
"""By context and source, as Qt asks for them."""


class MissingInQt(QTranslator):
    """Knows what ``qtbase_*.qm`` of Qt 6.11 does not; to be installed before that, which is asked first then."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, count: int = -1) -> str | None:
        """The text, or None where it is not ours; Qt would show an empty one."""
        known = _TEXTS.get((context, source))
        return tr(known) if known is not None else None
