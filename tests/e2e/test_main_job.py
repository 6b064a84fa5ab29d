"""The main job, whole, through the real window: open a folder, train, look at the predictions with heatmaps."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.e2e.conftest import Drive

SETTLE = """
def heatmap_there(page):
    return any(view.has_layer() for view in page.browser.findChildren(ImageView))
from imgmine_gui.gui.widgets.image_view import ImageView
"""


@pytest.fixture
def leaves(tmp_path: Path) -> Path:
    """Two classes of 20 pictures that differ in a bright square: left or right."""
    random = np.random.default_rng(0)
    for label, column in (("left", 4), ("right", 28)):
        folder = tmp_path / "leaves" / label
        folder.mkdir(parents=True)
        for number in range(20):
            pixels = random.integers(0, 80, (40, 40, 3), np.uint8)
            pixels[16:24, column : column + 8] = 250
            Image.fromarray(pixels).save(folder / f"{number}.png")
    return tmp_path / "leaves"


def test_from_a_folder_to_a_heatmap(drive: Drive, leaves: Path) -> None:
    told = drive(
        SETTLE + "session = window.session\n"
        "wait(lambda: session.project is not None and not session.runner.jobs)\n"
        "window.go('data')\n"
        "tell(sorted((one.name, one.train + one.validation + one.test) for one in session.classes()))\n"
        "page = window.go('train')\n"
        "wait(lambda: not page.is_counting)\n"
        "page.settings.cards.choose('attention')\n"
        "page.settings.groups['training'].form.set_values({'epochs': 3, 'learning_rate': 0.003, 'early_stopping': 0})\n"
        "tell(page.settings.config().preprocessing.width)\n"
        "page.start()\n"
        "wait(lambda: session.training_job is None and session.runs() and session.runs()[0].epochs_done == 3)\n"
        "tell([session.runs()[0].state, session.history(session.runs()[0].path)[-1]['epoch']])\n"
        "window.show_run(session.runs()[0].path)\n"
        "page = window.book.current\n"
        "wait(lambda: heatmap_there(page))\n"
        "import sys\n"
        "tell([window.book.current_name, 'tensorflow' in sys.modules])\n",
        leaves,
    )
    assert told == [[["left", 20], ["right", 20]], 40, ["finished", 2], ["predictions", False]]


def test_demo_trains_and_opens_on_its_predictions(drive: Drive) -> None:
    told = drive(
        SETTLE + "from imgmine_gui.core.training import recipes\n"
        "settings = {'width': 24, 'height': 24, 'colour': 'grey', 'epochs': 1, 'widths': '8,8'}\n"
        "recipes.RECIPES = {'clutter': recipes.Recipe('classification', 'attention', settings)}\n"
        "wait(lambda: window.book.current_name == 'predictions')\n"
        "page = window.book.current\n"
        "wait(lambda: heatmap_there(page))\n"
        "tell([run.state for run in window.session.runs()])\n",
        "demo",
    )
    assert told == [["finished"]]
