"""The samples that the window offers."""

import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.app import samples
from imgmine_gui.app.session import Session
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.widgets.picture_card import PictureCard

SIZE = (1280, 800)


def cards(window: MainWindow) -> list[PictureCard]:
    names = {sample.title for sample in window.session.samples()}
    return [card for card in window.book.pages[0].findChildren(PictureCard) if card.text() in names]


def shades(card: PictureCard) -> int:
    """Different colours in a row of pixels near its top: one or two before its picture is drawn."""
    image = card.grab().toImage()
    return len({image.pixel(x, 40) for x in range(image.width())})


def test_a_sample_that_the_window_cannot_show_is_not_offered(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(sample.folder.is_dir() for sample in samples.ALL)
    monkeypatch.setattr(samples, "IN_WINDOW", frozenset({"classification"}))
    window = MainWindow(session)
    qtbot.addWidget(window)
    assert [sample.name for sample in session.samples()] == ["clutter"]
    assert len(cards(window)) == 1


def test_two_samples_are_seen_together(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "IN_WINDOW", frozenset({sample.task for sample in samples.ALL}))
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.resize(*SIZE)
    window.show()
    both = cards(window)
    assert len(both) == len(samples.ALL) == 2
    qtbot.waitUntil(lambda: min(shades(card) for card in both) > 20)
    for card in both:
        assert window.rect().contains(card.mapTo(window, card.rect().bottomRight()))
