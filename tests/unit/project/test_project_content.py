"""Rows follow the content: a label never lands on another image, whatever happens to the files."""

import io
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from PIL import Image

from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.catalogue import Applied, Catalogue, ImageQuery
from imgmine_gui.core.project.scan import scan_source
from imgmine_gui.core.project.schema import create_catalogue

WriteImage = Callable[[Path, int], Path]
Rescan = Callable[[Catalogue, int], Applied]
SOURCES = ("one", "two")
PATHS = [f"{source}/{folder}/{name}.png" for source in SOURCES for folder in ("cat", "dog") for name in "abc"]
BROKEN = -1


def png(content: int) -> bytes:
    """Bytes of one length, so that contents are not told apart by their size."""
    if content == BROKEN:
        return b"no image"
    made = io.BytesIO()
    Image.new("RGB", (1, 1), (content % 256, content // 256, 7)).save(made, "PNG")
    return made.getvalue().ljust(100, b"\0")


class Row(NamedTuple):
    id: int
    path: str
    key: str
    state: int
    class_id: int | None
    class_set: int
    set_key: str
    inode: int


class Files(RuleBasedStateMachine):
    """Files that are made, changed and moved in two sources, a person who labels, and scans in between."""

    @initialize(contents=st.lists(st.integers(1, 8), min_size=6, max_size=6))
    def begin(self, contents: list[int]) -> None:
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name)
        self.next_content = 100
        for path in PATHS:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / "one" / "notes.txt").touch()
        (self.folder / "two" / "notes.txt").touch()
        for path, content in zip(PATHS[::2], contents, strict=True):
            (self.folder / path).write_bytes(png(content))
        create_catalogue(self.folder / "catalogue.db")
        self.catalogue = Catalogue(self.folder / "catalogue.db")
        for source in SOURCES:
            self.catalogue.add_source(str(self.folder / source))
        self.labelled: dict[int, tuple[int, str]] = {}
        self.before: dict[int, Row] = {}
        self.scan([0, 1])

    def teardown(self) -> None:
        if hasattr(self, "place"):
            self.catalogue.close()
            self.place.cleanup()

    def there(self) -> list[Path]:
        return [self.folder / path for path in PATHS if (self.folder / path).exists()]

    def some(self, at: int) -> Path | None:
        found = self.there()
        return found[at % len(found)] if found else None

    def free(self, at: int) -> Path | None:
        found = [self.folder / path for path in PATHS if not (self.folder / path).exists()]
        return found[at % len(found)] if found else None

    def new_content(self) -> int:
        self.next_content += 1
        return self.next_content

    @rule(at=st.integers(0, 50), to=st.integers(0, 50), how=st.sampled_from(["move", "copy", "link", "new"]))
    def appears(self, at: int, to: int, how: str) -> None:
        one, other = self.some(at), self.free(to)
        if other is None:
            return
        if how == "new":
            other.write_bytes(png(self.new_content()))
        elif one and how == "move":
            os.rename(one, other)
        elif one and how == "copy":
            shutil.copy2(one, other)
        elif one:
            os.link(one, other)

    @rule(at=st.lists(st.integers(0, 50), min_size=2, max_size=4))
    def rotate(self, at: list[int]) -> None:
        chosen = list(dict.fromkeys(path for number in at if (path := self.some(number))))
        if len(chosen) > 1:
            os.rename(chosen[-1], self.folder / "between")
            for one, other in zip(chosen[-2::-1], chosen[:0:-1], strict=True):
                os.rename(one, other)
            os.rename(self.folder / "between", chosen[0])

    @rule(at=st.integers(0, 50), other=st.integers(0, 50), how=st.sampled_from(["new", "other", "move", "broken"]))
    def overwrite(self, at: int, other: int, how: str) -> None:
        one, two = self.some(at), self.some(other)
        if one is None or two is None:
            return
        if how == "other":
            content = two.read_bytes()
            one.write_bytes(content)
        elif how == "move":
            os.replace(two, one)
        else:
            one.write_bytes(png(BROKEN if how == "broken" else self.new_content()))

    @rule(at=st.integers(0, 50))
    def delete(self, at: int) -> None:
        if (one := self.some(at)) is not None:
            one.unlink()

    @rule(at=st.integers(0, 50), class_id=st.integers(1, 2))
    def label(self, at: int, class_id: int) -> None:
        rows = [row for row in self.rows().values() if row.state == 0 and row.key]
        ids = {row[0] for row in self.classes()}
        if rows and class_id in ids:
            chosen = rows[at % len(rows)]
            self.catalogue.edits.label([chosen.id], class_id)
            self.labelled[chosen.id] = class_id, chosen.key
            self.before = self.rows()

    @rule(order=st.permutations([0, 1]))
    def scan(self, order: list[int]) -> None:
        for place in order:
            spool = self.folder / "scan.db"
            scan_source(
                str(self.folder / SOURCES[place]), str(self.catalogue.path), place + 1, str(spool), PlainContext()
            )
            self.catalogue.apply_scan(place + 1, spool, may_be_empty=True)
            spool.unlink()
        self.check()
        self.before = self.rows()

    def rows(self) -> dict[int, Row]:
        with self.catalogue._database.reading() as db:
            found = db.execute(
                "SELECT id, source_id, path, key, state, class_id, class_set, set_key, inode FROM images"
            )
            return {
                number: Row(number, f"{SOURCES[source - 1]}/{os.fsdecode(path)}", *rest)
                for number, source, path, *rest in found
            }

    def classes(self) -> list[tuple[int]]:
        with self.catalogue._database.reading() as db:
            return db.execute("SELECT id FROM classes WHERE removed = 0").fetchall()

    def check(self) -> None:
        rows = self.rows()
        present = {row.path: row for row in rows.values() if row.state == 0}
        files = {str(path.relative_to(self.folder)): path.read_bytes() for path in self.there()}
        assert set(present) == set(files)
        assert len(present) == sum(row.state == 0 for row in rows.values())
        contents = {path: present[path].key for path in files}
        by_key: dict[str, set[bytes]] = {}
        for path, data in files.items():
            by_key.setdefault(contents[path], set()).add(data)
            assert (contents[path] == "") == (data == png(BROKEN))
        assert all(len(data) == 1 for key, data in by_key.items() if key)
        assert set(self.before) <= set(rows)
        for number, (class_id, key) in self.labelled.items():
            assert (rows[number].class_id, rows[number].class_set, rows[number].set_key) == (class_id, 1, key)
        held = {row.path: row.key for row in self.before.values() if row.state == 0}
        arrived = {
            path: (key, (self.folder / path).stat().st_ino) for path, key in contents.items() if held.get(path) != key
        }
        left = [row for row in self.before.values() if row.state == 0 and row.key and contents.get(row.path) != row.key]
        self.check_moved_files(present, arrived, left)
        self.check_labels_are_not_lost(rows, arrived, left)
        self.check_what_was_overwritten(rows, contents)

    def check_moved_files(self, present: dict[str, Row], arrived: dict[str, tuple[str, int]], left: list[Row]) -> None:
        """A file that moved within its source, which its inode tells, is the image that it was.

        Unless its content arrived twice: then one of them may have been taken for it before.
        """
        for path, mark in arrived.items():
            ids = [row.id for row in left if (row.key, row.inode) == mark]
            same_source = all(row.path[:3] == path[:3] for row in left if row.key == mark[0])
            if len(ids) == 1 and same_source and [key for key, _ in arrived.values()].count(mark[0]) == 1:
                assert present[path].id == ids[0]

    def check_labels_are_not_lost(
        self, rows: dict[int, Row], arrived: dict[str, tuple[str, int]], left: list[Row]
    ) -> None:
        """Labelled content that left its place has its label wherever it is in its source now, as far as it is there.

        Unless what is there now is known by its inode to be the file of another image of the same content.
        """
        known = {(row.key, row.inode) for row in self.before.values()}
        lost = [row for row in left if row.id in self.labelled and row.key == row.set_key]
        for key in {row.key for row in lost}:
            there = sum(rows[row.id].state == 0 and rows[row.id].key == key for row in lost if row.key == key)
            for source in SOURCES:
                count = sum(row.key == key and row.path.startswith(source) for row in lost)
                free = sum(
                    mark[0] == key and mark not in known and path.startswith(source) for path, mark in arrived.items()
                )
                assert there >= min(count, free)

    def check_what_was_overwritten(self, rows: dict[int, Row], contents: dict[str, str]) -> None:
        """What has a content that was never seen, at the place of a content that is nowhere, is the image of before."""
        seen = {row.key for row in self.before.values()} | {row.set_key for row in self.before.values()}
        for row in self.before.values():
            now = contents.get(row.path)
            alone = sum(one.path == row.path and one.state == 0 for one in self.before.values()) == 1
            if row.state == 0 and alone and now and now not in seen and row.key and row.key not in contents.values():
                assert (rows[row.id].path, rows[row.id].key, rows[row.id].state) == (row.path, now, 0)


TestFiles = Files.TestCase
TestFiles.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def labelled(catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan) -> dict[str, int]:
    """Three images of one source, a.png and b.png labelled by hand as one class and another; ids by name."""
    for number, name in enumerate("abc"):
        write_image(tmp_path / "source" / "cat" / f"{name}.png", number)
    write_image(tmp_path / "source" / "dog" / "d.png", 9)
    rescan(catalogue, catalogue.add_source(str(tmp_path / "source")).id)
    ids = {row.name[0]: row.id for row in catalogue.page(ImageQuery(), None, 9)}
    catalogue.edits.label([ids["a"]], 2)
    catalogue.edits.label([ids["b"]], 1)
    return ids


def named(catalogue: Catalogue) -> dict[str, tuple[int, str | None, bool, bool]]:
    return {row.name[0]: (row.id, row.label, row.by_hand, row.changed) for row in catalogue.page(ImageQuery(), None, 9)}


def test_swapped_files_keep_their_labels(
    catalogue: Catalogue, tmp_path: Path, labelled: dict[str, int], rescan: Rescan
) -> None:
    folder = tmp_path / "source" / "cat"
    (folder / "a.png").rename(folder / "x")
    (folder / "b.png").rename(folder / "a.png")
    (folder / "x").rename(folder / "b.png")
    assert rescan(catalogue, 1) == Applied(0, 0, 2, 0)
    found = named(catalogue)
    assert found["b"] == (labelled["a"], "dog", True, False)
    assert found["a"] == (labelled["b"], "cat", True, False)


def test_an_overwritten_file_keeps_its_label_and_says_that_it_changed(
    catalogue: Catalogue, tmp_path: Path, labelled: dict[str, int], rescan: Rescan, write_image: WriteImage
) -> None:
    write_image(tmp_path / "source" / "cat" / "a.png", 1234)
    assert rescan(catalogue, 1) == Applied(0, 1, 0, 0)
    assert named(catalogue)["a"] == (labelled["a"], "dog", True, True)
    assert catalogue.ids(ImageQuery(changed=True)).tolist() == [labelled["a"]]
    write_image(tmp_path / "source" / "cat" / "a.png", 0)
    rescan(catalogue, 1)
    assert named(catalogue)["a"] == (labelled["a"], "dog", True, False)


def test_a_file_that_takes_the_place_of_another_takes_its_own_label(
    catalogue: Catalogue, tmp_path: Path, labelled: dict[str, int], rescan: Rescan
) -> None:
    folder = tmp_path / "source" / "cat"
    (folder / "c.png").replace(folder / "a.png")
    assert rescan(catalogue, 1) == Applied(0, 0, 1, 1)
    assert named(catalogue)["a"] == (labelled["c"], "cat", False, False)
    (folder / "a.png").rename(folder / "c.png")
    (folder / "e.png").write_bytes((folder / "b.png").read_bytes())
    assert rescan(catalogue, 1) == Applied(1, 0, 1, 0)
    assert named(catalogue)["b"] == (labelled["b"], "cat", True, False)
    assert named(catalogue)["e"][2:] == (False, False)


def test_a_displaced_image_comes_back_with_its_label(
    catalogue: Catalogue, tmp_path: Path, labelled: dict[str, int], rescan: Rescan
) -> None:
    folder = tmp_path / "source" / "cat"
    content = (folder / "a.png").read_bytes()
    (folder / "c.png").replace(folder / "a.png")
    rescan(catalogue, 1)
    (folder / "z.png").write_bytes(content)
    assert rescan(catalogue, 1) == Applied(0, 0, 1, 0)
    assert named(catalogue)["z"] == (labelled["a"], "dog", True, False)


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_file_that_moves_to_another_source_takes_its_label_along(
    catalogue: Catalogue, tmp_path: Path, labelled: dict[str, int], rescan: Rescan, order: tuple[int, int]
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").touch()
    catalogue.add_source(str(tmp_path / "other"))
    rescan(catalogue, 2)
    (tmp_path / "source" / "cat" / "a.png").rename(tmp_path / "other" / "a.png")
    for source in order:
        rescan(catalogue, source)
    assert named(catalogue)["a"] == (labelled["a"], "dog", True, False)
    assert catalogue.count(ImageQuery()) == 4


def test_a_copy_in_another_source_leaves_the_label_where_it_was(
    catalogue: Catalogue, tmp_path: Path, labelled: dict[str, int], rescan: Rescan
) -> None:
    (tmp_path / "other").mkdir()
    shutil.copy(tmp_path / "source" / "cat" / "a.png", tmp_path / "other" / "copy.png")
    rescan(catalogue, catalogue.add_source(str(tmp_path / "other")).id)
    assert named(catalogue)["a"] == (labelled["a"], "dog", True, False)
    assert not catalogue.rows([max(catalogue.ids(ImageQuery()))])[0].by_hand


def test_a_file_that_changes_right_after_a_scan_read_it_is_read_again(
    catalogue: Catalogue, tmp_path: Path, labelled: dict[str, int], rescan: Rescan
) -> None:
    path = tmp_path / "source" / "cat" / "a.png"
    path.write_bytes(png(1))
    before = path.stat()
    rescan(catalogue, 1)
    path.write_bytes(png(2))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # within one tick of the drive's clock
    assert (path.stat().st_size, path.stat().st_ino) == (before.st_size, before.st_ino)
    assert rescan(catalogue, 1) == Applied(0, 1, 0, 0)
