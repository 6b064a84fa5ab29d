"""What the operating system tells of the files below a folder, through watchdog.

Imported only where a folder is watched: the window is on the screen before.
"""

import errno
import os
import sys
import threading
from collections.abc import Callable

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.images.formats import has_image_suffix
from imgmine_gui.core.project.scan import begins_like_image
from imgmine_gui.core.project.walk import PROJECT_SUFFIX, is_passed_over

_WRITTEN: tuple[type[FileSystemEvent], ...] = (
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
)
_PLACED: tuple[type[FileSystemEvent], ...] = (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileDeletedEvent,
    FileMovedEvent,
)
_LIMITS = {errno.ENOSPC, errno.EMFILE, errno.ENFILE}


class WatchLimitError(Exception):
    """The operating system watches no more folders for this person."""


class FolderEvents:
    """Listens to what happens below a folder, until ``stop``.

    Files and folders that a scan passes over are not listened to, and neither are projects: what ImgMine itself writes
    is never taken for a change. Links to folders are not followed.

    Args:
        folder: absolute.
        on_change: called, in another thread, whenever images may have come, changed, moved or gone.
        ending: once it is set, a beginning that still goes on is given up.

    Raises:
        WatchLimitError: the operating system watches no more folders.
        OSError: it cannot watch this one.
        Cancelled: ``ending`` was set.
    """

    def __init__(self, folder: str, on_change: Callable[[], None], ending: threading.Event) -> None:
        self._observer = _observer(folder, ending)
        try:
            handler = _Handler(folder, on_change)
            self._observer.schedule(handler, folder, recursive=True, event_filter=[*_WRITTEN, *_PLACED])
            self._observer.start()
        except BaseException:
            self.stop()
            raise
        if isinstance(self._observer, _LinuxObserver):
            self._observer.folders.has_begun = True

    @property
    def is_whole(self) -> bool:
        """Whether everything below the folder is listened to; false where new folders were too many."""
        return not (isinstance(self._observer, _LinuxObserver) and self._observer.folders.is_full)

    @property
    def is_alive(self) -> bool:
        """Whether the threads that listen are there; they end where the folder is deleted."""
        return self._observer.is_alive() and all(emitter.is_alive() for emitter in self._observer.emitters)

    def stop(self) -> None:
        """End all threads."""
        self._observer.stop()
        if self._observer.ident is not None:
            self._observer.join()


class _Handler(FileSystemEventHandler):
    """Tells apart what concerns images."""

    def __init__(self, folder: str, on_change: Callable[[], None]) -> None:
        self._root = os.fsencode(folder)
        self._on_change = on_change

    def on_any_event(self, event: FileSystemEvent) -> None:
        """In the thread of the observer."""
        paths = [os.fsencode(path) for path in (event.src_path, event.dest_path) if path]
        wanted = [path for path in paths if not is_left_out(path, self._root)]
        if wanted and (not isinstance(event, _WRITTEN) or _may_be_image(wanted[0])):
            self._on_change()


def is_left_out(path: bytes, root: bytes) -> bool:
    """Whether a scan of ``root`` would not look at ``path``, which lies in it: hidden, left behind, or in a project."""
    parts = path[len(root) :].split(os.fsencode(os.sep))
    return any(part and (is_passed_over(part) or part.lower().endswith(PROJECT_SUFFIX)) for part in parts)


def _may_be_image(path: bytes) -> bool:
    """Whether a scan would take the file for an image; another program's log beside them causes no scans."""
    return has_image_suffix(path) or begins_like_image(os.fsdecode(path))


if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyEmitter
    from watchdog.observers.inotify_c import CallbackId, InotifyFD, Mask, WatchCallback, WatchDescriptor

    class _LinuxFolders(InotifyFD):
        """The folders that the kernel watches, each by itself.

        watchdog goes on in silence where the kernel takes no more of them, and changes in the rest would never be heard
        of; so it is asked here what became of each.
        """

        def __init__(self, root: bytes, ending: threading.Event) -> None:
            super().__init__()
            self._root = root
            self._ending = ending
            self.has_begun = False
            self.is_full = False

        def add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
            """Watch one folder more.

            Raises:
                OSError: it is left out, or cannot be watched; passed over by whoever calls, except for the root.
            """
            if self._ending.is_set() and not self.has_begun:
                raise Cancelled
            if is_left_out(path, self._root):
                raise OSError(errno.ENOENT, "left out", path)
            if not os.access(path, os.R_OK):  # the library would take this for success
                raise OSError(errno.EACCES, os.strerror(errno.EACCES), path)
            try:
                return super().add_callback(path, mask, callback, id_)
            except OSError as error:
                if error.errno in _LIMITS:
                    self.is_full = True
                    if not self.has_begun:
                        raise WatchLimitError from error
                raise

    class _LinuxObserver(BaseObserver):
        """The observer of the library, with folders that tell when they are too many."""

        def __init__(self, folders: _LinuxFolders) -> None:
            super().__init__(InotifyEmitter, inotify_fd=folders)
            self.folders = folders
            folders.start()

        def on_thread_stop(self) -> None:
            """The observer is asked to end."""
            super().on_thread_stop()
            self.folders.stop()
            self.folders.join()

    def _observer(folder: str, ending: threading.Event) -> BaseObserver:
        try:
            return _LinuxObserver(_LinuxFolders(os.fsencode(folder), ending))
        except OSError as error:
            if error.errno in _LIMITS:
                raise WatchLimitError from error
            raise

else:
    from watchdog.observers import Observer

    class _LinuxObserver(BaseObserver):
        """There is none here."""

    def _observer(_folder: str, _ending: threading.Event) -> BaseObserver:
        return Observer()
