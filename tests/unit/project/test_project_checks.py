"""What is said before training."""

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.checks import ClassCounts, DataCheck, DataFacts, Shared, check_data, require_trainable
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split


def classes(**train: int) -> list[ClassCounts]:
    return [ClassCounts(0, name, 0, count, 5, 5) for name, count in train.items()]


def codes(facts: DataFacts) -> list[str]:
    return [check.code for check in check_data(facts)]


def only(facts: DataFacts) -> DataCheck:
    (check,) = check_data(facts)
    return check


def test_sound_data_has_no_finding() -> None:
    checks = check_data(DataFacts(classes(cat=100, dog=60)))
    assert checks == []
    require_trainable(checks)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (DataFacts([]), "no_image"),
        (DataFacts([], unlabelled=7), "no_class"),
        (DataFacts(classes(cat=100)), "one_class"),
        (DataFacts(classes(cat=100, dog=1)), "class_too_small"),
        (DataFacts(classes(cat=100, dog=0)), "class_too_small"),
    ],
)
def test_what_blocks_training_is_refused_with_words(facts: DataFacts, code: str) -> None:
    checks = check_data(facts)
    assert (checks[0].severity, checks[0].code) == ("blocks", code)
    with pytest.raises(UserError) as caught:
        require_trainable(checks)
    assert caught.value.message == checks[0].message
    assert caught.value.remedy == checks[0].remedy != ""
    assert "{" not in str(caught.value)


def test_what_blocks_comes_first() -> None:
    facts = DataFacts(classes(cat=100, dog=15, owl=1), unlabelled=3)
    assert [check.severity for check in check_data(facts)] == ["blocks", "warns", "warns", "informs"]


def test_few_images_name_the_smallest_class() -> None:
    assert "few_images" not in codes(DataFacts(classes(cat=20, dog=20)))
    check = only(DataFacts(classes(cat=30, dog=19, owl=18)))
    assert check.code == "few_images"
    assert (check.values["classes"], check.values["name"], check.values["count"]) == (2, "owl", 18)


def test_imbalance_names_both_classes() -> None:
    assert codes(DataFacts(classes(cat=300, dog=100))) == []
    check = only(DataFacts(classes(cat=301, dog=100)))
    assert check.code == "imbalance"
    assert check.message == "“cat” has 301 training images, “dog” only 100."


def test_no_validation_image_warns() -> None:
    assert codes(DataFacts([ClassCounts(0, name, 0, 50, 0, 0) for name in "ab"])) == ["no_validation"]


def test_names_that_differ_only_in_case_warn() -> None:
    check = only(DataFacts([ClassCounts(0, name, 0, 50, 5, 5) for name in ("Dress", "dress ", "shirt")]))
    assert (check.code, check.values) == ("similar_names", {"first": "Dress", "second": "dress "})


def test_shared_contents_unreadable_and_unlabelled() -> None:
    facts = DataFacts(classes(cat=50, dog=50), 3, 2, Shared(2, ("a.jpg", "b.jpg")), Shared(1, ("c.jpg",)))
    assert codes(facts) == ["across_splits", "two_labels", "unreadable", "unlabelled"]
    assert "2, such as a.jpg, b.jpg" in check_data(facts)[0].message


def test_items_outside_a_project_are_checked_too() -> None:
    items = [
        DataItem(f"/d/{name}{n}.png", name, Split.TRAIN, f"{name}{n}") for name in ("cat", "dog") for n in range(30)
    ]
    items += [DataItem(f"/d/v{name}.png", name, Split.VALIDATION, f"v{name}") for name in ("cat", "dog")]
    assert DataItems.of_items(items).checks() == []
    items.append(DataItem("/d/copy.png", "dog", Split.TEST, "cat7"))
    items.append(DataItem("/d/none.png", None, None, "cat8"))
    checks = DataItems.of_items(items).checks(unreadable=4)
    assert [check.code for check in checks] == ["across_splits", "two_labels", "unreadable", "unlabelled"]
    assert checks[0].values == {"count": 1, "examples": ("cat7.png",)}
