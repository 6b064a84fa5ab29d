"""The strip above the page: the project's name, that it is saved or can only be read, and the jobs that run."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from imgmine_gui.app.session import Session
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import on_language_change
from imgmine_gui.gui.theme import GAP, HALF, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.jobs_strip import JobsStrip

HEIGHT = 48
SIGN = 16
NAME_WIDTH = 280


class TopStrip(QWidget):
    """Which project is open, and what goes on."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setFixedHeight(HEIGHT)
        self.name = QLabel()
        self.name.setFont(font(FontSize.HEADING, bold=True))
        self.name.setMaximumWidth(NAME_WIDTH)
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._sign = QLabel()
        self.saved = QLabel()
        self.saved.setFont(font(FontSize.SMALL))
        self.jobs = JobsStrip(session)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, 0, GAP, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.name)
        row.addSpacing(HALF)
        row.addWidget(self._sign)
        row.addWidget(self.saved)
        row.addSpacing(GAP)
        row.addStretch(1)
        row.addWidget(self.jobs)
        session.project_changed.connect(self.retranslate)
        session.data_changed.connect(self.retranslate)  # damage may have been found
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Show the open project, in the present language."""
        project = self._session.project
        name = project.name if project is not None else tr("No project open")
        self.name.setText(self.name.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH))
        self.name.setToolTip(str(project.folder) if project is not None else "")
        for widget in (self._sign, self.saved):
            widget.setVisible(project is not None)
        why = project.why_read_only if project is not None else ""
        self.saved.setText(tr(N_("Read only")) if why else tr(N_("Saved")))
        about = tr(why) or tr(N_("Every change is saved at once, in the folder of the project."))
        for widget in (self._sign, self.saved):
            widget.setToolTip(about)
        self._recolour()

    def _recolour(self) -> None:
        project = self._session.project
        name = "lock-simple" if project is not None and project.read_only else "check"
        self._sign.setPixmap(icon(name, "text_muted").pixmap(QSize(SIGN, SIGN), self.devicePixelRatioF()))
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().colours.text_muted)
        self.saved.setPalette(palette)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line below."""
        painter = QPainter(self)
        painter.setPen(theme().colours.border)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
