"""Errors of every origin reach the person by one route."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import qWarning
from pytestqt.qtbot import QtBot

from imgmine_gui.app import places
from imgmine_gui.app.logging import set_up_logging
from imgmine_gui.app.notifier import Fault, Message, Notifier, Severity
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.engine.errors import EngineFault


class Heard:
    def __init__(self, notifier: Notifier) -> None:
        self.notifier = notifier
        self.messages: list[Message] = []
        self.faults: list[Fault] = []
        self.threads: set[str] = set()
        notifier.message.connect(self.on_message)
        notifier.fault.connect(self.on_fault)

    def on_message(self, message: Message) -> None:
        self.threads.add(threading.current_thread().name)
        self.messages.append(message)

    def on_fault(self, fault: Fault) -> None:
        self.threads.add(threading.current_thread().name)
        self.faults.append(fault)


@pytest.fixture
def heard(qtbot: QtBot) -> Iterator[Heard]:
    notifier = Notifier()
    yield Heard(notifier)
    notifier.uninstall()


def fault(words: str) -> ValueError:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


def test_a_user_error_is_a_line_with_its_remedy(heard: Heard, qtbot: QtBot) -> None:
    heard.notifier.report(UserError("{name} is gone.", "Look for {name}.", name="a.png"))
    qtbot.waitUntil(lambda: bool(heard.messages))
    (told,) = heard.messages
    assert (told.severity, told.text, told.remedy) == (Severity.ERROR, "a.png is gone.", "Look for a.png.")
    assert not heard.faults


def test_what_was_cancelled_is_silent(heard: Heard, qtbot: QtBot) -> None:
    heard.notifier.report(Cancelled())
    heard.notifier.inform("after it")
    qtbot.waitUntil(lambda: bool(heard.messages))
    assert heard.messages == [Message(Severity.INFORMATION, "after it")]
    assert not heard.faults


def test_a_fault_has_details_to_copy(heard: Heard, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    heard.notifier.report(fault("nobody knows why"))
    qtbot.waitUntil(lambda: bool(heard.faults))
    (told,) = heard.faults
    assert told.summary == "ImgMine made a mistake: ValueError: nobody knows why"
    assert told.details.startswith("Traceback")
    assert "test_notifier.py" in told.details
    assert f"Python {sys.version.split()[0]}" in told.details
    assert "nobody knows why" in caplog.text


def test_a_fault_of_the_engine_shows_the_traceback_of_the_engine(heard: Heard, qtbot: QtBot) -> None:
    heard.notifier.report(EngineFault("Traceback (most recent call last):\n  in the child\nKeyError: 'x'\n"))
    qtbot.waitUntil(lambda: bool(heard.faults))
    assert heard.faults[0].summary.endswith("KeyError: 'x'")
    assert "in the child" in heard.faults[0].details


def test_the_same_fault_again_and_again_is_one_dialog(
    heard: Heard, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    error = fault("in each painting")
    for _ in range(50):
        heard.notifier.report(error)
    heard.notifier.report(fault("another"))
    qtbot.waitUntil(lambda: len(heard.faults) == 2)
    assert caplog.text.count("ValueError: in each painting") == 50


def test_uncaught_errors_of_all_threads_come_to_the_window(heard: Heard, qtbot: QtBot) -> None:
    heard.notifier.install()
    heard.notifier.install()

    def work() -> None:
        raise UserError("From a thread.")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    sys.excepthook(ValueError, fault("from the window"), None)
    qtbot.waitUntil(lambda: bool(heard.messages and heard.faults))
    assert heard.messages[0].text == "From a thread."
    assert heard.faults[0].summary.endswith("from the window")
    assert heard.threads == {threading.main_thread().name}


def test_errors_in_finalizers_come_to_the_window(heard: Heard, qtbot: QtBot) -> None:
    class Careless:
        def __del__(self) -> None:
            raise ValueError("at the end")

    heard.notifier.install()
    careless = Careless()
    del careless
    qtbot.waitUntil(lambda: bool(heard.faults))
    assert heard.faults[0].summary.endswith("at the end")


def test_hooks_are_put_back(heard: Heard) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    heard.notifier.install()
    assert before[0] is not sys.excepthook
    heard.notifier.uninstall()
    assert before == (sys.excepthook, threading.excepthook, sys.unraisablehook)


def test_an_error_while_an_error_is_told_goes_to_the_console(
    heard: Heard, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class SpitefulError(Exception):
        def __str__(self) -> str:
            raise ValueError("and worse")

    heard.notifier.install()
    monkeypatch.setattr("traceback.format_exception", lambda error: sys.excepthook(None, fault("inner"), None))
    monkeypatch.setattr(sys, "__stderr__", sys.stderr)
    sys.excepthook(SpitefulError, SpitefulError(), None)
    told = capsys.readouterr().err
    assert "ValueError: inner" in told
    assert "SpitefulError" in told


@pytest.mark.qt_no_exception_capture
def test_messages_of_qt_go_to_the_log(heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    heard.notifier.install()
    qWarning("something about a layout")
    assert "Qt: something about a layout" in caplog.text
    assert not heard.faults


def test_the_log_file_gets_what_is_logged() -> None:
    logger = logging.getLogger("imgmine_gui")
    before = list(logger.handlers)
    set_up_logging()
    (handler,) = [one for one in logger.handlers if one not in before]
    try:
        logging.getLogger("imgmine_gui.app.anything").error("with “quotes”")
        assert "ERROR MainThread imgmine_gui.app.anything: with “quotes”" in places.log_file().read_text("utf-8")
    finally:
        logger.removeHandler(handler)
        handler.close()


def test_a_long_engine_log_is_set_aside_at_the_start() -> None:
    places.log_folder().mkdir(parents=True)
    places.engine_log_file().write_bytes(bytes(2_000_000))
    logger = logging.getLogger("imgmine_gui")
    before = list(logger.handlers)
    set_up_logging()
    for handler in logger.handlers[len(before) :]:
        logger.removeHandler(handler)
        handler.close()
    assert not places.engine_log_file().exists()
    assert (places.log_folder() / "engine.log.1").stat().st_size == 2_000_000


def test_a_log_that_cannot_be_written_does_not_stop_the_program(home: object) -> None:
    places.home().write_text("a file where the folder should be")  # type: ignore[union-attr]
    set_up_logging()
