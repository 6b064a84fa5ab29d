"""Small trainings on pictures made for the test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.events import Event
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.training import trainer
from imgmine_gui.core.training.config import configure

CLASSES = ("dark", "light", "striped")


def draw(label: str, random: np.random.Generator) -> np.ndarray:
    """A 24x24 picture that a network can tell apart from the others."""
    picture = random.integers(0, 40, (24, 24, 3)) + {"dark": 20, "light": 180, "striped": 60}[label]
    if label == "striped":
        picture[::4] += 120
    return picture.astype(np.uint8)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> DataItems:
    """20 pictures a class: 12 to train, 4 to validate, 4 to test."""
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    items = []
    for label in CLASSES:
        for number in range(20):
            path = folder / f"{label}{number}.png"
            Image.fromarray(draw(label, random)).save(path)
            split = Split.TRAIN if number < 12 else Split.VALIDATION if number < 16 else Split.TEST
            items.append(DataItem(str(path), label, split, path.name))
    return DataItems(tuple(items), CLASSES)


MakeRun = Callable[..., Path]


@pytest.fixture
def make_run(tmp_path: Path, pictures: DataItems) -> MakeRun:
    """A new run of a small network; options by name."""

    def make(name: str = "run", items: DataItems = pictures, architecture: str = "cnn", **options: object) -> Path:
        known = ARCHITECTURES[architecture].options_type.model_fields
        small = {name: value for name, value in {"widths": "4,8", "poolings": 1}.items() if name in known}
        settings = {"width": 24, "height": 24, "batch_size": 8, "epochs": 2, **small, **options}
        config = configure("classification", architecture, settings.items())
        RunFolder.create(tmp_path / name, name, config.model_dump(mode="json"), items)
        return tmp_path / name

    return make


@pytest.fixture
def made_steps(monkeypatch: pytest.MonkeyPatch) -> list[trainer.Steps]:
    """The steps of the training that is under way, to break its network from outside."""
    made: list[trainer.Steps] = []
    original = trainer.Steps

    def make(*arguments: Any) -> trainer.Steps:
        made.append(original(*arguments))
        return made[-1]

    monkeypatch.setattr(trainer, "Steps", make)
    return made


class Recorder(PlainContext):
    """A context that remembers its events, and may act on them."""

    def __init__(self, act: Callable[["Recorder", Event], None] = lambda context, event: None) -> None:
        super().__init__()
        self.events: list[Event] = []
        self._act = act

    def report(self, event: Event) -> None:
        self.events.append(event)
        self._act(self, event)

    def of(self, kind: type[Event]) -> list[Event]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]
