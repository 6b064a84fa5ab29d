"""What the screenshots show, step by step; each step starts where the one before ended."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView
from screenshot_stage import Stage

from imgmine_gui.app.notifier import Fault
from imgmine_gui.core.events import EpochEnded, Event
from imgmine_gui.core.training.recipes import recipe
from imgmine_gui.gui.dialogs.closing import leaving_question
from imgmine_gui.gui.dialogs.fault_dialog import FaultDialog
from imgmine_gui.gui.item_models.predictions_rows import Order
from imgmine_gui.gui.pages.data_page import DataPage
from imgmine_gui.gui.pages.predictions_page import PredictionsPage
from imgmine_gui.gui.pages.quick_check_page import CURVE, FOLDS, QuickCheckPage

EPOCHS_IN_VIEW = 9
CLASSES = 10
"""Of the sample; each has as many images as the others."""


@dataclass(frozen=True)
class Step:
    """One state of the window.

    Attributes:
        name: of the pictures.
        prepare: brings the window into the state.
    """

    name: str
    prepare: Callable[[Stage], object]


def _start(stage: Stage) -> None:
    stage.window.go("start")


def _page(name: str) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        stage.window.go(name)
        stage.settle()

    return prepare


def _message(stage: Stage) -> None:
    stage.session.notifier.report(_missing())
    stage.settle()


def _missing() -> BaseException:
    from imgmine_gui.core.errors import UserError

    try:
        from imgmine_gui.app.opening import read_meaning

        read_meaning(Path("/pictures/plants"))
    except UserError as error:
        return error
    raise AssertionError


def _file_menu(stage: Stage) -> None:
    menu = stage.window.file_menu
    menu.popup(stage.window.menuBar().mapToGlobal(stage.window.menuBar().rect().bottomLeft()))
    stage.show(menu)


def _dialog(name: str) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        menu = stage.window.help_menu
        getattr(menu, f"show_{name}")()
        stage.show(menu.dialog(name))

    return prepare


def _closing(stage: Stage) -> None:
    box = leaving_question(stage.window)
    box.show()
    stage.show(box)


def _fault(stage: Stage) -> None:
    dialog = FaultDialog(stage.window)
    dialog.show_fault(Fault("ImgMine made a mistake: KeyError: 'epoch'", "Traceback (most recent call last):\n  ..."))
    stage.show(dialog)


def _sample(stage: Stage) -> None:
    stage.window.opening.open_sample("clutter")
    stage.wait_for_jobs()
    stage.settle(1.5)


def _image(stage: Stage) -> None:
    page = stage.window.go("data")
    assert isinstance(page, DataPage)
    page.gallery.grid.setFocus()
    QTest.keyClick(page.gallery.grid, Qt.Key.Key_Right)
    stage.settle(1.0)


def _training(stage: Stage) -> None:
    stage.window.go("train")
    job = stage.session.train(recipe("clutter"))
    ended: list[Event] = []
    job.events.connect(lambda events: ended.extend(event for event in events if isinstance(event, EpochEnded)))
    stage.wait(lambda: len(ended) >= EPOCHS_IN_VIEW or job.is_over, "the first epochs")


def _trained(stage: Stage) -> None:
    stage.window.go("train")
    stage.wait_for_jobs("train")
    stage.settle(1.0)


def _predictions(stage: Stage) -> None:
    stage.window.show_run(stage.session.runs()[0].path)
    stage.wait_for_jobs()
    stage.settle(2.0)


def _scores(stage: Stage) -> None:
    page = stage.window.go("predictions")
    assert isinstance(page, PredictionsPage)
    page.switch.show_scores(True)
    stage.settle(1.0)


def _several_classes(stage: Stage) -> None:
    _sample(stage)
    page = stage.window.go("data")
    assert isinstance(page, DataPage)
    grid = page.gallery.grid
    second = grid.model().rowCount() // CLASSES
    grid.scrollTo(grid.model().index(second, 0), QAbstractItemView.ScrollHint.PositionAtCenter)
    stage.settle(1.5)


def _learned(stage: Stage) -> None:
    stage.window.go("train")
    stage.session.train(recipe("clutter"))
    _trained(stage)


def _most_confident(stage: Stage) -> None:
    _predictions(stage)
    page = stage.window.go("predictions")
    assert isinstance(page, PredictionsPage)
    browser = page.browser
    order = browser.filter_bar.order_box
    order.setCurrentIndex(order.findData(Order.CONFIDENT))
    browser.grid.set_current_row(0)
    browser.grid.setFocus()
    stage.settle(2.0)


def _quick_check(number: int) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        page = stage.window.go("quick_check")
        assert isinstance(page, QuickCheckPage)
        page.bar.switch[number].click()
        stage.wait(page.invitations[number].button.isEnabled, "the counts")
        page.start()
        stage.wait_for_jobs()
        stage.settle(1.0)

    return prepare


STEPS = (
    Step("start", _start),
    Step("data_empty", _page("data")),
    Step("train_empty", _page("train")),
    Step("predictions_empty", _page("predictions")),
    Step("quick_check_empty", _page("quick_check")),
    Step("message", _message),
    Step("file_menu", _file_menu),
    Step("keys", _dialog("keys")),
    Step("help", _dialog("help")),
    Step("log", _dialog("log")),
    Step("about", _dialog("about")),
    Step("fault", _fault),
    Step("data", _sample),
    Step("image", _image),
    Step("cross_validation", _quick_check(FOLDS)),
    Step("learning_curve", _quick_check(CURVE)),
    Step("train", _page("train")),
    Step("training", _training),
    Step("closing", _closing),
    Step("data_while_training", _page("data")),
    Step("trained", _trained),
    Step("predictions", _predictions),
    Step("scores", _scores),
    Step("start_again", _start),
)
README_STEPS = (
    Step("start", _start),
    Step("data", _several_classes),
    Step("train", _learned),
    Step("predictions", _most_confident),
)
"""The pictures of the README: the window as it is after the sample's recipe has been trained to its end."""
