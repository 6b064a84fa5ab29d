"""Every test of the predictions has a home of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from tests.gui.app.small_images import write_images
from tests.gui.predictions.trained import train_small_model


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes of 12 images."""
    return write_images(tmp_path_factory.mktemp("images") / "set", count=12)


@pytest.fixture(scope="session")
def run(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that learned to tell the images apart, more or less."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    train_small_model(images, folder)
    return folder


@pytest.fixture(scope="session")
def warm_session(program: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One session with one engine for all tests that need it: TensorFlow takes seconds to start."""
    folder = tmp_path_factory.mktemp("warm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMGMINE_HOME", str(folder))
        session = Session(Settings(folder / "settings.ini"))
        yield session
        session.shutdown()
