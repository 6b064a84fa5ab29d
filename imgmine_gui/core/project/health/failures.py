"""Images that turned out to be undecodable when they were shown: a scan reads headers only."""

import os
from collections.abc import Iterable

from imgmine_gui.core.images.hashing import content_key
from imgmine_gui.core.images.problems import Failure, ImageError
from imgmine_gui.core.project.health.health import Health
from imgmine_gui.core.project.health.measuring import LASTING, ImagesMeasured, Undecodable
from imgmine_gui.core.project.records import refused_for


def write_failures(health: Health, failures: Iterable[Failure]) -> int:
    """Give the images that could not be decoded their reason; it stays with them until their file is another.

    Reads the files once more, so it is to be called beside the window. What failed because of the drive or of rights,
    and files that were changed since the scan, are left out.

    Returns:
        How many images got a reason.

    Raises:
        UserError: the catalogue cannot be written.
        Cancelled: the catalogue was closed.
    """
    found = tuple(one for one in map(_undecodable, failures) if one is not None)
    changed = health.write(ImagesMeasured(undecodable=found)) if found else 0
    if changed:
        health.divide()
    return changed


def _undecodable(failure: Failure) -> Undecodable | None:
    error = failure.error
    if error.problem not in LASTING:
        return None
    try:
        if content_key(failure.path) != failure.key:
            return None
    except ImageError:
        return None
    return Undecodable(failure.key, error.problem.value, refused_for(os.fsencode(failure.path), error).explanation)
