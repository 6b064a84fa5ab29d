"""What the screenshots show, step by step; each step starts where the one before ended."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from screenshot_stage import Stage

from imgmine_gui.app.notifier import Fault
from imgmine_gui.gui.dialogs.fault_dialog import FaultDialog


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


def _fault(stage: Stage) -> None:
    dialog = FaultDialog(stage.window)
    dialog.show_fault(Fault("ImgMine made a mistake: KeyError: 'epoch'", "Traceback (most recent call last):\n  ..."))
    stage.show(dialog)


STEPS = (
    Step("start", _start),
    Step("data_empty", _page("data")),
    Step("train_empty", _page("train")),
    Step("predictions_empty", _page("predictions")),
    Step("message", _message),
    Step("file_menu", _file_menu),
    Step("keys", _dialog("keys")),
    Step("help", _dialog("help")),
    Step("log", _dialog("log")),
    Step("about", _dialog("about")),
    Step("fault", _fault),
)
