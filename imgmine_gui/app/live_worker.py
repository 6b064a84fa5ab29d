"""The thread behind live training: reads the labels, has an engine train the head, and tells what it says now."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.jobs import Wish
from imgmine_gui.core.project.predicted import Predictions
from imgmine_gui.engine.client import Engine

if TYPE_CHECKING:
    from imgmine_gui.core.features.live import LiveAnswer, LiveRequest
    from imgmine_gui.core.project.catalogue import Catalogue
    from imgmine_gui.core.project.live_images import LiveImages

TRAIN = "imgmine_gui.core.features.live:train_live"
MOST = 20_000
"""Images that are covered, beside those that are looked at: their features take 51 MB, their predictions 0.1 s."""
NICENESS = 2
"""Behind the window, before a training: somebody waits for it."""
IDLE_SECONDS = 300.0
"""After so long without a change the engine gives its memory back."""


@dataclass(frozen=True, eq=False)
class LiveSaid:
    """What the head says, and of what.

    Attributes:
        predictions: of all images with features; nothing where fewer than two classes could be learned.
        class_ids: of the predictions' classes.
        classes: how many classes it has learned.
        learned: how many images it has learned from.
        judged, right: how many validation images with a label it was judged by, and how many it was right about.
        covered: how many of the images have features.
        chosen: how many were chosen to have them.
        total: how many images there are.
        missing: ids of the chosen ones without features whose sources are there, the most wanted first.
        seconds: from the reading of the labels to the predictions.
        time: when it was trained, in seconds since 1970.
    """

    predictions: Predictions = field(default_factory=Predictions)
    class_ids: tuple[int, ...] = ()
    classes: int = 0
    learned: int = 0
    judged: int = 0
    right: int = 0
    covered: int = 0
    chosen: int = 0
    total: int = 0
    missing: tuple[int, ...] = ()
    seconds: float = 0.0
    time: float = field(default_factory=time.time)


Tell = Callable[["LiveWorker", "LiveSaid | BaseException"], None]


class LiveWorker:
    """One engine and one thread for one project; of several wishes the newest is fulfilled.

    Args:
        catalogue: of the project.
        caches: folders for features; the first that can be written is taken.
        log: gets what the engine prints.
        tell: is called in the thread with what the head says, or with what went wrong.
    """

    def __init__(self, catalogue: "Catalogue", caches: tuple[Path, ...], log: Path | None, tell: Tell) -> None:
        self._catalogue, self._caches, self._tell = catalogue, caches, tell
        self._engine = Engine(log, NICENESS)
        self._changed = threading.Condition()
        self._wanted = self._closing = self._anew = False
        self._looked_at: Sequence[int] = ()
        self._last: LiveImages | None = None
        self._thread = threading.Thread(target=self._work, name="live-training", daemon=True)
        self._thread.start()

    @property
    def engine_pid(self) -> int | None:
        """The number of the engine's process; None where there is none."""
        return self._engine.pid if self._engine.alive else None

    def want(self, looked_at: Sequence[int], anew: bool = False) -> None:
        """Train soon, unless all is as it was.

        Args:
            looked_at: ids of images that are covered in any case.
            anew: also where labels and images are the same: there are more features.
        """
        with self._changed:
            self._wanted, self._looked_at = True, looked_at
            self._anew |= anew
            self._changed.notify()

    def close(self) -> None:
        """End the engine and the thread; nothing is told any more."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._engine.close()
        self._thread.join(2.0)

    def _work(self) -> None:
        """In this thread alone the engine is started, since the child dies with the thread that started it."""
        while not self._closing:
            with self._changed:
                patience = IDLE_SECONDS if self._engine.alive else None
                self._changed.wait_for(lambda: self._wanted or self._closing, patience)
                wanted, self._wanted = self._wanted, False
                looked_at, anew, self._anew = self._looked_at, self._anew, False
            if self._closing:
                break
            if not wanted:
                self._engine.close()
                continue
            try:
                said = self._train(looked_at, anew)
            except Cancelled:
                continue  # the project was closed
            except Exception as error:
                self._tell(self, error)
            else:
                if said is not None and not self._closing:
                    self._tell(self, said)
        self._engine.kill()

    def _train(self, looked_at: Sequence[int], anew: bool) -> LiveSaid | None:
        from imgmine_gui.core.project.live_images import read_live_images

        began = time.perf_counter()
        images = read_live_images(self._catalogue, looked_at, MOST)
        if images == self._last and not anew:
            return None
        request = _request(images, self._caches)
        answer = self._engine.run(TRAIN, (request,), wish=lambda: Wish.CANCEL if self._closing else Wish.GO_ON)
        self._last = images
        return _said(images, answer, time.perf_counter() - began)


def _request(images: "LiveImages", caches: tuple[Path, ...]) -> "LiveRequest":
    """Learned is from training images and from those that are not divided yet; the test stays out of it."""
    import numpy as np

    from imgmine_gui.core.features.live import JUDGED, LEARNED, OTHER, UNKNOWN, LiveRequest

    places: dict[int | None, int] = {number: place for place, (number, _) in enumerate(images.classes)}
    uses = {"train": LEARNED, None: LEARNED, "validation": JUDGED}
    return LiveRequest(
        caches,
        images.keys,
        np.array([places.get(number, UNKNOWN) for number in images.class_ids], np.int32),
        np.array([uses.get(split, OTHER) for split in images.splits], np.int8),
        tuple(number for number, _ in images.classes),
    )


def _said(images: "LiveImages", answer: "LiveAnswer", seconds: float) -> LiveSaid:
    known = answer.known.tolist()
    pairs = zip(images.ids, known, images.offline, strict=True)
    missing = tuple(number for number, has, offline in pairs if not has and not offline)
    predictions = Predictions()
    if answer.classes > 1:
        rows = zip(images.keys, known, answer.predicted.tolist(), answer.confidence.tolist(), strict=True)
        found = {key: (place, sure) for key, has, place, sure in rows if has}
        names = tuple(name for _, name in images.classes)
        predictions = Predictions(
            names, list(found), [place for place, _ in found.values()], [sure for _, sure in found.values()]
        )
    return LiveSaid(
        predictions,
        tuple(number for number, _ in images.classes),
        answer.classes,
        answer.learned,
        answer.judged,
        answer.right,
        sum(known),
        len(known),
        images.total,
        missing,
        seconds,
    )
