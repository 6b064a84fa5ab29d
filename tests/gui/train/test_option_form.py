"""The form that is made from a configuration: every kind of option by keyboard, its words, its bounds."""

from typing import Annotated, Any

import pytest
from pydantic import Field, model_validator
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.choice import Choice
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.options import Options
from imgmine_gui.core.training.config import GROUPS
from imgmine_gui.gui.theme import font
from imgmine_gui.gui.widgets.form_number import next_on_scale
from imgmine_gui.gui.widgets.form_words import parse_number, plain_number
from imgmine_gui.gui.widgets.option_form import OptionForm
from tests.gui.train.drive import control, type_into


class Fruit(Choice):
    APPLE = "apple", "An apple"
    PEAR = "pear", "A pear"


class Every(Options):
    """One field of each kind."""

    switch: bool = Field(False, title="Switch", description="On & off.")
    whole: int = Field(32, ge=1, le=4096, title="Whole", description="A number.", json_schema_extra={"unit": "images"})
    rate: float = Field(1e-3, ge=1e-7, le=10, title="Rate", description="How far.")
    share: float = Field(0.0, ge=0, le=0.9, title="Share", description="A part.")
    name: str = Field("me", title="Name", description="Who.")
    fruit: Fruit = Field(Fruit.APPLE, title="Fruit", description="Which.")
    widths: tuple[Annotated[int, Field(ge=1, le=2048)], ...] = Field(
        (32, 64), min_length=1, max_length=3, title="Widths", description="Of each."
    )
    budget: float | None = Field(
        None, ge=1, le=100, title="Budget", description="Seconds.", json_schema_extra={"unit": "s", "advanced": True}
    )

    @model_validator(mode="after")
    def _agree(self) -> "Every":
        if self.name == "bad":
            raise ValueError("Nobody is called bad.")
        return self


@pytest.fixture
def form(qtbot: QtBot) -> OptionForm:
    made = OptionForm(Every)
    qtbot.addWidget(made)
    made.resize(320, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def values(form: OptionForm) -> dict[str, Any]:
    return form.options().model_dump(mode="json")


def test_defaults(form: OptionForm) -> None:
    assert form.options() == Every()
    assert form.changes() == 0
    assert not form.problems()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("whole", "64", 64),
        ("whole", "1,024", 1024),
        ("whole", "64 images", 64),
        ("whole", "６４", 64),
        ("rate", "3e-4", 3e-4),
        ("rate", "0.02", 0.02),
        ("rate", "0,5", 0.5),
        ("rate", "2", 2.0),
        ("share", ".25", 0.25),
        ("name", "you", "you"),
        ("widths", "16, 32 64", [16, 32, 64]),
        ("widths", "8", [8]),
    ],
)
def test_what_is_typed_is_the_value(form: OptionForm, name: str, text: str, value: object) -> None:
    type_into(form, name, text)
    assert values(form)[name] == value
    assert isinstance(values(form)[name], type(value))


def test_switch_choice_and_optional_by_keyboard(form: OptionForm) -> None:
    QTest.keyClick(control(form, "switch"), Qt.Key.Key_Space)
    QTest.keyClick(control(form, "fruit"), Qt.Key.Key_Down)
    form.advanced.set_open(True)
    assert values(form) | {"switch": True, "fruit": "pear", "budget": None} == values(form)
    QTest.keyClick(control(form, "budget"), Qt.Key.Key_Space)
    assert values(form)["budget"] == 1.0
    line = form.rows["budget"].editor.findChild(QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, "30")
    assert values(form)["budget"] == 30.0
    QTest.keyClick(control(form, "budget"), Qt.Key.Key_Space)
    assert values(form)["budget"] is None
    assert not line.isEnabled()
    QTest.keyClick(control(form, "budget"), Qt.Key.Key_Space)
    assert values(form)["budget"] == 30.0


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("whole", "0", "0 does not fit. From 1 to 4,096 images."),
        ("whole", "4097", "4097 does not fit. From 1 to 4,096 images."),
        ("whole", "3.5", "A whole number is needed. From 1 to 4,096 images."),
        ("whole", "", "A whole number is needed. From 1 to 4,096 images."),
        ("rate", "fast", "A number is needed. From 1e-7 to 10."),
        ("rate", "inf", "A number is needed. From 1e-7 to 10."),
        ("rate", "0", "0 does not fit. From 1e-7 to 10."),
        ("widths", "32, x", "“x” is no whole number. Write numbers with commas between them."),
        ("widths", "32, 4000", "4000 does not fit. Each from 1 to 2,048."),
        ("widths", "", "At least so many numbers are needed: 1."),
        ("widths", "1 2 3 4", "There may be at most so many numbers: 3."),
    ],
)
def test_what_cannot_be_used_is_said_in_place(form: OptionForm, name: str, text: str, words: str) -> None:
    type_into(form, name, text)
    row = form.rows[name]
    assert row.problem.isVisible()
    assert row.problem.text() == words
    assert row.editor.control.accessibleDescription() == words
    assert form.problems() == [f"{row.field.title}: {words}"]
    with pytest.raises(UserError, match=row.field.title):
        form.options()
    type_into(form, name, "2")
    assert not row.problem.isVisible()
    assert not form.problems()


def test_a_rule_over_several_fields_is_said_too(form: OptionForm) -> None:
    type_into(form, "name", "bad")
    assert "Nobody is called bad." in form.problems()[0]


def test_a_problem_in_a_folded_part_opens_it(form: OptionForm) -> None:
    assert not form.advanced.is_open()
    assert not form.rows["budget"].isVisible()
    form.set_values({"budget": 1000.0})
    assert form.advanced.is_open()
    assert form.rows["budget"].problem.isVisible()


def test_hover_says_what_it_is_its_bounds_and_its_default(form: OptionForm) -> None:
    for name, words in {
        "switch": ("On &amp; off.", "Default: off."),
        "whole": ("A number.", "From 1 to 4,096 images.", "Default: 32 images."),
        "rate": ("How far.", "From 1e-7 to 10.", "Default: 0.001."),
        "fruit": ("Which.", "Default: An apple."),
        "widths": ("Of each.", "Each from 1 to 2,048.", "Default: 32, 64."),
        "budget": ("Seconds.", "From 1 to 100 s.", "Default: none."),
    }.items():
        for widget in (form.rows[name].title, form.rows[name].editor.control):
            for part in words:
                assert part in widget.toolTip()


def test_every_control_has_its_name(form: OptionForm) -> None:
    for row in form.rows.values():
        assert row.editor.control.accessibleName() == row.field.title
        assert row.editor.control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_what_was_changed_is_marked_and_goes_back(form: OptionForm) -> None:
    type_into(form, "whole", "64")
    type_into(form, "rate", "oops")
    row = form.rows["whole"]
    assert row.undo.isVisible()
    assert row.title.font().bold() or row.title.font().weight() > 400
    assert row.undo.toolTip() == "Back to 32 images"
    assert form.changes() == 2
    row.undo.click()
    assert values_after_fix(form)["whole"] == 32
    assert not row.undo.isVisible()


def values_after_fix(form: OptionForm) -> dict[str, Any]:
    type_into(form, "rate", "0.001")
    return values(form)


def test_a_name_that_becomes_bold_moves_nothing_below_it(form: OptionForm) -> None:
    row = form.rows["rate"]
    row.title.setText("Learning rate schedule")
    for width in range(40, 200):
        row.title.setFont(font())
        plain = row.title.heightForWidth(width)
        row.title.setFont(font(bold=True))
        assert row.title.heightForWidth(width) == plain


def test_reset(form: OptionForm, qtbot: QtBot) -> None:
    type_into(form, "whole", "oops")
    QTest.keyClick(control(form, "switch"), Qt.Key.Key_Space)
    form.set_values({"budget": 3.0})
    with qtbot.waitSignal(form.changed) as caught:
        form.reset()
    assert caught.signal_triggered
    assert form.options() == Every()
    assert form.changes() == 0


def test_filling_the_form_tells_once(form: OptionForm) -> None:
    told = []
    form.changed.connect(lambda: told.append(1))
    form.set_options(Every(whole=5, rate=0.5, fruit=Fruit.PEAR, budget=7.0, widths=(1, 2, 3)))
    assert told == [1]
    assert form.options() == Every(whole=5, rate=0.5, fruit=Fruit.PEAR, budget=7.0, widths=(1, 2, 3))


def test_sound_values_are_kept_beside_a_bad_one(form: OptionForm) -> None:
    type_into(form, "whole", "64")
    type_into(form, "rate", "x")
    assert form.values()["whole"] == 64
    assert "rate" not in form.values()


@pytest.mark.parametrize(
    ("name", "start", "key", "value"),
    [
        ("whole", "32", Qt.Key.Key_Up, 33),
        ("whole", "32", Qt.Key.Key_PageDown, 22),
        ("whole", "4096", Qt.Key.Key_Up, 4096),
        ("rate", "0.001", Qt.Key.Key_Up, 0.002),
        ("rate", "0.001", Qt.Key.Key_Down, 0.0005),
        ("rate", "0.003", Qt.Key.Key_Up, 0.005),
        ("rate", "1e-7", Qt.Key.Key_Down, 1e-7),
        ("share", "0.3", Qt.Key.Key_Up, 0.32),
        ("share", "0.9", Qt.Key.Key_Up, 0.9),
    ],
)
def test_arrow_keys_step_in_steps_that_suit(form: OptionForm, name: str, start: str, key: Qt.Key, value: float) -> None:
    type_into(form, name, start)
    QTest.keyClick(control(form, name), key)
    assert values(form)[name] == value


def test_the_wheel_scrolls_past_a_control_without_the_focus(form: OptionForm) -> None:
    control(form, "name").setFocus()
    for name in ("whole", "fruit"):
        middle = QPointF(control(form, name).rect().center())
        event = QWheelEvent(
            middle, control(form, name).mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(control(form, name), event)
    assert form.options() == Every()


@pytest.mark.parametrize("value", [1e-7, 3e-5, 1e-3, 0.1, 1 / 3, 0.30000000000000004, 10.0, 31_536_000.0, 1e20])
def test_numbers_come_back_digit_by_digit(value: float) -> None:
    assert float(parse_number(plain_number(value))) == value
    assert "e-0" not in plain_number(value)


def test_scale() -> None:
    walked = [0.001]
    while walked[-1] < 0.1:
        walked.append(next_on_scale(walked[-1], True))
    assert walked == [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1]
    assert next_on_scale(0.1, False) == 0.05


KNOWN = {**{name: ARCHITECTURES[name].options_type for name in ARCHITECTURES}, **GROUPS}


@pytest.mark.parametrize("name", KNOWN)
def test_every_configuration_of_the_program_has_its_form(name: str, qtbot: QtBot) -> None:
    form = OptionForm(KNOWN[name])
    qtbot.addWidget(form)
    assert form.options() == KNOWN[name]()
    assert form.changes() == 0
    for row in form.rows.values():
        assert row.field.title != row.field.name
        assert row.field.description
