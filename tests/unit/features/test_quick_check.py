"""What the quick check of the window does: doubts, obstacles, what stays together, and both checks on real images."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.features.doubted import find_doubted
from imgmine_gui.core.features.labelled import LabelledImages, connected
from imgmine_gui.core.features.obstacles import find_obstacle
from imgmine_gui.core.features.quick_check import CheckSettings, check_by_folds, check_by_sizes, open_cache
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.checks import ClassCounts, DataCheck
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.splits import SplitSettings


def counts(*images: int) -> list[ClassCounts]:
    return [ClassCounts(0, f"class {n}", n, n_images, 0, 100) for n, n_images in enumerate(images)]


def test_images_confidently_taken_for_another_class_are_doubted_the_most_doubtful_first() -> None:
    targets = np.array([0, 0, 0, 1, 1, 1])
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.1, 0.9], [0.45, 0.55], [0.95, 0.05]])
    # The least of class 0 is (0.9 + 0.8 + 0.3) / 3 = 0.67, of class 1 (0.9 + 0.55 + 0.05) / 3 = 0.5.
    doubted = find_doubted(targets, probabilities)
    assert doubted.images.tolist() == [5, 2]
    assert doubted.suggested.tolist() == [0, 1]


def test_a_wrong_prediction_without_confidence_is_no_doubt() -> None:
    probabilities = np.array([[0.9, 0.1], [0.45, 0.55], [0.05, 0.95], [0.02, 0.98]])
    assert not len(find_doubted(np.array([0, 0, 1, 1]), probabilities).images)
    unseen = np.array([[0.6, 0.1, 0.3], [0.2, 0.2, 0.6]])  # of the third class there is no label
    assert not len(find_doubted(np.array([0, 1]), unseen).images)


def test_what_makes_a_check_impossible_is_known_before() -> None:
    def obstacle(*images: int, folds: int = 5, curve: bool = False) -> str:
        found = find_obstacle(counts(*images), [], folds, curve)
        return found.message if found else ""

    assert "Two classes" in obstacle()
    assert "Two classes" in obstacle(30, 0)
    assert obstacle(30, 4) == "“class 1” has 4 images outside the test images, fewer than there are parts: 5."
    assert not obstacle(30, 4, folds=4)
    assert not obstacle(5, 5, curve=True)
    assert "too few images for a learning curve" in obstacle(7, 8, folds=2, curve=True)
    assert not obstacle(8, 8, folds=2, curve=True)
    offline = DataCheck("blocks", "offline", "“{path}” is not there.", "Connect it.", {"path": "/disk"})
    found = find_obstacle(counts(30, 30), [offline], 5, False)
    assert found is not None
    assert str(found) == "“/disk” is not there. Connect it."


def test_copies_and_groups_stay_together_also_through_each_other() -> None:
    names = connected(["a", "b", "b", "c", "d"], ["oak", "", "oak", "", "elm"])
    assert names[0] == names[1] == names[2]
    assert len(set(names)) == 3


def test_features_go_where_something_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with open_cache((tmp_path / "file" / "features", tmp_path / "elsewhere")) as cache:
        assert cache.folder == tmp_path / "elsewhere"
    with pytest.raises(UserError):
        open_cache((tmp_path / "file" / "features",))


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> LabelledImages:
    """Twelve bright and twelve dark images, one dark one among the bright; no two alike."""
    folder, random = tmp_path_factory.mktemp("data") / "train", np.random.default_rng(3)
    for name, level in (("bright", 190), ("dark", 20)):
        (folder / name).mkdir(parents=True)
        for number in range(12):
            dark = level < 100 or number == 7
            pixels = random.integers(0, 60, (32, 32, 3)) + (20 if dark else 190)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{number:02}.png")
    items = load_items(folder, SplitSettings(validation=0, test=0), PlainContext())[0].items
    return LabelledImages(items, ("",) * len(items), (tmp_path_factory.mktemp("cache"),))


def test_cross_validation_finds_the_image_with_the_wrong_label(labelled: LabelledImages) -> None:
    result = check_by_folds(labelled, CheckSettings(4), PlainContext())
    assert result.found.accuracy.mean == pytest.approx(23 / 24)
    wrong = [Path(labelled.items[image].path).name for image in result.doubted.images]
    assert wrong == ["07.png"]
    images = result.images
    assert [images.classes[code] for code in result.doubted.suggested] == ["dark"]
    assert (len(images.keys), images.computed, images.together, images.unreadable) == (24, 24, 0, 0)
    again = check_by_folds(labelled, CheckSettings(4), PlainContext())
    assert again.images.computed == 0
    assert np.array_equal(again.found.probabilities, result.found.probabilities)


def test_a_learning_curve_is_drawn_on_the_same_features(labelled: LabelledImages) -> None:
    result = check_by_sizes(labelled, CheckSettings(4), PlainContext())
    assert len(result.found.points) == 6
    assert result.found.images_a_class == 12


def test_what_cannot_be_divided_is_said_before_anything_is_computed(labelled: LabelledImages, tmp_path: Path) -> None:
    one_group = LabelledImages(labelled.items, ("tree",) * len(labelled.items), (tmp_path / "features",))
    with pytest.raises(UserError, match="parts cannot be made"):
        check_by_folds(one_group, CheckSettings(4), PlainContext())
    assert not (tmp_path / "features").exists()
