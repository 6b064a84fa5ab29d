"""How long a training on kept features will take."""

from pathlib import Path

import pytest

from imgmine_gui.core.features.cache import FOLDER, FeatureCache
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.training.config import TrainConfig, configure
from imgmine_gui.core.training.estimate import estimate
from imgmine_gui.core.training.results import Estimate
from tests.unit.training.conftest import Recorder

SIZE = {"width": 64, "height": 64, "batch_size": 12, "precision": "float32"}


def transfer(**options: object) -> TrainConfig:
    return configure("classification", "transfer", {**SIZE, **options}.items())


def of(config: TrainConfig, pictures: DataItems, folder: Path) -> Estimate:
    return estimate(config, pictures, str(folder), Recorder())


def test_epochs_of_a_head_are_not_counted_as_passes_of_the_backbone(pictures: DataItems, tmp_path: Path) -> None:
    """Ten steps of the whole network take longer than a thousand of the head on 36 pictures."""
    whole = of(transfer(fine_tune="all", head_epochs=0, epochs=1), pictures, tmp_path)
    head = of(transfer(epochs=1000), pictures, tmp_path)
    assert head.images_per_second > 5 * whole.images_per_second
    assert head.seconds_total < 1000 * whole.seconds_per_epoch / 5


def test_what_an_estimate_computes_is_kept(pictures: DataItems, tmp_path: Path) -> None:
    of(transfer(), pictures, tmp_path)
    with FeatureCache(tmp_path / FOLDER) as cache:
        assert sum(use.entries for use in cache.uses()) == 36


def test_epochs_before_fine_tuning_cost_what_the_head_does(pictures: DataItems, tmp_path: Path) -> None:
    few = of(transfer(fine_tune="last", head_epochs=0, epochs=20), pictures, tmp_path)
    most = of(transfer(fine_tune="last", head_epochs=19, epochs=20), pictures, tmp_path)
    assert most.seconds_per_epoch == pytest.approx(few.seconds_per_epoch, rel=1)
    assert most.seconds_total < few.seconds_total


@pytest.mark.parametrize("architecture", ["cnn", "transfer"])
def test_nothing_has_to_be_kept(pictures: DataItems, architecture: str) -> None:
    config = configure(
        "classification", architecture, {"width": 64, "height": 64, "time_budget": 5, "epochs": 999}.items()
    )
    assert 0 < estimate(config, pictures, None, Recorder()).seconds_total <= 5
