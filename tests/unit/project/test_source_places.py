"""Sources that vanish, come back, and are moved together with their project."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project import presence
from imgmine_gui.core.project.catalogue import Applied, Catalogue, ImageQuery
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.presence import Lookout, Place, Presence, Seen
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.scan import scan_source
from imgmine_gui.core.project.source_places import Move
from imgmine_gui.core.project.splits import SplitSettings
from tests.small_drive import mounted
from tests.unit.project.conftest import WriteImage

REPOSITORY = Path(__file__).resolve().parents[3]
Rescan = Callable[[Catalogue, int], Applied]


def fill(folder: Path, write_image: WriteImage, first: int = 0, count: int = 6) -> Path:
    for number in range(first, first + count):
        write_image(folder / ("cat" if number % 2 else "dog") / f"{number}.png", number)
    return folder


def test_a_drive_that_goes_takes_no_image_with_it_and_comes_back(
    catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    copy = fill(tmp_path / "copy", write_image)
    with mounted(tmp_path / "drive", "4m") as drive:
        shutil.copytree(copy, drive, dirs_exist_ok=True)
        source = catalogue.add_source(str(drive)).id
        rescan(catalogue, source)
        (first, *_) = catalogue.page(ImageQuery(), None, 1)
    # Where it was mounted, an empty folder is left.
    looked = catalogue.places.look(Lookout())
    assert (looked.presence, looked.went, looked.came) == ({source: Presence.EMPTY}, (source,), ())
    assert rescan(catalogue, source) == Applied(0, 0, 0, 0, withheld=6)
    assert not catalogue.sources()[0].online
    catalogue.edits.label([first.id], catalogue.edits.add_class("horse"))
    assert catalogue.count(ImageQuery(label="horse")) == 1
    assert next(check.code for check in catalogue.checks() if check.severity == "blocks") == "offline"
    assert not catalogue.places.look(Lookout()).changed
    drive.rmdir()
    assert catalogue.places.look(Lookout()).presence == {source: Presence.ABSENT}
    with mounted(drive, "4m"):
        (drive / "lost+found").mkdir()
        assert catalogue.places.look(Lookout()).presence == {source: Presence.EMPTY}, "another drive"
        shutil.copytree(copy, drive, dirs_exist_ok=True)
        assert catalogue.places.look(Lookout()).came == (source,)
        assert catalogue.sources()[0].online
        assert rescan(catalogue, source) == Applied(0, 0, 0, 0)
    assert catalogue.count(ImageQuery(label="horse")) == 1


def test_a_drive_that_goes_in_the_middle_of_a_scan_takes_nothing_with_it(
    catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    with mounted(tmp_path / "drive", "4m") as drive:
        fill(drive, write_image)
        source = catalogue.add_source(str(drive)).id
        rescan(catalogue, source)
        write_image(drive / "cat" / "new.png", 99)

        def pull(event: object) -> None:
            if isinstance(event, PhaseStarted) and event.phase == "Reading images":
                subprocess.run(["umount", "--lazy", str(drive)], check=True)

        with pytest.raises(UserError, match="There is no folder"):
            scan_source(str(drive), str(catalogue.path), source, str(tmp_path / "spool.db"), PlainContext(pull))
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(drive)], check=True)  # for the end of the test
    assert catalogue.count(ImageQuery()) == 6


CLOSED = """
import os, sys
from imgmine_gui.core.project.presence import presence_of
os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
print(presence_of(sys.argv[1], False, ()), presence_of(sys.argv[1] + "/1.png", True, ()))
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="asks as somebody else")
def test_a_folder_that_may_not_be_looked_into_is_offline(tmp_path: Path, write_image: WriteImage) -> None:
    folder = write_image(Path("/tmp") / f"closed-{os.getpid()}" / "1.png").parent
    try:
        folder.chmod(0o000)
        command = [sys.executable, "-c", CLOSED, str(folder)]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["denied", "denied"]
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


def test_a_drive_that_never_answers_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, asked = threading.Event(), []
    see = presence.see

    def hang(place: Place) -> Seen:
        if place.path == "/dead":
            asked.append(place.path)
            go_on.wait(30)
        return see(place)

    monkeypatch.setattr(presence, "see", hang)
    lookout = Lookout(seconds=0.2)
    places = [Place(number, path, False, False, (), "") for number, path in ((1, "/dead"), (2, "/"), (3, "/no"))]
    seen = lookout.look(places)
    assert {number: one.presence for number, one in seen.items()} == {
        1: Presence.SILENT,
        2: Presence.THERE,
        3: Presence.ABSENT,
    }
    assert lookout.look(places[:1])[1].presence is Presence.SILENT
    assert asked == ["/dead"], "it is not asked again before it answers"
    go_on.set()


def test_images_that_move_with_the_project_are_found_by_themselves(
    tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    fill(tmp_path / "old" / "photos", write_image)
    with closing(Project.create(tmp_path / "old", "garden")) as project:
        source = project.catalogue.add_source(str(tmp_path / "old" / "photos")).id
        rescan(project.catalogue, source)
        project.catalogue.places.look(Lookout())
    shutil.move(tmp_path / "old", tmp_path / "new")
    with closing(Project.open(tmp_path / "new" / "garden.imgmine")) as project:
        assert not project.catalogue.places.look(Lookout(), []).changed
        looked = project.catalogue.places.look(Lookout())
        assert (looked.followed, looked.went) == ((source,), ())
        (there,) = project.catalogue.sources()
        assert (there.path, there.online) == (str(tmp_path / "new" / "photos"), True)
        assert rescan(project.catalogue, source) == Applied(0, 0, 0, 0)
    # A copy leaves the sources where they are; and a folder that holds none of the images is not theirs.
    shutil.copytree(tmp_path / "new", tmp_path / "copy")
    with closing(Project.open(tmp_path / "copy" / "garden.imgmine")) as project:
        project.catalogue.places.look(Lookout())
        assert project.catalogue.sources()[0].path == str(tmp_path / "new" / "photos")
    shutil.move(tmp_path / "new", tmp_path / "third")
    shutil.rmtree(tmp_path / "third" / "photos")
    write_image(tmp_path / "third" / "photos" / "other.png", 77)
    with closing(Project.open(tmp_path / "third" / "garden.imgmine")) as project:
        assert project.catalogue.places.look(Lookout()).went == (source,)


def test_training_names_the_source_that_is_not_there(tmp_path: Path, write_image: WriteImage, rescan: Rescan) -> None:
    fill(tmp_path / "photos", write_image)
    with closing(Project.create(tmp_path, "garden")) as project:
        rescan(project.catalogue, project.catalogue.add_source(str(tmp_path / "photos")).id)
    shutil.move(tmp_path / "photos", tmp_path / "away")
    with pytest.raises(UserError, match="photos” is not there"):
        load_items(tmp_path / "garden.imgmine", SplitSettings(), PlainContext())


def test_sources_move_together_or_not_at_all(
    catalogue: Catalogue, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    one, two = (
        catalogue.add_source(str(fill(tmp_path / "old" / name, write_image, first))).id
        for name, first in (("a", 0), ("b", 10))
    )
    for source in (one, two):
        rescan(catalogue, source)
    other = catalogue.add_source(str(fill(tmp_path / "other", write_image, 20))).id
    with pytest.raises(UserError, match="is a source of this project already"):
        catalogue.places.relink([Move(one, str(tmp_path / "b")), Move(two, str(tmp_path / "other"))])
    assert catalogue.sources()[0].path == str(tmp_path / "old" / "a")
    shutil.move(tmp_path / "old" / "a", tmp_path / "swap")
    shutil.move(tmp_path / "old" / "b", tmp_path / "old" / "a")
    shutil.move(tmp_path / "swap", tmp_path / "old" / "b")
    catalogue.places.relink([Move(one, str(tmp_path / "old" / "b")), Move(two, str(tmp_path / "old" / "a"))])
    for source in (one, two):
        assert rescan(catalogue, source) == Applied(0, 0, 0, 0)
    assert [source.id for source in catalogue.sources()] == [one, two, other]
