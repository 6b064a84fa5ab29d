"""How many images are looked at together, and which epoch is kept."""

from collections.abc import Callable
from pathlib import Path

import pytest

from imgmine_gui.core.events import EpochEnded, Event
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.training.batch_size import batch_size
from imgmine_gui.core.training.config import configure
from imgmine_gui.core.training.trainer import Steps, train
from tests.unit.training.conftest import Recorder

MakeRun = Callable[..., Path]


@pytest.mark.parametrize(
    ("architecture", "images", "size"),
    [("transfer", 3068, 128), ("transfer", 2048, 128), ("transfer", 500, 31), ("transfer", 112, 8), ("transfer", 3, 8),
     ("transfer_attention", 3068, 128), ("cnn", 3068, 32), ("cnn", 200, 12), ("attention", 60_000, 32)],
)  # fmt: skip
def test_few_images_make_small_batches(architecture: str, images: int, size: int) -> None:
    assert batch_size(configure("classification", architecture), images) == size


def test_a_size_that_a_person_sets_holds() -> None:
    assert batch_size(configure("classification", "transfer", {"batch_size": 100}.items()), 20) == 100


def test_the_steps_of_an_epoch_follow_from_the_number_of_images(make_run: MakeRun) -> None:
    run = make_run(batch_size=0, epochs=1)  # 36 images to train on
    train(str(run), None, Recorder())
    assert RunFolder.open(run).history()[-1]["step"] == 5


def test_the_last_epoch_is_kept_where_that_is_wanted(make_run: MakeRun, made_steps: list[Steps]) -> None:
    """What was learned is lost before the last of three epochs, so that it is not the best."""

    def forget(context: Recorder, event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 1:
            for variable in made_steps[-1].model.trainable_variables:
                variable.assign(variable * 0)

    settings = {"epochs": 3, "learning_rate": 0.01, "early_stopping": 0}
    best = train(str(make_run("best", **settings)), None, Recorder(forget))
    last = train(str(make_run("last", keep_last=True, **settings)), None, Recorder(forget))
    assert best.best_epoch < 2
    assert last.best_epoch == 2
    assert last.metrics["val_loss"] > best.metrics["val_loss"]
