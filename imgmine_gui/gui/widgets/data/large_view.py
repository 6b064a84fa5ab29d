"""One image of the gallery as large as the page allows, to be looked at and labelled one after the other."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.core.project.catalogue import ImageRow
from imgmine_gui.core.project.gallery import ImageMarks
from imgmine_gui.core.project.shapes import Shape
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count
from imgmine_gui.gui.image_loader import ImageLoader, LoadedImage
from imgmine_gui.gui.item_models.catalogue_images import CatalogueImages
from imgmine_gui.gui.item_models.image_columns import FLAG_NAMES, STAR
from imgmine_gui.gui.theme import GAP, HALF, ICON_SIZE, SPACING, FontSize, font, icon
from imgmine_gui.gui.widgets.data.marks_line import MarksLine
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.data.shapes_layer import ClassLook, ShapesLayer
from imgmine_gui.gui.widgets.image_view import ImageView
from imgmine_gui.gui.widgets.text.text_editor import TextEditor
from imgmine_gui.gui.widgets.training.elided import ElidedLabel

AHEAD = 2
"""So many images behind the one that is shown are decoded before they are asked for."""
PAGE = 10
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_A: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_D: 1,
    Qt.Key.Key_PageUp: -PAGE,
    Qt.Key.Key_PageDown: PAGE,
}


class LargeView(QWidget):
    """Follows the current row of the gallery.

    Args:
        images: of the gallery.
        ask_shapes: reads the shapes of an image, by its id, and hands them to the second argument.
    """

    step_wanted = Signal(int)
    """The person wants the image at this row."""
    left = Signal()
    """Back to the grid."""
    text_typed = Signal(int, str)
    """The person typed another transcription for the image with this id."""

    def __init__(
        self,
        images: CatalogueImages,
        ask_shapes: Callable[[int, Callable[[tuple[Shape, ...]], object]], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._images = images
        self._ask_shapes = ask_shapes
        self._place = -1
        self._image: ImageRow | None = None
        self._shapes: Sequence[Shape] = ()
        self.looks: dict[int, ClassLook] = {}
        """How the classes are told, by their ids."""
        self.loader = ImageLoader(self)
        self.view = _Picture(self)
        self.layer = ShapesLayer()
        self.view.scene().addItem(self.layer)
        self.name, self.facts, self.said = ElidedLabel(), MutedLabel(), MarksLine()
        self.reason = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.back = self._button("squares-four", N_("Back to all images"), self.left.emit)
        self.previous = self._button("caret-left", N_("Previous image"), lambda: self.step(-1))
        self.next = self._button("caret-right", N_("Next image"), lambda: self.step(1))
        self.shapes_button = self._button("bounding-box", N_("Show boxes and polygons"), self._show_layer)
        self.shapes_button.setCheckable(True)
        self.shapes_button.setChecked(True)
        self.text_button = self._button("text-aa", N_("Show the transcription"), self._show_editor)
        self.text_button.setCheckable(True)
        self.text_locked = ""
        """Why no transcription can be changed: an English text; "" where they can."""
        self.editor = TextEditor()
        self.editor.hide()
        self._arrange()
        self.editor.saved.connect(self._on_text)
        self.editor.step_wanted.connect(self.step)
        self.editor.left.connect(self.view.setFocus)
        self.loader.loaded.connect(self._take_in)
        images.dataChanged.connect(lambda *_: self.show_row(self._place))
        on_language_change(self, self.retranslate)

    @property
    def image(self) -> ImageRow | None:
        """The image that is shown."""
        return self._image

    def show_row(self, place: int) -> None:
        """Show the image of a row, once it is known."""
        self._place = place
        if not self.isVisible():
            return
        image = self._images.image(place) if place >= 0 else None
        other = image is None or self._image is None or image.path != self._image.path or image.key != self._image.key
        if other:
            self.editor.keep()
        self._image = image
        self._show_text(other)
        if other:
            self._shapes = ()
            self.reason.hide()
            self.view.set_image(QImage(), QSize())
            self._draw_shapes()
            if image is not None:
                self.loader.load(image.path, self._likely_next())
                number = image.id
                self._ask_shapes(number, lambda shapes: self._take_shapes(number, shapes))
        self.retranslate()

    def retranslate(self) -> None:
        """Say which image it is and what is noted of it."""
        image, total = self._image, self._images.rowCount()
        self.previous.setEnabled(self._place > 0)
        self.next.setEnabled(0 <= self._place < total - 1)
        if image is None:
            self.name.setText("")
            self.facts.setText("")
            self.said.show_marks((), ())
            return
        self.name.setText(image.name)
        self.facts.setText(tr("{place} of {total}", place=count(self._place + 1), total=count(total)))
        self._say_marks(image, self._images.marks(self._place))
        self.shapes_button.setVisible(bool(self._shapes))

    def _say_marks(self, image: ImageRow, marks: ImageMarks | None) -> None:
        known = [self.looks[one] for one in marks.labels if one in self.looks] if marks is not None else []
        none = tr(N_("No class")) if marks is not None and not known else ""
        flag = tr(FLAG_NAMES[image.flag]) if image.flag else ""
        excluded = tr(N_("Excluded")) if image.excluded else ""
        self.said.show_marks(known, (none, STAR * image.rating, flag, excluded))

    def step(self, by: int) -> None:
        """Ask for an image some rows further on, or back."""
        last = self._images.rowCount() - 1
        place = max(0, min(last, self._place + by))
        if place != self._place and last >= 0:
            self.step_wanted.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, A and D step, Home and End go to the ends, Esc and Enter go back; labels are the gallery's."""
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        last = self._images.rowCount() - 1
        if modifiers:
            event.ignore()
        elif key in _STEPS:
            self.step(_STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.step(-last if key == Qt.Key.Key_Home else last)
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        elif key == Qt.Key.Key_Space:
            self.layer.setVisible(False)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Boxes come back when Space is let go."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._show_layer()
        else:
            event.ignore()

    def show_texts(self, shown: bool) -> None:
        """Show the field for the transcription, or hide it."""
        self.text_button.setChecked(shown)
        self._show_editor()

    def _show_text(self, other: bool) -> None:
        """The transcription of the image; what is being typed for the same image stays."""
        image = self._image
        if image is None:
            self.editor.show_text("", tr("Choose an image first."))
        elif other or not self.editor.is_changed:
            reason = tr(self.text_locked) if self.text_locked else image.reason
            self.editor.show_text(image.text, reason, "" if image.text else image.text_reason)

    def _on_text(self, text: str) -> None:
        if self._image is not None:
            self.text_typed.emit(self._image.id, text)

    def _show_editor(self) -> None:
        self.editor.setVisible(self.text_button.isChecked())

    def enter(self) -> None:
        """Put the focus on the picture."""
        self.view.setFocus()

    def _likely_next(self) -> list[str]:
        rows = [self._images.image(self._place + step) for step in range(1, AHEAD + 1)]
        return [row.path for row in rows if row is not None]

    def _take_in(self, loaded: LoadedImage) -> None:
        if self._image is None or loaded.path != self._image.path:
            return
        self.reason.setVisible(loaded.error is not None)
        self.reason.setText(loaded.error.message if loaded.error is not None else "")
        self.view.set_image(loaded.picture, loaded.full_size)
        self._draw_shapes()

    def _take_shapes(self, image_id: int, shapes: tuple[Shape, ...]) -> None:
        if self._image is not None and self._image.id == image_id:
            self._shapes = shapes
            self._draw_shapes()
            self.retranslate()

    def _draw_shapes(self) -> None:
        by_name = {look.name: look for look in self.looks.values()}
        self.layer.show_shapes(self._shapes, by_name, self.view.sceneRect())

    def _show_layer(self) -> None:
        self.layer.setVisible(self.shapes_button.isChecked())

    def _button(self, picture: str, text: str, slot: Callable[[], object]) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setIcon(icon(picture))
        button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bind(button, "setToolTip", text)
        bind(button, "setAccessibleName", text)
        button.clicked.connect(lambda _checked=False: slot())
        return button

    def _arrange(self) -> None:
        self.name.setFont(font(FontSize.BODY, bold=True))
        self.facts.setWordWrap(False)
        bind(self, "setAccessibleName", N_("Large view"))
        head = QHBoxLayout()
        head.setContentsMargins(SPACING, HALF, GAP, HALF)
        head.setSpacing(SPACING)
        for button in (self.back, self.previous, self.next):
            head.addWidget(button)
        head.addWidget(self.name, 1)
        for widget in (self.facts, self.said, self.shapes_button, self.text_button):
            head.addWidget(widget)
        self.reason.setContentsMargins(GAP, SPACING, GAP, SPACING)
        self.reason.hide()
        self.shapes_button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.reason)
        column.addWidget(self.view, 1)
        column.addWidget(self.editor)


class _Picture(ImageView):
    """Leaves all keys but those for zoom to the page, so that digits label here too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_0, Qt.Key.Key_1):
            event.ignore()
        else:
            super().keyPressEvent(event)
