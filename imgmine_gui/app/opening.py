"""What a person means by a path that is dropped on the window or named on the command line."""

import logging
import os
import sqlite3
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.images.formats import MAGIC_BYTES, SUFFIXES, looks_like_image
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.project import DATABASE, SUFFIX
from imgmine_gui.core.text import N_

MODEL_SUFFIX = ".imgmodel"
LONGEST_NAME = 60
FALLBACK_NAME = "Images"

logger = logging.getLogger(__name__)


class Meaning(StrEnum):
    """What a path is."""

    PROJECT = "project"
    FOLDER = "folder"
    IMAGE = "image"
    MODEL = "model"


def read_meaning(path: Path) -> tuple[Meaning, Path]:
    """What ``path`` is, and the path to use: of a file inside a project, the project.

    Raises:
        UserError: there is nothing at ``path``, or nothing that ImgMine reads.
    """
    path = Path(os.path.abspath(path))
    if not path.exists():
        raise UserError(
            N_("There is no file or folder “{path}”."),
            N_("Check whether it was moved, renamed or deleted, and whether its drive is connected."),
            path=path,
        )
    for folder in (path, *path.parents):
        if folder.suffix == SUFFIX and folder.is_dir() and not _is_model(path):
            return Meaning.PROJECT, folder
    if _is_model(path):
        return Meaning.MODEL, path
    if path.is_dir():
        return Meaning.FOLDER, path
    if path.suffix.lower() in SUFFIXES or _begins_like_image(path):
        return Meaning.IMAGE, path
    raise UserError(
        N_("“{path}” is neither a project, an image, a folder of images nor a model."),
        N_("Choose a folder of images, an image such as a JPEG or PNG file, or a project."),
        path=path,
    )


def sort_out(paths: Iterable[Path]) -> tuple[dict[Path, Meaning], list[Path]]:
    """What each of ``paths`` is, and those that are nothing ImgMine reads.

    Raises:
        UserError: none of them is of use; says so of the first.
    """
    meanings: dict[Path, Meaning] = {}
    useless: list[tuple[Path, UserError]] = []
    for path in paths:
        try:
            meanings[path] = read_meaning(path)[0]
        except UserError as error:
            useless.append((path, error))
    if useless and not meanings:
        raise useless[0][1]
    return meanings, [path for path, _ in useless]


def find_project_of(source: Path, projects: Iterable[Path]) -> Path | None:
    """The first of ``projects`` that has the folder ``source`` among its sources."""
    for project in projects:
        database = project / DATABASE
        if not database.is_file():
            continue
        try:
            catalogue = Catalogue(database, read_only=True)
            try:
                if any(os.path.realpath(one.path) == os.path.realpath(source) for one in catalogue.sources()):
                    return project
            finally:
                catalogue.close()
        except (UserError, Cancelled) as error:
            logger.info("project passed over: %s", error)
        except sqlite3.Error:  # of an old version, or damaged: opening it says so, looking into it does not
            logger.info("project passed over: %s", project, exc_info=True)
    return None


def free_project_folder(parent: Path, name: str) -> Path:
    """A path for a new project called like the folder ``name``, with a number where the name is taken."""
    letters = (letter if letter.isalnum() or letter in " -_()+,." else "_" for letter in name)
    name = "".join(letters)[:LONGEST_NAME].strip(" .") or FALLBACK_NAME
    candidate, number = parent / f"{name}{SUFFIX}", 1
    while candidate.exists():
        number += 1
        candidate = parent / f"{name} {number}{SUFFIX}"
    return candidate


def _is_model(path: Path) -> bool:
    """A bundle, or the folder of a run."""
    return path.suffix.lower() == MODEL_SUFFIX or (path / "run.json").is_file()


def _begins_like_image(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with open(path, "rb", buffering=0) as file:
            return looks_like_image(file.read(MAGIC_BYTES))
    except OSError:
        return False
