"""One image, large: zoom to the pointer, pan, fit, 1:1, and a layer over it."""

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QWidget

from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import theme

STEP = 1.25
LARGEST = 64.0
SHARP_FROM = 4.0
"""From this enlargement on pixels are shown as squares, not smoothed: who looks so closely wants to see them."""
ROOM = 12
"""Left free at each side of a fitted image."""


class ImageView(QGraphicsView):
    """Shows one image, and over it a picture that covers the same area.

    Coordinates of the scene are pixels of the oriented original, whatever the size at which it was decoded.
    """

    view_changed = Signal(float, QPointF)
    """Scale and centre, after the person zoomed or panned: for a view that follows."""
    fitted = Signal()
    """The person had the image fitted into the view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QGraphicsPixmapItem()
        self._layer = QGraphicsPixmapItem()
        self._fitting = True
        self._silent = False
        scene = QGraphicsScene(self)
        scene.addItem(self._image)
        scene.addItem(self._layer)
        self.setScene(scene)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 120)
        self.setAcceptDrops(False)  # what is dropped is for the page
        bind(self, "setAccessibleName", N_("Image"))
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._tell)
        theme().changed.connect(self._recolour)
        self._recolour()

    @property
    def is_fitted(self) -> bool:
        """Whether the image follows the size of the view."""
        return self._fitting

    @property
    def scale_now(self) -> float:
        """Device-independent pixels of the screen a pixel of the image."""
        return self.transform().m11()

    @property
    def image_size(self) -> QSize:
        """Of the oriented original; empty where none is shown."""
        return self.sceneRect().size().toSize()

    def set_image(self, picture: QImage, full_size: QSize, keep_view: bool = False) -> None:
        """Show an image without a layer; a null one clears the view.

        Args:
            full_size: of the original, where the picture was decoded at a part of it.
            keep_view: leave zoom and position as they are where the size is the same.
        """
        same = full_size == self.image_size
        self.set_layer(QImage())
        self._image.setPixmap(QPixmap.fromImage(picture))
        self.setSceneRect(0, 0, full_size.width(), full_size.height())
        _stretch(self._image, full_size)
        if not (keep_view and same):
            self.follow_fit()
        self._choose_smoothness()

    def set_layer(self, picture: QImage) -> None:
        """Lay ``picture`` over the whole image; a null one takes the layer away."""
        self._layer.setPixmap(QPixmap.fromImage(picture) if not picture.isNull() else QPixmap())
        self._layer.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        _stretch(self._layer, self.image_size)

    def has_layer(self) -> bool:
        """Whether a picture lies over the image, seen or hidden."""
        return not self._layer.pixmap().isNull()

    def set_layer_opacity(self, opacity: float) -> None:
        """0: the image alone; 1: the layer as it is."""
        self._layer.setOpacity(opacity)

    def set_layer_visible(self, visible: bool) -> None:
        """Show or hide the layer."""
        self._layer.setVisible(visible)

    def is_layer_visible(self) -> bool:
        """Whether the layer is seen."""
        return self._layer.isVisible() and self.has_layer()

    def fit(self) -> None:
        """The whole image, as large as the view allows; small ones are enlarged."""
        self.follow_fit()
        self.fitted.emit()

    def follow_fit(self) -> None:
        """Fit without telling anyone."""
        self._fitting, silent = True, self._silent
        size = self.image_size
        if size.isEmpty():
            return
        across = max(1, self.viewport().width() - 2 * ROOM) / size.width()
        down = max(1, self.viewport().height() - 2 * ROOM) / size.height()
        self._silent = True
        self._set_scale(min(across, down, LARGEST))
        self.centerOn(self.sceneRect().center())
        self._silent = silent

    def show_actual_size(self) -> None:
        """One pixel of the image on one pixel of the screen."""
        self._fitting = False
        self._set_scale(1 / self.devicePixelRatioF())
        self._tell()

    def zoom(self, step: int) -> None:
        """Larger (1 and up), smaller (-1 and down), or fit (0); around the pointer where it is over the image."""
        if step == 0:
            self.fit()
        else:
            self._fitting = False
            self._set_scale(self.scale_now * STEP**step)
            self._tell()

    def follow(self, scale: float, centre: QPointF) -> None:
        """Show the same part of the image as another view."""
        self._silent = True
        self._fitting = False
        self._set_scale(scale)
        self.centerOn(centre)
        self._silent = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms to the pointer."""
        turned = event.angleDelta().y() / 120
        if turned:
            self._fitting = False
            self._set_scale(self.scale_now * STEP**turned)
            self._tell()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit; one to one where it is fitted."""
        if self._fitting:
            self.show_actual_size()
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+, -, 0 and 1 zoom, Shift with the arrows pans; everything else is for the page."""
        key, shift = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in _PAN and shift:
            self._pan(_PAN[key])
        elif event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            event.ignore()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1)
        elif key == Qt.Key.Key_Minus:
            self.zoom(-1)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_1:
            self.show_actual_size()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted image stays fitted."""
        super().resizeEvent(event)
        if self._fitting:
            self.follow_fit()

    def _set_scale(self, scale: float) -> None:
        smallest = min(1.0, 32 / max(1, self.image_size.width(), self.image_size.height()))
        scale = max(smallest, min(LARGEST, scale))
        # Not by a factor on what is there: rounding would add up, and at 1 : 1 every pixel must stay itself.
        self.setTransform(QTransform.fromScale(scale, scale))
        self._choose_smoothness()

    def _choose_smoothness(self) -> None:
        sharp = self.scale_now * self.devicePixelRatioF() >= SHARP_FROM and not self._fitting
        mode = Qt.TransformationMode.FastTransformation if sharp else Qt.TransformationMode.SmoothTransformation
        self._image.setTransformationMode(mode)

    def _pan(self, direction: QPoint) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + direction.x() * self.viewport().width() // 8)
        down.setValue(down.value() + direction.y() * self.viewport().height() // 8)

    def _tell(self) -> None:
        # A fitted view goes by its own size, and says that it was fitted with a signal of its own.
        if not self._silent and not self._fitting:
            self.view_changed.emit(self.scale_now, self.mapToScene(self.viewport().rect().center()))

    def _recolour(self) -> None:
        palette = self.palette()
        ground: QColor = theme().colours.window
        palette.setColor(QPalette.ColorRole.Base, ground.darker(104))
        self.setPalette(palette)
        self.setBackgroundBrush(ground.darker(104))


_PAN = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}


def _stretch(item: QGraphicsPixmapItem, size: QSize) -> None:
    """Have the item's picture cover ``size`` of the scene, each axis by itself."""
    pixmap = item.pixmap()
    item.resetTransform()
    if not pixmap.isNull() and not size.isEmpty():
        transform = item.transform()
        transform.scale(size.width() / pixmap.width(), size.height() / pixmap.height())
        item.setTransform(transform)
