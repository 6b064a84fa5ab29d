"""The feature pass: every image is decoded and goes through the frozen backbone once."""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.efficientnet_lite import REDUCTION, TOP_WIDTH, Variant, fingerprint
from imgmine_gui.core.data.batches import batches
from imgmine_gui.core.data.pixel_store import PixelStore
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.events import ImageSkipped, PhaseStarted, Progress, Warned
from imgmine_gui.core.features.cache import FeatureCache, Rows
from imgmine_gui.core.features.engines import FeatureEngine, open_engine
from imgmine_gui.core.features.space import MAP, POOLED, Space, pixels_of, record_name
from imgmine_gui.core.features.views import Views
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.text import N_

BATCH = 32
"""Images that go through the backbone together."""
KEPT_SECONDS = 1.0
"""What a killed process loses at most."""

Positions = npt.NDArray[np.intp]
Half = npt.NDArray[np.float16]


@dataclass(frozen=True)
class FeatureRequest:
    """What is wanted of every image.

    Attributes:
        variant: the backbone.
        preprocessing: how its pixels are made.
        maps: whether the maps, (h, w, 1280), are wanted, or only their mean, (1280,).
        views: changed copies.
    """

    variant: Variant = Variant.LITE0
    preprocessing: Preprocessing = field(default_factory=Preprocessing)
    maps: bool = False
    views: Views = field(default_factory=Views)

    def space(self) -> Space:
        """Where the features are kept.

        Raises:
            UserError: the backbone's weights are not on this computer.
        """
        rows, columns = (-(-side // REDUCTION) for side in (self.preprocessing.height, self.preprocessing.width))
        shape = (rows, columns, TOP_WIDTH) if self.maps else (TOP_WIDTH,)
        kind = MAP if self.maps else POOLED
        return Space(fingerprint(self.variant), kind, pixels_of(self.preprocessing), shape)

    def open_engine(self) -> FeatureEngine:
        """The fastest engine that works here."""
        size = (self.preprocessing.height, self.preprocessing.width)
        return open_engine(self.variant, size, self.preprocessing.channels, self.maps)


@dataclass(frozen=True)
class FeatureBatch:
    """Features of some images.

    Attributes:
        images: (n,) positions in the items.
        views: (n,) which view each row is of; 0 is the image itself.
        values: float16 (n, ...).
        computed: whether they were computed now; otherwise they were in the cache.
    """

    images: Positions
    views: Positions
    values: Half
    computed: bool


@dataclass(frozen=True)
class FeatureTable:
    """The features of all images that could be read.

    Attributes:
        images: (n,) positions in the items, ascending within a view.
        views: (n,) which view each row is of; 0 is the image itself.
        values: float16 (n, ...).
        computed, cached: rows that went through the backbone now, and rows that were there.
        engine: what computed them, "openvino bf16"; empty where nothing was computed.
        seconds: of the whole pass.
        processor_seconds: of all threads.
    """

    images: Positions
    views: Positions
    values: Half
    computed: int
    cached: int
    engine: str
    seconds: float
    processor_seconds: float


def compute_features(
    items: Sequence[DataItem], request: FeatureRequest, cache: FeatureCache | None, context: JobContext
) -> FeatureTable:
    """The features of all ``items``, from the cache as far as they are there.

    Raises:
        UserError: the backbone's weights are not on this computer, or the disk is full.
        Cancelled: the person cancelled or stopped; what was computed is kept.
    """
    began, spent = time.perf_counter(), time.process_time()
    work = FeaturePass(items, request, cache, context)
    found = list(work.batches())
    shape = request.space().shape
    images = np.concatenate([np.zeros(0, np.intp), *(batch.images for batch in found)])
    views = np.concatenate([np.zeros(0, np.intp), *(batch.views for batch in found)])
    order = np.lexsort((images, views))
    values = np.concatenate([np.zeros((0, *shape), np.float16), *(batch.values for batch in found)])
    computed = sum(len(batch.images) for batch in found if batch.computed)
    return FeatureTable(
        images[order], views[order], values[order], computed, len(images) - computed, work.engine,
        time.perf_counter() - began, time.process_time() - spent,
    )  # fmt: skip


class FeaturePass:
    """One pass over ``items``.

    Attributes:
        engine: what computes, "openvino bf16"; empty until something was computed.
    """

    def __init__(
        self, items: Sequence[DataItem], request: FeatureRequest, cache: FeatureCache | None, context: JobContext
    ) -> None:
        self.engine = ""
        self._items, self._request, self._cache, self._context = items, request, cache, context
        self._space = request.space()
        views = request.views.names()
        self._views = len(views)
        self._names = [record_name(item.key, view) for item in items for view in views]
        self._pending: list[tuple[list[bytes], Half]] = []
        self._kept_at = time.monotonic()
        self._full = False

    def batches(self) -> Generator[FeatureBatch, None, None]:
        """Features as they come: first those in the cache, then those that are computed, and kept, on the way.

        Raises:
            UserError, Cancelled: as ``compute_features``.
        """
        missing = np.ones(len(self._names), np.bool_)
        if self._cache is not None:
            rows = self._cache.rows(self._space, self._names)
            missing = ~rows.found
            yield from self._cached(rows)
        wanted = np.flatnonzero(missing.reshape(-1, self._views).any(axis=1))
        if len(wanted):
            try:
                yield from self._computed(wanted, missing)
            finally:
                self._keep()

    def _cached(self, rows: Rows) -> Iterator[FeatureBatch]:
        found = np.flatnonzero(rows.found)
        for start in range(0, len(found), 1024):
            part = found[start : start + 1024]
            yield FeatureBatch(part // self._views, part % self._views, rows.take(part), computed=False)

    def _computed(self, wanted: Positions, missing: npt.NDArray[np.bool_]) -> Iterator[FeatureBatch]:
        """Decode in threads, ahead of the backbone; equal contents go through it once."""
        leaders, twins = self._first_of_each(wanted)
        self._context.report(PhaseStarted(N_("Computing features"), len(leaders)))
        compute = self._request.open_engine()
        self.engine = f"{compute.name} {compute.precision}"
        images_a_batch = max(1, BATCH // self._views)
        done = 0
        with PixelStore(self._items, self._request.preprocessing, None, self._skip) as store:
            stream = batches(store, leaders, images_a_batch)
            try:
                for batch in stream:
                    check_cancelled(self._context)
                    rows = (batch.indices[:, np.newaxis] * self._views + np.arange(self._views)).ravel()
                    values = self._through(compute, self._with_views(batch.inputs[0], batch.indices))
                    self._pending.append(([self._names[row] for row in rows], values))
                    if time.monotonic() - self._kept_at > KEPT_SECONDS:
                        self._keep()
                    done = min(len(leaders), (batch.step + 1) * images_a_batch)
                    self._context.report(Progress(done, len(leaders)))
                    yield from self._told(batch.indices, twins, values, missing)
            finally:
                stream.close()

    def _first_of_each(self, wanted: Positions) -> tuple[Positions, dict[int, list[int]]]:
        """The first image of each content, and all images of the contents that occur several times, by their first."""
        first: dict[bytes, int] = {}
        twins: dict[int, list[int]] = {}
        for image in wanted.tolist():
            leader = first.setdefault(self._names[image * self._views], image)
            if leader != image:
                twins.setdefault(leader, []).append(image)
        return np.array(list(first.values()), np.intp), twins

    def _with_views(self, pixels: npt.NDArray[np.uint8], images: Positions) -> npt.NDArray[np.uint8]:
        """Each image with its changed copies behind it."""
        if self._views == 1:
            return pixels
        pairs = zip(pixels, images.tolist(), strict=True)
        draw = self._request.views.draw
        return np.stack([view for one, image in pairs for view in (one, *draw(self._items[image].key, one))])

    def _through(self, compute: FeatureEngine, pixels: npt.NDArray[np.uint8]) -> Half:
        parts = []
        for start in range(0, len(pixels), BATCH):
            pooled, maps = compute(pixels[start : start + BATCH])
            parts.append((pooled if maps is None else maps).astype(np.float16))
        return np.concatenate(parts)

    def _told(
        self, images: Positions, twins: dict[int, list[int]], values: Half, missing: npt.NDArray[np.bool_]
    ) -> Iterator[FeatureBatch]:
        """The rows that were missing, for an image and all that have its content."""
        numbers: list[int] = []
        sources: list[int] = []
        for place, image in enumerate(images.tolist()):
            for twin in (image, *twins.get(image, ())):
                for view in range(self._views):
                    if missing[twin * self._views + view]:
                        numbers.append(twin * self._views + view)
                        sources.append(place * self._views + view)
        rows = np.array(numbers, np.intp)
        yield FeatureBatch(rows // self._views, rows % self._views, values[sources], computed=True)

    def _keep(self) -> None:
        """Bring what was computed to the disk; where the limit leaves no room, say so once and go on without."""
        self._kept_at = time.monotonic()
        pending, self._pending = self._pending, []
        if self._cache is None or self._full or not pending:
            return
        names = [name for part, _ in pending for name in part]
        values: npt.NDArray[Any] = np.concatenate([part for _, part in pending])
        if self._cache.put(self._space, names, values) < len(names):
            self._full = True
            limit = f"{self._cache.limit / 1e9:g}"
            self._context.report(
                Warned(
                    N_("The cache of features has reached its limit of {limit} GB; the others are not kept."),
                    {"limit": limit},
                )
            )

    def _skip(self, path: str, reason: str) -> None:
        self._context.report(ImageSkipped(path, reason))
