"""Kept features in the place of pixels: what the head of a network learns from, an epoch as fast as it can be read."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.batches import epoch_order
from imgmine_gui.core.features.cache import FeatureCache, Rows
from imgmine_gui.core.features.compute import FeaturePass, FeatureRequest
from imgmine_gui.core.features.space import record_name
from imgmine_gui.core.features.views import Views
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.data_items import DataItem

Positions = npt.NDArray[np.intp]


class FeatureSource:
    """The features of images by index, read from the cache when they are asked for.

    Attributes:
        skipped: how many images could not be read.
    """

    def __init__(self, rows: Rows, places: npt.NDArray[np.int64], views: npt.NDArray[np.intp]) -> None:
        self._rows, self._places, self._views = rows, places, views
        self._view = np.zeros(len(places), np.intp)
        asked = np.flatnonzero(places >= 0)
        self._there = np.zeros(len(places), np.bool_)
        self._there[asked] = rows.found[places[asked]]
        self.skipped = int(len(asked) - self._there.sum())

    def begin_epoch(self, seed: int, epoch: int) -> None:
        """Choose whether an image or which of its changed copies is read; seed and epoch alone decide.

        The image and its copies take turns, each image beginning at another place.
        """
        self._view = (epoch_order(len(self._places), seed, 0) + epoch) % self._views

    def read(self, indices: Positions) -> tuple[npt.NDArray[np.float16], Positions]:
        """The features of some images.

        Returns:
            float16 (n, *feature_shape), and the indices (n,) they belong to: those asked for, in their order, without
            the unreadable.
        """
        wanted = indices[self._there[indices]]
        views = self._view[wanted]
        rows = self._places[wanted] + views
        whole = self._rows.found[rows]
        rows = np.where(whole, rows, rows - views)  # a copy that is damaged: the image itself
        return self._rows.take(rows), wanted


def open_features(
    items: Sequence[DataItem], training: Positions, validation: Positions, request: FeatureRequest,
    cache: FeatureCache, context: JobContext,
) -> FeatureSource | None:  # fmt: skip
    """Compute what is missing of the features of a training, and open all of them.

    Args:
        items: the images; ``training`` and ``validation`` are positions among them.
        request: what is wanted of them; changed copies are made of the training images alone.
        cache: takes what is computed.

    Returns:
        The features; None where the cache has no room for them.

    Raises:
        UserError: the backbone's weights are not on this computer, or the disk is full.
        Cancelled: the person cancelled or stopped; what was computed is kept.
    """
    space, views = request.space(), request.views.names()
    each = np.ones(len(items), np.intp)
    each[training] = len(views)
    chosen = np.concatenate([training, validation])
    if int(each[chosen].sum()) * space.record.itemsize > cache.limit:
        return None
    names = [record_name(items[image].key, view) for image in chosen for view in views[: each[image]]]
    places = np.full(len(items), -1, np.int64)
    places[chosen] = np.cumsum(each[chosen]) - each[chosen]
    rows = cache.rows(space, names)
    if not rows.found.all():
        for wanted, part in _parts(request, training, validation):
            missing = [items[image] for image in part if not rows.found[places[image] :][: each[image]].all()]
            for _ in FeaturePass(missing, wanted, cache, context).batches():
                check_cancelled(context)
        rows = cache.rows(space, names)
    return FeatureSource(rows, places, each)


def _parts(
    request: FeatureRequest, training: Positions, validation: Positions
) -> list[tuple[FeatureRequest, Positions]]:
    """What is asked of which images; all of them go through at once where nobody wants copies."""
    if not request.views.copies:
        return [(request, np.concatenate([training, validation]))]
    return [(request, training), (dataclasses.replace(request, views=Views()), validation)]
