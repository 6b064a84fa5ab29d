"""The image that is looked at, large, with the heatmap over it, and beside it the original where that is wanted."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.core.explain.explain_file import FileHeatmap
from imgmine_gui.core.images.colormaps import DEFAULT_COLORMAP, colour_heatmap
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.image_loader import LoadedImage
from imgmine_gui.gui.pixels import image_of
from imgmine_gui.gui.theme import GAP, HALF, ICON_SIZE, SPACING, FontSize, font, icon
from imgmine_gui.gui.widgets.image_view import ImageView
from imgmine_gui.gui.widgets.job_bar import JobBar

HEATMAP_SIDE = 1024
"""The longest side at which a heatmap is drawn; it is smooth, so that more would show nothing more."""
PATIENCE_MS = 400
"""A heatmap that is there sooner needs no progress: nothing flashes."""


class ImagePane(QWidget):
    """One image: a head with its name and buttons, one or two views, and a line for words about the heatmap."""

    step_wanted = Signal(int)
    """-1: the previous image, 1: the next one."""
    side_by_side_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = ImageView()
        self.original = ImageView()
        bind(self.original, "setAccessibleName", N_("Image without the heatmap"))
        self.original.hide()
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.place = QLabel()
        self.place.setFont(font(FontSize.SMALL, tabular=True))
        self.note = QLabel(wordWrap=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.hide()
        self.job_bar = JobBar()
        self._heatmap: FileHeatmap | None = None
        self._colormap = DEFAULT_COLORMAP
        self._on = True
        self._held = False
        self._late_job: Job | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._show_late_job)
        self._make_buttons()
        self._arrange()
        self._link()

    @property
    def heatmap(self) -> FileHeatmap | None:
        """The heatmap of the image that is shown; None where there is none (yet)."""
        return self._heatmap

    def set_name(self, name: str, place: str) -> None:
        """What the image is called, and which of how many it is."""
        self.name.setText(name)
        self.name.setToolTip(name)
        self.place.setText(place)

    def set_image(self, image: LoadedImage) -> None:
        """Show another image, without a heatmap."""
        self._heatmap = None
        for view in (self.view, self.original):
            view.set_image(image.picture, image.full_size, keep_view=not view.is_fitted)
        self.say(str(image.error) if image.error else "")

    def clear(self) -> None:
        """Show no image."""
        self._heatmap = None
        self.set_name("", "")
        for view in (self.view, self.original):
            view.set_image(QImage(), QSize())
        self.say("")

    def say(self, words: str) -> None:
        """A translated line below the image; empty for none."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def set_heatmap(self, heatmap: FileHeatmap | None) -> None:
        """Lay a heatmap over the image that is shown; a flat one is not drawn."""
        self._heatmap = heatmap
        self._draw()

    def set_drawing(self, on: bool, opacity: float, colormap: str) -> None:
        """How the heatmap is drawn."""
        self._on = on
        self.view.set_layer_opacity(opacity)
        if colormap != self._colormap:
            self._colormap = colormap
            self._draw()
        self._show_or_hide()

    def hold(self, held: bool) -> None:
        """Hide the heatmap for as long as a key is held."""
        self._held = held
        self._show_or_hide()

    def set_side_by_side(self, wanted: bool) -> None:
        """Show the original beside the image with its heatmap."""
        self.beside_button.setChecked(wanted)

    def set_job(self, job: Job | None) -> None:
        """Show the progress of the heatmap that is made, if it takes long."""
        self._late_job = job
        if job is None:
            self._patience.stop()
            self.job_bar.forget_job()
        else:
            self._patience.start()

    def _show_late_job(self) -> None:
        if self._late_job is not None and not self._late_job.is_over:
            self.job_bar.show_job(self._late_job)

    def _draw(self) -> None:
        heatmap = self._heatmap
        if heatmap is None or heatmap.flat:
            self.view.set_layer(QImage())
        else:
            width, height = heatmap.geometry.source_size
            part = min(1.0, HEATMAP_SIDE / max(width, height))
            size = (max(1, round(width * part)), max(1, round(height * part)))
            values = heatmap.geometry.heatmap_to_size(heatmap.values, size)
            self.view.set_layer(image_of(colour_heatmap(values, self._colormap)))
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        self.view.set_layer_visible(self._on and not self._held)

    def _make_buttons(self) -> None:
        self.previous_button = _button("caret-left", N_("Previous image (A or the left arrow)"))
        self.next_button = _button("caret-right", N_("Next image (D or the right arrow)"))
        self.fit_button = _button("corners-out", N_("Fit into the window (0)"))
        self.actual_button = _button("frame-corners", N_("One pixel of the image on one of the screen (1)"))
        self.beside_button = _button("columns", N_("Show the original beside it"))
        self.beside_button.setCheckable(True)
        self.previous_button.clicked.connect(lambda: self.step_wanted.emit(-1))
        self.next_button.clicked.connect(lambda: self.step_wanted.emit(1))
        self.fit_button.clicked.connect(self.view.fit)
        self.actual_button.clicked.connect(self.view.show_actual_size)
        self.beside_button.toggled.connect(self._on_beside)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(SPACING, HALF, SPACING, HALF)
        head.setSpacing(HALF)
        head.addWidget(self.previous_button)
        head.addWidget(self.next_button)
        head.addSpacing(SPACING)
        head.addWidget(self.name, 1)
        head.addWidget(self.place)
        head.addSpacing(SPACING)
        for button in (self.fit_button, self.actual_button, self.beside_button):
            head.addWidget(button)
        views = QHBoxLayout()
        views.setSpacing(HALF)
        views.addWidget(self.original, 1)
        views.addWidget(self.view, 1)
        self.note.setContentsMargins(GAP, SPACING, GAP, SPACING)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(views, 1)
        column.addWidget(self.note)
        column.addWidget(self.job_bar)

    def _link(self) -> None:
        self.view.view_changed.connect(self.original.follow)
        self.original.view_changed.connect(self.view.follow)
        self.view.fitted.connect(self.original.follow_fit)
        self.original.fitted.connect(self.view.follow_fit)

    def _on_beside(self, wanted: bool) -> None:
        self.original.setVisible(wanted)
        self.view.fit()
        self.side_by_side_changed.emit(wanted)


def _button(icon_name: str, words: str) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIcon(icon(icon_name))
    button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    bind(button, "setToolTip", words)
    bind(button, "setAccessibleName", words)
    return button
