"""Qt's Fusion style with more room, flat buttons, quiet scroll bars, and lines and icons that show in the dark too."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComplex,
    QStyleOptionMenuItem,
    QWidget,
)

CONTROL_HEIGHT = 30
"""The least height of buttons and fields, in device-independent pixels: comfortable for a mouse."""
BUTTON_PADDING = 12
ROW_PADDING = 6
ROW_MARGIN = 6
MENU_MARGIN = 4
RADIUS = 4.0
_FIELDS = (
    QStyle.ContentsType.CT_PushButton,
    QStyle.ContentsType.CT_ComboBox,
    QStyle.ContentsType.CT_LineEdit,
    QStyle.ContentsType.CT_SpinBox,
)
_FLAGS = QStyle.StateFlag


class FlatFusion(QProxyStyle):
    """Fusion without gradients on its buttons, and with controls of one height."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        """Controls in a row get one height."""
        made = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type] # Qt takes none as well
        if kind in _FIELDS:
            made.setHeight(max(made.height(), CONTROL_HEIGHT))
            if kind is QStyle.ContentsType.CT_PushButton:
                made.setWidth(made.width() + BUTTON_PADDING)
        elif kind is QStyle.ContentsType.CT_ItemViewItem or (
            kind is QStyle.ContentsType.CT_MenuItem and _is_entry(option)
        ):
            made.setHeight(made.height() + ROW_PADDING)
        return made

    def standardIcon(
        self, which: QStyle.StandardPixmap, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> QIcon:
        """Icons of our set where Qt's are black in the dark too: on its own dialogs, and to clear a field."""
        if which in _ICONS:
            from imgmine_gui.gui.theme import icon  # the theme has this style

            return icon(*_ICONS[which])
        return super().standardIcon(which, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        """Words on the buttons of dialogs, no pictures."""
        if hint is QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 0
        return super().styleHint(hint, option, widget, returned)

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Rows of lists have air at their left, menus above and below their entries."""
        if metric is QStyle.PixelMetric.PM_FocusFrameHMargin:
            return ROW_MARGIN
        if metric is QStyle.PixelMetric.PM_MenuVMargin:
            return MENU_MARGIN
        return super().pixelMetric(metric, option, widget)

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Buttons are flat; frames of fields and boxes have our border; everything else is Fusion's."""
        draw = _DRAWN.get(element)
        if draw is None:
            super().drawPrimitive(element, option, painter, widget)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(option, painter)
        painter.restore()

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """A scroll bar is a quiet rounded handle."""
        if control is not QStyle.ComplexControl.CC_ScrollBar:
            super().drawComplexControl(control, option, painter, widget)
            return
        slider = QStyle.SubControl.SC_ScrollBarSlider
        handle = self.subControlRect(control, option, slider, widget)  # type: ignore[arg-type] # Qt takes none as well
        painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Window))
        text = option.palette.color(QPalette.ColorRole.WindowText)
        held = bool(option.activeSubControls & slider)
        text.setAlphaF(0.45 if held else 0.25)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(text)
        inner = QRectF(handle).adjusted(3, 3, -3, -3)
        round_ = min(inner.width(), inner.height()) / 2
        painter.drawRoundedRect(inner, round_, round_)
        painter.restore()


def _is_entry(option: QStyleOption) -> bool:
    """Whether an item of a menu is more than a line between others."""
    separator = QStyleOptionMenuItem.MenuItemType.Separator
    return isinstance(option, QStyleOptionMenuItem) and option.menuItemType is not separator


def blend(colour: QColor, other: QColor, share: float) -> QColor:
    """``colour`` with ``share`` (0 to 1) of ``other`` mixed in; its own transparency stays."""

    def mix(mine: int, theirs: int) -> int:
        return round(mine * (1 - share) + theirs * share)

    red, green = mix(colour.red(), other.red()), mix(colour.green(), other.green())
    return QColor(red, green, mix(colour.blue(), other.blue()), colour.alpha())


def _draw_button(option: QStyleOption, painter: QPainter) -> None:
    """A rounded plate; darker while it is pressed, its border in the accent while it has the focus."""
    fill = option.palette.color(QPalette.ColorRole.Button)
    text = option.palette.color(QPalette.ColorRole.ButtonText)
    down = bool(option.state & (_FLAGS.State_Sunken | _FLAGS.State_On))
    over = bool(option.state & _FLAGS.State_MouseOver)
    flat = isinstance(option, QStyleOptionButton) and bool(option.features & QStyleOptionButton.ButtonFeature.Flat)
    pen = _border(option)
    if flat and not down and not over:
        fill = QColor(0, 0, 0, 0)
        if not option.state & _FLAGS.State_HasFocus:
            pen = QPen(Qt.PenStyle.NoPen)
    elif option.state & _FLAGS.State_Enabled:
        fill = blend(fill, text, 0.14 if down else 0.06 if over else 0.0)
    painter.setPen(pen)
    painter.setBrush(fill)
    painter.drawRoundedRect(_inside(option, pen), RADIUS, RADIUS)


def _draw_field_frame(option: QStyleOption, painter: QPainter) -> None:
    """The border of a line of text; the field itself is painted before."""
    pen = _border(option)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(_inside(option, pen), RADIUS / 2, RADIUS / 2)


def _draw_check_box(option: QStyleOption, painter: QPainter) -> None:
    """A box, filled with the accent where it is ticked; a dash stands for "some"."""
    box = _indicator(option, painter, RADIUS / 2)
    if option.state & _FLAGS.State_On:
        points = [(0.24, 0.52), (0.43, 0.71), (0.77, 0.31)]
        painter.drawPolyline(
            QPolygonF([QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in points])
        )
    elif option.state & _FLAGS.State_NoChange:
        middle = box.center().y()
        painter.drawLine(QPointF(box.left() + 3, middle), QPointF(box.right() - 3, middle))


def _draw_radio_button(option: QStyleOption, painter: QPainter) -> None:
    """A circle, filled with the accent and a dot where it is chosen."""
    box = _indicator(option, painter, option.rect.width() / 2)
    if option.state & _FLAGS.State_On:
        painter.setBrush(painter.pen().color())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(box.center(), box.width() / 5, box.height() / 5)


def _indicator(option: QStyleOption, painter: QPainter, radius: float) -> QRectF:
    """Draw the plate of a box or circle, and leave the painter with the pen for the sign on it."""
    palette, enabled = option.palette, bool(option.state & _FLAGS.State_Enabled)
    chosen = bool(option.state & (_FLAGS.State_On | _FLAGS.State_NoChange))
    # A box must be found without its tick, so its outline has the contrast of muted text.
    quiet = palette.color(QPalette.ColorRole.PlaceholderText if enabled else QPalette.ColorRole.Mid)
    accent = palette.color(QPalette.ColorRole.Highlight) if enabled else quiet
    outline = accent if chosen or option.state & _FLAGS.State_HasFocus else quiet
    pen = QPen(outline, 1.0)
    box = _inside(option, pen)
    painter.setPen(pen)
    painter.setBrush(accent if chosen else palette.color(QPalette.ColorRole.Base))
    painter.drawRoundedRect(box, radius, radius)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.HighlightedText), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return box


def _border(option: QStyleOption) -> QPen:
    """One pixel of the border's colour, or two of the accent where the focus is."""
    if option.state & _FLAGS.State_HasFocus and option.state & _FLAGS.State_Enabled:
        return QPen(option.palette.color(QPalette.ColorRole.Highlight), 2.0)
    return QPen(option.palette.color(QPalette.ColorRole.Mid), 1.0)


def _inside(option: QStyleOption, pen: QPen) -> QRectF:
    """The rectangle whose outline of ``pen``'s width just fits into the option's."""
    inset = pen.widthF() / 2
    return QRectF(option.rect).adjusted(inset, inset, -inset, -inset)


_PIXMAPS = QStyle.StandardPixmap
_ICONS = {
    _PIXMAPS.SP_ArrowBack: ("arrow-left", "text"),
    _PIXMAPS.SP_ArrowForward: ("arrow-right", "text"),
    _PIXMAPS.SP_FileDialogToParent: ("arrow-up", "text"),
    _PIXMAPS.SP_FileDialogNewFolder: ("folder-plus", "text"),
    _PIXMAPS.SP_FileDialogListView: ("squares-four", "text"),
    _PIXMAPS.SP_FileDialogDetailedView: ("list", "text"),
    _PIXMAPS.SP_LineEditClearButton: ("x", "text_muted"),
    _PIXMAPS.SP_MessageBoxQuestion: ("question", "accent"),
    _PIXMAPS.SP_MessageBoxInformation: ("info", "accent"),
    _PIXMAPS.SP_MessageBoxWarning: ("warning", "warning"),
    _PIXMAPS.SP_MessageBoxCritical: ("warning-circle", "bad"),
}
_DRAWN = {
    QStyle.PrimitiveElement.PE_PanelButtonCommand: _draw_button,
    QStyle.PrimitiveElement.PE_FrameLineEdit: _draw_field_frame,
    QStyle.PrimitiveElement.PE_IndicatorCheckBox: _draw_check_box,
    QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck: _draw_check_box,
    QStyle.PrimitiveElement.PE_IndicatorRadioButton: _draw_radio_button,
}
