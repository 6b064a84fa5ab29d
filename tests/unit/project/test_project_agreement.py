"""Whether predictions agree with labels follows the labels, and pages by confidence show only what is asked for."""

from collections.abc import Sequence
from pathlib import Path

from imgmine_gui.core.project.catalogue import Catalogue, ImageOrder, ImageQuery, SortBy
from imgmine_gui.core.project.predicted import Predictions
from tests.unit.project.records import animals, record, result

SAID = Predictions(
    ("cat", "dog"), ["cat0", "cat1", "dog0", "dog1", "bird0"], [0, 1, 1, 0, 1], [0.9, 0.5, 0.7, 0.5, 0.6]
)


def fill(catalogue: Catalogue, folder: Path) -> dict[str, int]:
    """Two cats, two dogs, two without a label; the classes by name."""
    folder.mkdir()
    source = catalogue.add_source(str(folder)).id
    loose = [record("a.png", "bird0"), record("b.png", "bird1")]
    catalogue.apply_scan(source, result(*animals(2), *loose))
    catalogue.show_predictions(SAID)
    return {one.name: one.id for one in catalogue.classes()}


def shown(catalogue: Catalogue, *, agrees: bool | None, descending: bool = False) -> list[str]:
    order = ImageOrder(SortBy.CONFIDENCE, descending)
    keys: list[str] = []
    after = None
    while page := catalogue.page(ImageQuery(agrees=agrees), after, 2, order):
        keys += [row.key for row in page]
        after = page[-1].id
    return keys


def labelled(catalogue: Catalogue, place: str, class_id: int | None) -> None:
    (row,) = catalogue.page(ImageQuery(text=place), None, 1)
    catalogue.edits.label([row.id], class_id)


def assert_shown(catalogue: Catalogue, right: Sequence[str], wrong: Sequence[str]) -> None:
    for descending in (False, True):
        way = -1 if descending else 1
        assert shown(catalogue, agrees=True, descending=descending) == list(right)[::way]
        assert shown(catalogue, agrees=False, descending=descending) == list(wrong)[::way]


def test_agreement_follows_every_change_of_a_label(catalogue: Catalogue, tmp_path: Path) -> None:
    classes = fill(catalogue, tmp_path / "photos")
    assert_shown(catalogue, ["dog0", "cat0"], ["cat1", "dog1"])
    labelled(catalogue, "cat/001", classes["dog"])
    assert_shown(catalogue, ["cat1", "dog0", "cat0"], ["dog1"])
    labelled(catalogue, "dog/000", None)
    assert_shown(catalogue, ["cat1", "cat0"], ["dog1"])
    catalogue.edits.undo()
    catalogue.edits.set_several_labels(True)
    (row,) = catalogue.page(ImageQuery(text="dog/001"), None, 1)
    catalogue.edits.add_label([row.id], classes["cat"])
    assert_shown(catalogue, ["cat1", "dog1", "dog0", "cat0"], [])
    catalogue.edits.rename_class(classes["cat"], "kitten")
    assert_shown(catalogue, ["cat1", "dog0"], ["dog1", "cat0"])


def test_images_without_a_prediction_come_last_either_way(catalogue: Catalogue, tmp_path: Path) -> None:
    fill(catalogue, tmp_path / "photos")
    said = ["cat1", "dog1", "bird0", "dog0", "cat0"]
    assert shown(catalogue, agrees=None) == [*said, "bird1"]
    assert shown(catalogue, agrees=None, descending=True) == [*said[::-1], "bird1"]
