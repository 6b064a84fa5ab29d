"""The folders of a project, from the command line."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from imgmine_gui.core.project.project import Project
from tests.cli.conftest import Imgmine


@pytest.fixture
def project(imgmine: Imgmine, folder: Path, tmp_path: Path) -> Path:
    """A project with two sources below one folder, scanned."""
    for name in ("a", "b"):
        shutil.copytree(folder / ("train" if name == "a" else "test"), tmp_path / "old" / name)
    with closing(Project.create(tmp_path, "garden")) as project:
        for name in ("a", "b"):
            project.catalogue.add_source(str(tmp_path / "old" / name))
    assert [one["added"] for one in imgmine("rescan", tmp_path / "garden.imgmine", "--json").result["sources"]] == [
        17,
        4,
    ]
    return tmp_path / "garden.imgmine"


def states(imgmine: Imgmine, project: Path) -> list[tuple[str, str]]:
    told = imgmine("sources", project, "--json").result["sources"]
    return [(Path(one["path"]).parent.name, one["state"]) for one in told]


def test_moved_sources_are_found_in_one_step(imgmine: Imgmine, project: Path, tmp_path: Path) -> None:
    shutil.move(tmp_path / "old", tmp_path / "new")
    assert states(imgmine, project) == [("old", "absent"), ("old", "absent")]
    failed = imgmine("rescan", project)
    assert failed.code == 1
    assert "There is no folder" in failed.err
    failed = imgmine("train", project, "--out", tmp_path / "run")
    assert failed.code == 1
    assert "is not there, so its images cannot be read" in failed.err
    looked = imgmine("relink", project, tmp_path / "new" / "a", "--dry-run")
    assert looked.code == 0, looked.err
    assert looked.out.startswith("17 of 17 images of “a” were found in")
    assert states(imgmine, project) == [("old", "absent"), ("old", "absent")]
    found = imgmine("relink", project, tmp_path / "new" / "a", "--json")
    assert [(one["known"], one["in_place"]) for one in found.result["relinked"]] == [(17, 17), (4, 4)]
    assert states(imgmine, project) == [("new", "there"), ("new", "there")]
    assert "All sources" in imgmine("relink", project, tmp_path / "new" / "a").err


def test_a_folder_without_the_images_is_taken_only_if_that_is_said(
    imgmine: Imgmine, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    failed = imgmine("relink", project, tmp_path / "none", "--source", "a")
    assert failed.code == 1
    assert "None of the 17 images" in failed.err
    assert imgmine("relink", project, tmp_path / "none", "--source", "a", "--anyway").code == 0
    assert states(imgmine, project)[0] == (tmp_path.name, "there")
    assert "has no source “z”" in imgmine("rescan", project, "--source", "z").err


def test_an_emptied_folder_is_told_of_and_marked_on_demand(imgmine: Imgmine, project: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "old" / "a")
    (tmp_path / "old" / "a").mkdir()
    told = imgmine("rescan", project, "--source", "a")
    assert "“" in told.out
    assert "is empty now, but 17 images were known there" in told.out
    assert states(imgmine, project)[0] == ("old", "empty")
    scanned = imgmine("rescan", project, "--source", "a", "--empty", "--json")
    assert scanned.result["sources"][0]["missing"] == 17
    assert states(imgmine, project)[0] == ("old", "there")
