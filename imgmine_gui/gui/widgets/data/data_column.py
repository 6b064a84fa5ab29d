"""The column at the left of the page: sources, classes, split, findings, and the button to go on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import GAP, MARGIN, SPACING
from imgmine_gui.gui.widgets.buttons import PrimaryButton
from imgmine_gui.gui.widgets.data.checks_panel import ChecksPanel
from imgmine_gui.gui.widgets.data.checks_summary import ChecksSummary
from imgmine_gui.gui.widgets.data.classes_panel import ClassesPanel
from imgmine_gui.gui.widgets.data.data_state import DataState
from imgmine_gui.gui.widgets.data.filters import Filters
from imgmine_gui.gui.widgets.data.sources_panel import SourcesPanel
from imgmine_gui.gui.widgets.data.split_panel import SplitPanel
from imgmine_gui.gui.widgets.section import Section

WIDTH = 320
NARROWEST, WIDEST = 288, 560


class DataColumn(QWidget):
    """The sections scroll where they are higher than the window; the button stays.

    Args:
        filters: turned by the table of classes and by the findings.
    """

    train_wanted = Signal()
    """The person wants to go on to the training."""

    def __init__(self, filters: Filters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sources = SourcesPanel()
        self.classes = ClassesPanel(filters)
        self.split = SplitPanel()
        self.checks = ChecksPanel(filters)
        self.train = PrimaryButton()
        bind(self.train, "setText", N_("Train"))
        self.train.clicked.connect(self.train_wanted)
        self.summary = ChecksSummary()
        self.summary.clicked.connect(self._show_checks)
        self._sections = {
            "sources": Section(N_("Sources"), self.sources),
            "classes": Section(N_("Classes"), self.classes),
            "split": Section(N_("Split"), self.split),
            "checks": Section(N_("Before training"), self.checks),
        }
        self._arrange()
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)

    def show_nothing(self) -> None:
        """Of another project, which is not read yet."""
        for section in self._sections.values():
            section.hide()
        self.summary.show_checks([])
        self.train.setEnabled(False)
        bind(self.train, "setToolTip", N_("Wait until the images are counted"))

    def show_state(self, state: DataState, scanning: frozenset[str], uncounted: bool, read_only: bool) -> None:
        """Show all of it.

        Args:
            scanning: the paths of the sources that a job reads now.
            uncounted: whether one of them is read for the first time: nothing is judged before it is counted.
            read_only: whether nothing can be changed.
        """
        checks = [] if uncounted else state.checks
        self.sources.show_sources(state.sources, scanning, read_only)
        self.classes.show_classes(state.classes, state.totals.unlabelled, state.transcribed)
        self.classes.set_read_only(read_only)
        self.split.show_split(state.settings, state.given, state.totals, read_only)
        self.checks.show_checks(checks)
        self.summary.show_checks(checks)
        divided = state.totals.train + state.totals.validation + state.totals.test
        self._sections["sources"].show()
        self._sections["classes"].setVisible(bool(state.totals.images))
        self._sections["split"].setVisible(divided > 0)
        self._sections["checks"].setVisible(not uncounted)
        blocking = next((check for check in checks if check.severity == "blocks"), None)
        self.train.setEnabled(blocking is None and not scanning)
        if scanning:
            bind(self.train, "setToolTip", N_("Wait until the scan has ended"))
        elif blocking is not None:
            bind(self.train, "setToolTip", blocking.message_template, **blocking.values)
        else:
            bind(self.train, "setToolTip", N_("Go on to the page Train"))

    def add_below_classes(self, widget: QWidget) -> None:
        """Put something below the table of classes."""
        self._sections["classes"].add(widget)

    def _show_checks(self) -> None:
        """Scroll to the findings."""
        bar, section = self._scroll.verticalScrollBar(), self._sections["checks"]
        bar.setValue(min(section.y() - GAP, bar.maximum()))

    def _arrange(self) -> None:
        inner = QWidget()
        sections = QVBoxLayout(inner)
        sections.setContentsMargins(GAP, GAP, SPACING, GAP)
        sections.setSpacing(MARGIN)
        for section in self._sections.values():
            sections.addWidget(section)
        sections.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bind(scroll, "setAccessibleName", N_("Data"))
        scroll.setWidget(inner)
        self._scroll = scroll
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(GAP, SPACING, GAP, GAP)
        foot.setSpacing(SPACING)
        foot.addWidget(self.summary)
        foot.addWidget(self.train)
        column.addLayout(foot)
