"""The log can be read by whoever opens the file, and in the language of the window."""

import logging
from functools import partial
from pathlib import Path

import pytest

from imgmine_gui.app.log_lines import LogFormatter, as_told, error_as_told, in_present_language
from imgmine_gui.app.logging import FORMAT
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_, set_language


def line(message: str, extra: dict[str, object] | None = None) -> str:
    record = logging.makeLogRecord({"name": "imgmine_gui.x", "levelname": "WARNING", "msg": message, **(extra or {})})
    return LogFormatter(FORMAT).format(record)


def test_the_file_is_read_as_it_was_told() -> None:
    error = UserError("There is no file {path}.", path=Path("a"))
    first, source = line(str(error), error_as_told(error)).split("\n")
    assert first.endswith(" WARNING MainThread imgmine_gui.x: There is no file a.")
    assert source == '\t{"sentences": [{"text": "There is no file {path}.", "values": {"path": "a"}}]}'
    assert line("just words").count("\n") == 0


def test_what_was_told_is_told_again_and_the_rest_stays() -> None:
    inner = UserError("There is no file {path}.", path="b").message
    values = {"path": "a", "reason": inner, "names": [N_("Error"), "Error", 2]}
    error = UserError("{path} cannot be read: {reason}.", "Choose one of: {names}.", **values)
    lines = [line("began"), line(str(error), error_as_told(error)), line("Traceback\n  File x"), ""]
    set_language("zh_CN")
    shown = in_present_language("\n".join(lines)).split("\n")
    set_language("en")
    assert shown[0] == lines[0]
    assert shown[1].endswith("imgmine_gui.x: a 无法读取：没有 b 这个文件。。可选：错误、Error、2。")
    assert shown[2:] == [*lines[2].split("\n"), ""]


def test_words_that_only_their_maker_knows_stay_as_they_were() -> None:
    told = line("a lambda", as_told(lambda: "a lambda", N_("Error"), ""))
    set_language("zh_CN")
    shown = in_present_language(told)
    set_language("en")
    assert shown.endswith(": a lambda 错误")


@pytest.mark.parametrize("source", ["", "{", "{}", '{"sentences": 3}', '{"sentences": [{"text": "x"}]}'])
def test_a_damaged_source_leaves_the_line(source: str) -> None:
    written = line("as it was")
    assert in_present_language(f"{written}\n\t{source}").split("\n")[0] == written


def test_a_function_that_translates_nothing_is_read() -> None:
    assert in_present_language(line("8", as_told(partial(str, 8)))).endswith(": 8")
