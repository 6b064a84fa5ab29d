"""Models ready to use: loaded once, kept while their file stays as it is."""

import os
from collections import OrderedDict
from pathlib import Path

from imgmine_gui.core.storage.bundle import load_bundle
from imgmine_gui.core.storage.run_folder import find_model
from imgmine_gui.core.tasks.network import Network

KEPT = 2
"""Loaded models at a time; looking at two runs in turn is common, at more it is not."""

_loaded: OrderedDict[tuple[str, int, int], Network] = OrderedDict()


def load_network(model: str | os.PathLike[str]) -> Network:
    """The network of a run folder or bundle; the same object as before while the file is unchanged.

    Raises:
        UserError: see ``load_bundle`` and ``find_model``.
    """
    path = find_model(model)
    key = _key(path)
    if key not in _loaded:
        _loaded[key] = load_bundle(path)[0]
        while len(_loaded) > KEPT:
            _loaded.popitem(last=False)
    _loaded.move_to_end(key)
    return _loaded[key]


def _key(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0  # load_bundle says what is wrong with it
    return str(path.absolute()), status.st_mtime_ns, status.st_size
