"""How the gallery says what it shows: choices, labels, names and keys, in a narrow window too."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.item_models.roles import BadgeRole
from imgmine_gui.gui.pages.data_page import DataPage
from imgmine_gui.gui.widgets.data.filter_bar import FilterBar
from imgmine_gui.gui.widgets.data.filters import Filters
from imgmine_gui.gui.widgets.data.label_chip import LabelChip
from imgmine_gui.gui.widgets.data.marks_line import LEAST
from imgmine_gui.gui.widgets.data.shapes_layer import ClassLook
from tests.gui.data.drive import names, table_text, until
from tests.gui.data.test_class_edits import choose
from tests.gui.data.test_labelling import press, ready, written


def test_a_narrow_bar_puts_its_choices_on_a_line_of_their_own(qtbot: QtBot) -> None:
    bar = FilterBar(Filters())
    qtbot.addWidget(bar)
    bar.resize(800, 50)
    with qtbot.waitActive(bar):  # keys go to the active window alone
        bar.show()
        bar.activateWindow()
    one_line = bar.sizeHint().height()
    assert bar.text.width() > 100
    bar.resize(340, 90)
    qtbot.waitUntil(lambda: bar.label.y() > bar.text.geometry().bottom())
    assert min(box.width() for box in (bar.label, bar.split, bar.kind)) > 80
    assert bar.sizeHint().height() > one_line
    bar.text.setFocus()
    qtbot.keyClick(bar.text, Qt.Key.Key_Tab)
    assert bar.more.hasFocus(), "the order of the eye"
    bar.resize(800, 50)
    qtbot.waitUntil(lambda: bar.label.y() < bar.text.geometry().bottom())
    bar.text.setFocus()
    qtbot.keyClick(bar.text, Qt.Key.Key_Tab)
    assert bar.label.hasFocus()


def test_a_list_of_choices_is_called_by_what_is_chosen(flowers: DataPage, qtbot: QtBot) -> None:
    more = flowers.gallery.bar.more
    assert [action.text() for action in more.made().actions()][:2] == ["Flag", "Rating"]
    choose(more.made(), "Flag", "Picked")
    choose(more.made(), "Rating", "★★★ +")
    assert [action.text() for action in more.made().actions()][:3] == ["Flag: Picked", "Rating: ★★★ +", "Size"]


def test_all_labels_of_an_image_are_named_and_counted(flowers: DataPage, qtbot: QtBot) -> None:
    flowers.gallery.edits.of_classes(lambda edits: edits.set_several_labels(True))
    until(qtbot, lambda: flowers.gallery.edits.several_labels)
    ready(qtbot, flowers)
    press(qtbot, "3")
    press(qtbot, "2")
    written(qtbot, flowers)
    images = flowers.gallery.images
    until(qtbot, lambda: images.index(0, 0).data(BadgeRole) == ("daisy, tulip, rose", "neutral"))
    assert images.index(0, 1).data() == "daisy, tulip, rose"
    assert images.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole).endswith("daisy, tulip, rose")
    until(qtbot, lambda: [row[4] for row in table_text(flowers)] == ["20", "13", "9", "40"])
    tip = flowers.column.classes.model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Beside another label: 1, All: 13" in tip
    flowers.gallery.open_large(0)
    assert flowers.gallery.large.said.text == "daisy   tulip   rose"


def test_nothing_moves_between_an_image_with_a_label_and_one_without(flowers: DataPage, qtbot: QtBot) -> None:
    def chips() -> list[tuple[str, bool]]:
        found = [chip for chip in flowers.marks.findChildren(LabelChip) if chip.isVisible()]
        return [(chip.name.text(), chip.remove.isVisible()) for chip in found]

    ready(qtbot, flowers)
    until(qtbot, lambda: chips() == [("daisy", True)])
    flowers.gallery.foot.advance.setChecked(False)
    before = flowers.marks.sizeHint().height()
    press(qtbot, Qt.Key.Key_Backspace)
    until(qtbot, lambda: chips() == [("No class", False)])
    assert flowers.marks.sizeHint().height() == before


def test_a_long_name_is_cut_in_the_large_view(flowers: DataPage, qtbot: QtBot) -> None:
    names(qtbot, flowers)
    flowers.gallery.open_large(0)
    large = flowers.gallery.large
    least = large.minimumSizeHint().width()
    large.name.setText("a very long name of an image, " * 10)
    large.looks = {
        number: ClassLook("a very long name of a class " * 5, look.colour) for number, look in large.looks.items()
    }
    large.retranslate()
    assert large.minimumSizeHint().width() <= least + LEAST
    assert large.said.toolTip().startswith("a very long name of a class")


def test_the_menu_of_images_shows_the_keys(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    keys = {action.text(): action.shortcut().toString() for action in flowers.gallery.menu.made(flowers).actions()}
    assert keys["Take the labels away"] == "Backspace"
    assert keys["Leave out"] == "Ctrl+E"
    assert keys["Use again"] == ""


def test_a_class_that_is_added_comes_into_sight(flowers: DataPage, qtbot: QtBot) -> None:
    panel = flowers.column.classes
    for number in range(12):
        flowers.gallery.edits.of_classes(lambda edits, number=number: edits.add_class(f"kind {number:02}"))
    until(qtbot, lambda: len(panel.model.classes) == 15)
    assert not panel.table.viewport().rect().contains(panel.table.visualRect(panel.model.index(14, 0)))
    panel.begin_add()
    qtbot.keyClicks(panel.name_field, "lily")
    qtbot.keyClick(panel.name_field, Qt.Key.Key_Return)
    until(qtbot, lambda: len(panel.model.classes) == 16)
    until(qtbot, lambda: panel.table.viewport().rect().contains(panel.table.visualRect(panel.model.index(15, 0))))
    assert panel.menu is not None
    first = panel.menu.made(None).actions()[0]
    assert first.text() == "Select a class to rename, merge or delete it"
    assert not first.isEnabled()
