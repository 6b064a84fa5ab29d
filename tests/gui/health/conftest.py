"""A project with one of everything that the page of health finds, and the page on the screen."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.gui.pages.health_page import HealthPage

LATE = 20_000


def picture(seed: int, size: tuple[int, int] = (90, 60)) -> Image.Image:
    """Coloured blobs with some grain."""
    rng = np.random.default_rng(seed)
    large = Image.fromarray(rng.integers(40, 216, (6, 9, 3), np.uint8)).resize(size, Image.Resampling.BICUBIC)
    grain = rng.integers(-20, 21, (size[1], size[0], 1))
    return Image.fromarray((np.asarray(large, int) + grain).clip(0, 255).astype(np.uint8))


def write_ailing(folder: Path) -> Path:
    """12 sound images of two classes; 2 copies, a smaller one, a blurred, a dark, an empty and a damaged one."""
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
    for number in range(12):
        picture(number).save(folder / ("cat" if number < 6 else "dog") / f"{number:02}.png")
    for name in ("copy.png", "another copy.png"):
        (folder / "dog" / name).write_bytes((folder / "cat" / "01.png").read_bytes())
    picture(3).resize((72, 48), Image.Resampling.LANCZOS).save(folder / "cat" / "smaller.png")
    picture(20).filter(ImageFilter.GaussianBlur(5)).save(folder / "cat" / "blurred.png")
    Image.fromarray(np.asarray(picture(21)) // 4).save(folder / "cat" / "dark.png")
    Image.new("RGB", (90, 60), (120, 90, 60)).save(folder / "dog" / "empty.png")
    picture(22).save(folder / "dog" / "damaged.png")
    content = (folder / "dog" / "damaged.png").read_bytes()
    (folder / "dog" / "damaged.png").write_bytes(content[: len(content) // 2])
    return folder


@pytest.fixture
def page(qtbot: QtBot, session: Session, stack: QUndoStack) -> Iterator[HealthPage]:
    """The page while no project is open."""
    page = HealthPage(session, stack)
    qtbot.addWidget(page)
    page.resize(1300, 800)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    yield page


@pytest.fixture
def fresh(qtbot: QtBot, session: Session, page: HealthPage, tmp_path: Path) -> HealthPage:
    """The page of the project, of which nothing is measured yet."""
    session.new_project(tmp_path / "pets")
    session.add_source(write_ailing(tmp_path / "images"))
    qtbot.waitUntil(lambda: not session.runner.jobs, timeout=LATE)
    qtbot.waitUntil(lambda: page.state is not None and page.state.contents == 17, timeout=LATE)
    qtbot.waitUntil(lambda: page.findings is not None, timeout=LATE)
    return page


@pytest.fixture
def measured(qtbot: QtBot, session: Session, fresh: HealthPage) -> HealthPage:
    """The page once all is measured."""
    fresh.measure()
    qtbot.waitUntil(lambda: not session.runner.jobs, timeout=LATE)
    settle(qtbot, fresh)
    return fresh


def settle(qtbot: QtBot, page: HealthPage) -> None:
    """Wait until the page shows what the catalogue says."""
    project = page._session.project
    assert project is not None
    qtbot.waitUntil(lambda: not page.labelling.is_busy and not page.labelling._quiet.isActive(), timeout=LATE)

    def agree() -> bool:
        wanted = project.catalogue.health.findings(page._thresholds)
        return page.findings == wanted and page.images.finding == wanted[page.list.kind]

    qtbot.waitUntil(agree, timeout=LATE)
    qtbot.waitUntil(lambda: not page._look.isActive(), timeout=LATE)
