"""Whatever brings images, projects and models in: dialogs, drops, recent projects, samples."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from imgmine_gui.app.notifier import Notifier
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.dialogs.closing import may_leave_project

SUFFIX = ".imgmine"
NAMED = 4
"""So many of the things that were left out are named."""


class Opening(QObject):
    """Asks for a place where one is needed, has the session open it, and says which page belongs to it.

    Args:
        widget: dialogs stand over its window.
    """

    opened = Signal()
    """Something is about to be shown, so what was said before is settled."""
    page_wanted = Signal(str)
    """Go to this page; an empty name: to the one on which the project was left."""
    images_came = Signal(list)
    """``list[Path]``: images or models for the page of predictions."""

    def __init__(self, session: Session, widget: QWidget) -> None:
        super().__init__(widget)
        self._session = session
        self._widget = widget

    def new_project(self) -> None:
        """Ask for the name and place of a new project, and make it."""
        folder = self._session.settings.projects_folder
        chosen, _ = QFileDialog.getSaveFileName(
            self._widget,
            tr("New project"),
            str(folder / (tr("My project") + SUFFIX)),
            tr("ImgMine project") + f" (*{SUFFIX})",
        )
        if chosen and may_leave_project(self._session, self._widget):
            self._session.new_project(Path(chosen))
            self.page_wanted.emit("data")

    def open_project(self) -> None:
        """Ask for the folder of a project, and open it."""
        chosen = self._ask_folder(tr("Open project: choose its folder, which ends in {suffix}", suffix=SUFFIX))
        if chosen is not None:
            self.open_paths([chosen])

    def open_folder(self) -> None:
        """Ask for a folder of images, and open it as a project of its own."""
        chosen = self._ask_folder(tr("Open a folder of images"))
        if chosen is not None:
            self.open_paths([chosen])

    def add_folder(self) -> None:
        """Ask for a folder of images and add it to the open project, or open it where there is none."""
        if self._session.project is None:
            self.open_folder()
            return
        chosen = self._ask_folder(tr("Add a folder of images"))
        if chosen is not None:
            self._session.add_source(chosen)
            self.page_wanted.emit("data")

    def open_sample(self, name: str) -> None:
        """Open the bundled sample ``name``."""
        if may_leave_project(self._session, self._widget):
            self._session.open_sample(name)
            self.page_wanted.emit("data")

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Do what a person means by dropping ``paths``: open one project or folder, or predict several images.

        Several folders become one project, or are added to the project that has the first of them. What is of no use
        beside the rest is left out, and named.

        Raises:
            UserError: nothing there is of use, or a project came together with others.
        """
        from imgmine_gui.app.opening import Meaning, sort_out  # reads the catalogue: not before it is needed

        meanings, useless = sort_out(paths)
        places = [path for path, meaning in meanings.items() if meaning in (Meaning.PROJECT, Meaning.FOLDER)]
        if len(places) > 1 and Meaning.PROJECT in meanings.values():
            raise UserError(N_("One project can be open at a time."), N_("Open the projects one after another."))
        if not places:
            self.opened.emit()
            self.images_came.emit(list(meanings))
        elif not self._open_places(places):
            return
        came_along = [path for path in meanings if path not in places] if places else []
        if useless or came_along:
            kinds = N_("Drop folders, images, a model or a project.")
            remedy = N_("To predict images, drop them without folders.") if came_along else kinds
            tell_left_out(self._session.notifier, [*useless, *came_along], remedy)

    def _open_places(self, places: list[Path]) -> bool:
        """Open the first, and add the folders that came with it; whether the person let it happen."""
        if not may_leave_project(self._session, self._widget):
            return False
        self._session.open_path(places[0])
        self.opened.emit()
        if self._session.project is None:  # it has to be repaired first, beside the window
            if places[1:]:
                tell_left_out(self._session.notifier, places[1:], N_("Drop them again once the project is open."))
            return True
        known = {os.path.realpath(source.path) for source in self._session.sources()} if len(places) > 1 else set()
        for folder in places[1:]:
            if os.path.realpath(folder) not in known:
                self._session.add_source(folder)
        self.page_wanted.emit("")
        return True

    def _ask_folder(self, title: str) -> Path | None:
        settings = self._session.settings
        start = settings.text("last_folder") or str(Path.home())
        chosen = QFileDialog.getExistingDirectory(self._widget, title, start)
        if not chosen:
            return None
        settings.set_text("last_folder", str(Path(chosen).parent))
        return Path(chosen)


def tell_left_out(notifier: Notifier, paths: Sequence[Path], remedy: str) -> None:
    """Name what of a drop was not taken.

    Args:
        remedy: what to drop instead; an English text.
    """
    names: list[object] = [printable(path.name) for path in paths]
    if len(names) > NAMED:
        names[NAMED - 1 :] = [partial(tr, N_("{count} others"), count=len(names) - NAMED + 1)]
    notifier.warn(partial(tr, N_("Left out: {names}."), names=names), remedy)
