"""Why the system refused a file is said in words of ours, in the language of the person."""

import errno
import os
import pickle
from collections.abc import Iterator

import pytest

from imgmine_gui.core.errors import UserError, reason_of
from imgmine_gui.core.images.problems import ImageError, ImageProblem
from imgmine_gui.core.project.records import explain, refused_for
from imgmine_gui.core.storage.atomic import write_error
from imgmine_gui.core.text import set_language


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("en")


def system_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def test_a_common_reason_is_in_words_and_a_rare_one_as_the_system_says_it() -> None:
    assert reason_of(system_error(errno.EIO)) == "the drive reports a fault"
    assert reason_of(system_error(errno.EXDEV)) == os.strerror(errno.EXDEV)
    assert reason_of(OSError("cannot seek")) == "cannot seek"


def test_the_reason_follows_the_language(tmp_path: object, chinese: None) -> None:
    error = pickle.loads(pickle.dumps(write_error(tmp_path, system_error(errno.EROFS))))
    assert isinstance(error, UserError)
    assert "所在磁盘是只读的" in error.message
    set_language("en")
    assert "the drive can only be read" in error.message


def test_a_reason_that_was_kept_with_an_image_follows_too(chinese: None) -> None:
    error = ImageError(ImageProblem.READ_ERROR, "a.png", reason=reason_of(system_error(errno.EIO)))
    record = refused_for(b"a.png", error)
    assert record.reason == "无法从磁盘读取“a.png”：磁盘报告故障。"
    set_language("en")
    said = explain(record.explanation, b"a.png")
    assert said == "“a.png” could not be read from its drive: the drive reports a fault."
