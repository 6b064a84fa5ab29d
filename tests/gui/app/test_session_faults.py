"""What goes wrong around a session: full disks, odd files, too few images, and wishes at the worst moments."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.app.runs import Runs
from imgmine_gui.app.session import Session, SourceScanned
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import BatchEnded, EpochEnded, Event, PhaseStarted
from imgmine_gui.core.project.catalogue import ImageQuery
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.storage.run_folder import RunFolder, RunState
from imgmine_gui.core.training.config import TrainConfig, configure
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader, Wanted
from tests.gui.app.job_recorder import Recorder
from tests.gui.app.small_images import write_images
from tests.gui.app.test_session_training import ENDLESS, LATE, open_garden, result, small, wait_for
from tests.small_drive import fill, mounted
from tests.timing import LENIENCY

SIDE = 128
SECONDS = 2.0 * LENIENCY
"""In which a wish is fulfilled."""


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    """A drive of four megabytes."""
    with mounted(tmp_path / "drive", "4m") as folder:
        yield folder


def kept(run: Path) -> dict[str, bytes]:
    """The files by which a run goes on and predicts."""
    found = [*run.glob("checkpoint-*"), *run.glob("model.imgmodel")]
    return {path.name: path.read_bytes() for path in found}


def test_a_training_on_a_full_drive_fails_in_words_and_is_resumed(
    session: Session, qtbot: QtBot, drive: Path, tmp_path: Path
) -> None:
    session.new_project(drive / "garden")
    result(qtbot, session.add_source(write_images(tmp_path / "flowers")))
    told: list[Any] = []
    session.notifier.message.connect(told.append)
    job = session.train(small(epochs=ENDLESS))
    recorder = Recorder(job)
    wait_for(qtbot, recorder, EpochEnded, 2)

    def is_over() -> bool:
        fill(drive)  # again and again: replacing a file frees the room of the old one
        return job.is_over

    qtbot.waitUntil(is_over, timeout=LATE)
    assert isinstance(recorder.outcome, UserError)
    assert "disk is full" in recorder.outcome.message
    assert recorder.outcome.remedy
    assert [message.text for message in told] == [recorder.outcome.message]
    (failed,) = session.runs()
    assert failed.state in (RunState.FAILED, RunState.INTERRUPTED)  # by which the window offers to resume it
    assert len(kept(Path(failed.path))) >= 2
    assert session.totals().images == 24
    session.new_project(tmp_path / "another")
    (drive / "filler").unlink()
    session.open_project(drive / "garden.imgmine")
    (failed,) = session.runs()
    recorder = Recorder(session.resume(failed.path))
    wait_for(qtbot, recorder, EpochEnded, failed.epochs_done + 1)  # the checkpoint is older than the last epoch
    assert next(event for event in recorder.events if isinstance(event, EpochEnded)).epoch >= 1  # it did go on
    recorder.job.stop()
    qtbot.waitUntil(lambda: recorder.job.is_over, timeout=LATE)
    assert recorder.ending == ["succeeded", "finished"], recorder.outcome
    assert session.runs()[0].epochs_done > failed.epochs_done


def test_a_run_that_found_no_room_is_made_again(drive: Path) -> None:
    (drive / "runs" / "0001-attention").mkdir(parents=True)
    (drive / "runs" / "0001-attention" / "items.json").write_text("[]")  # a process was killed in between
    runs = Runs(drive / "runs")
    fill(drive)
    with pytest.raises(UserError, match="disk is full"):
        runs.create(small(), DataItems((), ("a", "b")), None)
    (drive / "filler").unlink()
    assert runs.infos() == []
    run = runs.create(small(), DataItems((), ("a", "b")), None)
    assert [info.path for info in runs.infos()] == [str(run.path)]


def test_every_odd_image_is_a_thumbnail_or_a_reason(
    session: Session, qtbot: QtBot, tmp_path: Path, shared_data: Path
) -> None:
    session.new_project(tmp_path / "odd")
    scanned = result(qtbot, session.add_source(shared_data / "odd_images"))
    assert isinstance(scanned, SourceScanned)
    files = sum(path.is_symlink() or not path.is_dir() for path in (shared_data / "odd_images").rglob("*"))
    assert session.project
    rows = session.project.catalogue.page(ImageQuery(), None, 10_000)
    pages = sum("#page=" in row.path for row in rows)  # each page after the first of a file is an image of its own
    assert pages
    assert scanned.images + scanned.unreadable + scanned.not_images == files + pages
    assert len(rows) == scanned.images + scanned.unreadable > 600
    assert all(row.reason for row in rows if row.problem)
    assert all(row.width and row.height for row in rows if not row.problem)
    loader = ThumbnailLoader(session.project.cache_folder / "thumbnails")
    try:
        wanted = [Wanted(row.path, row.key, SIDE) for row in rows]
        loader.want(wanted)

        def answered(one: Wanted) -> bool:
            return bool(loader.pixmap(one.path, one.key, SIDE) or loader.problem(one.path, one.key))

        qtbot.waitUntil(lambda: all(map(answered, wanted)), timeout=60_000)
        for row in rows:
            pixmap = loader.pixmap(row.path, row.key, SIDE)
            if pixmap is None:
                assert loader.problem(row.path, row.key)
            else:
                assert 1 <= max(pixmap.width(), pixmap.height()) <= SIDE
            assert pixmap is None or not row.problem  # the scan reads headers alone, and may hope for more
    finally:
        loader.close()


def one_image(folder: Path) -> None:
    write_images(folder, count=1, classes=("rose",))


def one_image_without_a_class(folder: Path) -> None:
    write_images(folder, count=1, classes=(".",))


def one_image_a_class(folder: Path) -> None:
    write_images(folder, count=1)


def no_readable_image(folder: Path) -> None:
    for path in write_images(folder).rglob("*.png"):
        path.write_bytes(path.read_bytes()[:40])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (one_image, "only one class"),
        (one_image_without_a_class, "No image has a class"),
        (one_image_a_class, "too few training images"),
        (no_readable_image, "no image that could be read"),
    ],
)
def test_too_little_to_train_on_is_refused(
    session: Session, qtbot: QtBot, tmp_path: Path, make: Any, words: str
) -> None:
    make(tmp_path / "images")
    session.new_project(tmp_path / "few")
    result(qtbot, session.add_source(tmp_path / "images"))
    for start in (session.train, session.estimate):
        with pytest.raises(UserError, match=words) as caught:
            start(small())
        assert caught.value.remedy
    assert session.runs() == []
    assert session.training_job is None


def large(**settings: Any) -> TrainConfig:
    """A network whose compilation takes seconds, and whose validation does too."""
    values = {
        "width": 96, "height": 96, "widths": ",".join(["48"] * 12), "poolings": 0, "dense": 8, "batch_size": 4,
        "batch_normalisation": True, "epochs": ENDLESS, "rotation": 10, "flip_horizontal": True, "brightness": 0.1,
        "contrast": 0.1, "heads": 4, "early_stopping": 0, **settings,
    }  # fmt: skip
    return configure("classification", "attention", values.items())


@pytest.mark.parametrize("wish", ["stop", "cancel"])
def test_stop_and_cancel_while_the_network_is_compiled(
    session: Session, qtbot: QtBot, tmp_path: Path, wish: str
) -> None:
    open_garden(session, qtbot, tmp_path)
    job = session.train(large())
    recorder = Recorder(job)
    wait_until_phase(qtbot, recorder, "Training")
    assert seconds_until_over(qtbot, recorder, wish) < SECONDS
    if wish == "cancel" or not of(recorder, BatchEnded):  # else it compiled sooner than the wish arrived, and kept
        assert recorder.ending == ["cancelled", "finished"]
        assert session.runs() == []


@pytest.mark.parametrize("wish", ["stop", "cancel"])
def test_stop_and_cancel_while_it_validates(session: Session, qtbot: QtBot, tmp_path: Path, wish: str) -> None:
    write_images(tmp_path / "flowers" / "train", count=2)
    write_images(tmp_path / "flowers" / "validation", count=60)
    session.new_project(tmp_path / "garden")
    result(qtbot, session.add_source(tmp_path / "flowers"))
    job = session.train(large(widths="48,48,48"))
    recorder = Recorder(job)
    wait_until_phase(qtbot, recorder, "Validating")
    assert seconds_until_over(qtbot, recorder, wish) < SECONDS
    assert not of(recorder, EpochEnded)  # it was the validation that ended
    if wish == "cancel":
        assert session.runs() == []
        return
    assert recorder.ending == ["succeeded", "finished"], recorder.outcome
    (info,) = session.runs()
    assert info.state is RunState.STOPPED
    assert RunFolder.open(Path(info.path)).model_path.is_file()


def wait_until_phase(qtbot: QtBot, recorder: Recorder, phase: str) -> None:
    def seen() -> bool:
        assert not recorder.ending, recorder.outcome
        return any(event.phase == phase for event in of(recorder, PhaseStarted))

    qtbot.waitUntil(seen, timeout=LATE)


def of(recorder: Recorder, kind: type[Event]) -> list[Any]:
    return [event for event in recorder.events if isinstance(event, kind)]


def seconds_until_over(qtbot: QtBot, recorder: Recorder, wish: str) -> float:
    began = time.monotonic()
    getattr(recorder.job, wish)()
    qtbot.waitUntil(lambda: recorder.job.is_over, timeout=LATE)
    seconds = time.monotonic() - began
    print(f"{wish}: {seconds:.2f} s")
    return seconds
