"""The strip of pictures on a card keeps out of the way of its title."""

import pytest

from imgmine_gui.gui.widgets.training.diagram import ARROW, strip_gap, strip_width

STAGES = ("Image", "Pretrained", "Weights", "Weighted sum", "Class")


@pytest.mark.parametrize("room", [400.0, 136.0, 130.0, 112.0])
def test_a_strip_is_never_wider_than_its_room(room: float) -> None:
    gap = strip_gap(STAGES, 16.0, room)
    assert 0 < gap <= ARROW
    assert strip_width(STAGES, 16.0, gap) == pytest.approx(min(room, 136.0))


def test_without_room_there_is_no_gap() -> None:
    assert strip_gap(STAGES, 16.0, 60.0) < 0
    assert strip_gap(("Image",), 16.0, 60.0) == ARROW
