"""Groups by hand and by patterns over paths."""

import time
from pathlib import Path

import pytest

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.edits import grouping
from imgmine_gui.core.project.edits.group_patterns import GroupFinder, GroupPattern
from imgmine_gui.core.project.exchange.applying import apply_plan
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.planning import plan_import
from tests.unit.project.records import record, result

PATHS = (
    "cat/p1_left.png",
    "cat/p1_right.png",
    "cat/p2_left.PNG",
    "dog/p2_right.png",
    "dog/day 3/p10_left.png",
    "dog/other.png",
)


@pytest.fixture
def source(catalogue: Catalogue, tmp_path: Path) -> int:
    (tmp_path / "source").mkdir()
    source = catalogue.add_source(str(tmp_path / "source")).id
    catalogue.apply_scan(source, result(*(record(path, path, path.split("/")[0]) for path in PATHS)))
    return source


def groups(catalogue: Catalogue) -> list[str]:
    with catalogue._database.reading() as db:
        return [name for (name,) in db.execute("SELECT group_name FROM images ORDER BY id")]


@pytest.mark.parametrize(
    ("pattern", "path", "group"),
    [
        ("{group}/*", "p1/a.png", "p1"),
        ("{group}/*", "p1/x/a.png", ""),
        ("{group}/**", "p1/x/a.png", "p1"),
        ("*/{group}/*", "cat/p1/a.png", "p1"),
        ("**/{group}/*", "p1/a.png", "p1"),
        ("**/{group}/*", "a/b/p1/a.png", "p1"),
        ("{group}_*.png", "p1_a_b.PNG", "p1"),
        ("{group}_*.png", "cat/p1_a.png", ""),
        ("**/{group}_*.*", "cat/p1_a.png", "p1"),
        ("{group}/{group}_*", "p1/p1_a.png", "p1"),
        ("{group}/{group}_*", "p1/p2_a.png", ""),
        ("{group}-??.png", "p1-ab.png", "p1"),
        ("{group}-??.png", "p1-abc.png", ""),
        ("a.(b)[c]{group}", "a.(b)[c]d", "d"),
        ("a.b{group}", "axbd", ""),
        ("{group}/*", "é/a.png", "é"),
        ("é{group}", "e\u0301x", "x"),
        ("{group}/*", "{group}/a.png", "{group}"),
        ("{group}{x}", "a{x}", "a"),
        ("{group}/*", " p1 /a.png", "p1"),
    ],
)
def test_plain_patterns(pattern: str, path: str, group: str) -> None:
    assert GroupFinder(GroupPattern(pattern)).find(path) == group


@pytest.mark.parametrize(
    ("pattern", "path", "group"),
    [
        (r"p(?P<group>\d+)_", "cat/p12_a.png", "12"),
        (r"^(?P<patient>[^/]+)/", "cat/p12_a.png", "cat"),
        (r"(?P<g>x)?cat", "cat/a.png", ""),
        (r"(?P<g>\p{Han}+)", "图/猫.png", "图"),
        (r"(?i)(?P<g>CAT)", "cat/a.png", "cat"),
    ],
)
def test_regular_expressions(pattern: str, path: str, group: str) -> None:
    assert GroupFinder(GroupPattern(pattern, is_expression=True)).find(path) == group


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (GroupPattern(" "), "no pattern"),
        (GroupPattern("*/x"), "does not say where"),
        (GroupPattern("{group}" + "x" * 1000), "1000 characters"),
        (GroupPattern("(", True), "no regular expression: missing"),
        (GroupPattern("(" * 400 + "a" + ")" * 400, True), "named group|no regular expression"),
        (GroupPattern("abc", True), "one named group, and has 0"),
        (GroupPattern("(a)", True), "one named group, and has 0"),
        (GroupPattern("(?P<a>x)(?P<b>y)", True), "one named group, and has 2"),
    ],
)
def test_patterns_that_cannot_be_understood(pattern: GroupPattern, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        GroupFinder(pattern)
    assert caught.value.remedy


def test_an_expression_that_never_ends_is_given_up() -> None:
    finder = GroupFinder(GroupPattern(r"(?P<group>(?:a|aa|a.|.a)+)+$", is_expression=True))
    began = time.monotonic()
    with pytest.raises(UserError, match="takes too long on the path “aaa"):
        finder.find("a" * 120 + "b!")
    assert time.monotonic() - began < 5


def test_groups_are_found_and_written(catalogue: Catalogue, source: int) -> None:
    pattern = GroupPattern("**/{group}_*")
    preview = catalogue.edits.preview_groups(pattern)
    assert (preview.images, preview.looked_at, preview.matched, preview.groups) == (6, 6, 5, 3)
    assert preview.examples[0] == ("cat/p1_left.png", "p1")
    assert preview.unmatched == ("dog/other.png",)
    assert groups(catalogue) == [""] * 6
    catalogue.edits.set_group([6], "rest")
    done = catalogue.edits.group_by_pattern(pattern, None, PlainContext())
    assert done.edit is not None
    assert done.edit.title == "put 5 images into groups"
    assert done.splits
    assert groups(catalogue) == ["p1", "p1", "p2", "p2", "p10", "rest"]
    catalogue.edits.set_group([1, 6], "")
    assert groups(catalogue) == ["", "p1", "p2", "p2", "p10", ""]
    for _ in range(3):
        catalogue.edits.undo()
    assert groups(catalogue) == [""] * 6


def test_only_chosen_images_are_grouped(catalogue: Catalogue, source: int) -> None:
    pattern = GroupPattern(r"(?P<group>p\d+)", is_expression=True)
    assert catalogue.edits.preview_groups(pattern, [1, 6]).matched == 1
    catalogue.edits.group_by_pattern(pattern, [1, 6], PlainContext())
    assert groups(catalogue) == ["p1", *[""] * 5]


def test_a_preview_looks_at_some_of_many_and_for_a_limited_time(
    catalogue: Catalogue, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "PREVIEW_IMAGES", 3)
    preview = catalogue.edits.preview_groups(GroupPattern("**/{group}_*"))
    assert (preview.images, preview.looked_at) == (6, 3)
    monkeypatch.setattr(grouping, "PREVIEW_SECONDS", -1.0)
    assert catalogue.edits.preview_groups(GroupPattern("**/{group}_*")).looked_at == 0


def test_grouping_can_be_cancelled(catalogue: Catalogue, source: int) -> None:
    context = PlainContext()
    context.wish = Wish.CANCEL
    with pytest.raises(Cancelled):
        catalogue.edits.group_by_pattern(GroupPattern("**/{group}_*"), None, context)
    assert groups(catalogue) == [""] * 6


def test_names_are_cleaned_and_bounded(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.set_group([1], " e\u0301 ")
    assert groups(catalogue)[0] == "é"
    with pytest.raises(UserError, match="500 characters"):
        catalogue.edits.set_group([1], "x" * 501)
    with pytest.raises(UserError, match="500 characters"):
        catalogue.edits.set_groups([(1, "x" * 501)])


def test_a_content_in_two_groups_is_told(catalogue: Catalogue, source: int) -> None:
    catalogue.apply_scan(
        source, result(*(record(f"cat/{n}.png", "same" if n < 2 else str(n), "cat") for n in range(6)))
    )
    same = [row.id for row in catalogue.rows(range(1, 20)) if row.key == "same"]
    catalogue.edits.set_group(same[:1], "a")
    assert "across_groups" not in [check.code for check in catalogue.checks()]
    catalogue.edits.set_groups(zip(same, "ab", strict=True))
    (check,) = [check for check in catalogue.checks() if check.code == "across_groups"]
    assert "two groups, which are kept in one split then: 1, such as 0.png." in check.message


def test_groups_come_from_a_table(catalogue: Catalogue, source: int, tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("file,Patient\np1_left.png,Ann\ndog/p2_right.png,Bob\nnone.png,Eve\n", encoding="utf-8")
    options = ImportOptions(group_column="patient")
    plan = plan_import(catalogue.path, str(table), None, options, tmp_path / "plan.db", PlainContext())
    assert (plan.groups, plan.labels_changed) == (2, 0)
    apply_plan(catalogue, plan, PlainContext())
    assert groups(catalogue) == ["Ann", "", "", "Bob", "", ""]
    catalogue.edits.undo()
    assert groups(catalogue) == [""] * 6
