"""The preview of the augmentation follows the settings, and asks for nothing that nobody sees."""

import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.gui.pages.train_page import TrainPage
from tests.gui.train.drive import type_into


@pytest.fixture
def asked(session: Session) -> list[Job]:
    """The previews that were begun."""
    jobs: list[Job] = []
    session.job_started.connect(lambda job: jobs.append(job) if job.kind == "preview_augmentation" else None)
    return jobs


def test_shows_real_images_and_follows_the_settings(project: TrainPage, asked: list[Job], qtbot: QtBot) -> None:
    section, preview = project.settings.groups["augmentation"], project.settings.preview
    assert not preview.isVisible()
    section.fold.set_open(True)
    qtbot.waitUntil(lambda: len(preview.pictures.rows) == 2, timeout=60_000)
    first = preview.pictures.rows
    assert [len(row) for row in first] == [4, 4]
    assert "Beside it" in preview.line.text()
    section.form.set_values({"rotation": 90.0})
    qtbot.waitUntil(lambda: preview.pictures.rows is not first, timeout=60_000)
    turned = preview.pictures.rows
    assert turned[0][0] == first[0][0]  # the same image,
    assert turned[0][1] != first[0][1]  # changed otherwise
    preview.others.click()
    qtbot.waitUntil(lambda: preview.pictures.rows is not turned, timeout=60_000)
    assert preview.pictures.rows[0][0] != turned[0][0]
    assert len(asked) == 3


def test_asks_for_nothing_while_nobody_sees_it_or_a_value_cannot_be_used(
    project: TrainPage, asked: list[Job], qtbot: QtBot
) -> None:
    section, preview = project.settings.groups["augmentation"], project.settings.preview
    section.form.set_values({"rotation": 10.0})
    with qtbot.waitSignal(preview.asked, timeout=10_000):
        section.fold.set_open(True)
    assert len(asked) == 1  # none while it was folded
    type_into(section.form, "rotation", "much")
    with qtbot.waitSignal(preview.asked, timeout=10_000):
        preview.ask_later()
    assert len(asked) == 1
    type_into(section.form, "rotation", "20")
    qtbot.waitUntil(lambda: len(asked) == 2 and bool(preview.pictures.rows), timeout=60_000)
