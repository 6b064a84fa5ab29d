"""Training, runs, predictions and heatmaps through the session, with the real engine."""

import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import BatchEnded, EpochEnded, Event, PhaseStarted
from imgmine_gui.core.explain.explain_file import FileHeatmap
from imgmine_gui.core.explain.faithfulness import MeanFaithfulness
from imgmine_gui.core.inference.table import Predicted, PredictionTable
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.run_folder import RunFolder, RunInfo, RunState
from imgmine_gui.core.training.config import TrainConfig, configure
from imgmine_gui.core.training.results import Estimate
from imgmine_gui.engine.errors import EngineDied
from tests.gui.app.job_recorder import Recorder
from tests.gui.app.small_images import write_images
from tests.timing import LENIENCY

LATE = 120_000
ENDLESS = 5_000


def small(epochs: int = 2, **settings: Any) -> TrainConfig:
    """A network that learns the small images in a second."""
    values = {
        "width": 32, "height": 32, "widths": "4,8", "poolings": 2, "dense": 8, "batch_size": 4, "learning_rate": 0.01,
        "schedule": "constant", "early_stopping": 0, "epochs": epochs, **settings,
    }  # fmt: skip
    return configure("classification", "attention", values.items())


def finish(qtbot: QtBot, job: Job) -> Recorder:
    recorder = Recorder(job)
    qtbot.waitUntil(lambda: job.is_over, timeout=LATE)
    return recorder


def result(qtbot: QtBot, job: Job) -> Any:
    recorder = finish(qtbot, job)
    assert recorder.ending == ["succeeded", "finished"], recorder.outcome
    return recorder.outcome


def wait_for(qtbot: QtBot, recorder: Recorder, kind: type[Event], count: int = 1) -> None:
    def seen() -> bool:
        assert not recorder.ending, recorder.outcome
        return sum(isinstance(event, kind) for event in recorder.events) >= count

    qtbot.waitUntil(seen, timeout=LATE)


def open_garden(session: Session, qtbot: QtBot, tmp_path: Path) -> Path:
    """A project of two classes of 12 images."""
    session.new_project(tmp_path / "garden")
    images = write_images(tmp_path / "flowers")
    result(qtbot, session.add_source(images))
    return images


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the run that tests start from is trained once."""
    return tmp_path_factory.mktemp("nursery")


@pytest.fixture
def trained(session: Session, qtbot: QtBot, nursery: Path, tmp_path: Path) -> RunInfo:
    """The run of a project that was copied from one in which it was trained."""
    if not (nursery / "done").exists():
        open_garden(session, qtbot, nursery)
        result(qtbot, session.train(small(), "First"))
        session.close_project()
        (nursery / "done").touch()
    shutil.copytree(nursery / "garden.imgmine", tmp_path / "garden.imgmine")
    session.open_project(tmp_path / "garden.imgmine")
    (info,) = session.runs()
    return info


def engines() -> list[psutil.Process]:
    children = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
    return [one for one in children if "--multiprocessing-fork" in one.cmdline()]


def test_a_training_from_click_to_run(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    open_garden(session, qtbot, tmp_path)
    changes: list[RunState] = []
    session.runs_changed.connect(lambda: changes.extend(run.state for run in session.runs()))
    job = session.train(small(epochs=3))
    assert session.training_job is job
    assert job.kind == "train"
    with pytest.raises(UserError, match="runs already"):
        session.train(small())
    with pytest.raises(UserError, match="runs already"):
        session.estimate(small())
    recorder = Recorder(job)
    wait_for(qtbot, recorder, BatchEnded)
    assert session.training_run == session.runs()[0].path
    assert session.runs()[0].state is RunState.RUNNING
    with pytest.raises(UserError, match="being trained"):
        session.delete_run(session.training_run)
    session.rename_run(session.training_run, "Named meanwhile")
    qtbot.waitUntil(lambda: job.is_over, timeout=LATE)
    assert recorder.ending == ["succeeded", "finished"], recorder.outcome
    info = recorder.outcome
    assert isinstance(info, RunInfo)
    assert (info.state, info.epochs_done, info.name) == (RunState.FINISHED, 3, "Named meanwhile")
    assert (info.architecture, info.classes) == ("attention", ("dark", "light"))
    assert session.runs() == [info]
    assert session.training_job is None
    assert session.training_run is None
    epochs = [event for event in recorder.events if isinstance(event, EpochEnded)]
    steps = [(event.epoch, event.step) for event in recorder.events if isinstance(event, BatchEnded)]
    assert [event.epoch for event in epochs] == [0, 1, 2]
    assert steps == [(epoch, step) for epoch in range(3) for step in range(len(steps) // 3)]
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} <= set(epochs[0].metrics)
    assert [entry["epoch"] for entry in session.history(info.path)] == [0, 1, 2]
    assert PhaseStarted("Starting the engine") in recorder.events
    assert recorder.busiest_second <= 11
    assert job.progress == 1.0
    assert job.memory
    assert set(changes) == {RunState.RUNNING, RunState.FINISHED}
    qtbot.waitUntil(lambda: not engines(), timeout=LATE)


def test_stop_keeps_what_was_learned(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    open_garden(session, qtbot, tmp_path)
    job = session.train(small(epochs=ENDLESS))
    recorder = Recorder(job)
    wait_for(qtbot, recorder, EpochEnded, 2)
    began = time.monotonic()
    job.stop()
    qtbot.waitUntil(lambda: job.is_over, timeout=LATE)
    assert time.monotonic() - began < 2.0 * LENIENCY
    assert recorder.ending == ["succeeded", "finished"], recorder.outcome
    (info,) = session.runs()
    assert info.state is RunState.STOPPED
    assert info.epochs_done >= 2
    assert RunFolder.open(Path(info.path)).model_path.is_file()


@pytest.mark.parametrize("moment", [PhaseStarted, BatchEnded])
def test_cancel_discards_within_two_seconds(
    session: Session, qtbot: QtBot, tmp_path: Path, moment: type[Event]
) -> None:
    open_garden(session, qtbot, tmp_path)
    job = session.train(small(epochs=ENDLESS))
    recorder = Recorder(job)
    wait_for(qtbot, recorder, moment)
    began = time.monotonic()
    job.cancel()
    qtbot.waitUntil(lambda: job.is_over, timeout=LATE)
    assert time.monotonic() - began < 2.0 * LENIENCY
    assert recorder.ending == ["cancelled", "finished"]
    assert session.runs() == []
    assert list((tmp_path / "garden.imgmine" / "runs").iterdir()) == []


def test_a_stop_before_anything_was_learned_takes_effect_too(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    open_garden(session, qtbot, tmp_path)
    job = session.train(small(epochs=ENDLESS))
    recorder = Recorder(job)
    wait_for(qtbot, recorder, PhaseStarted, 2)
    assert job.phase == "Starting the engine"
    began = time.monotonic()
    job.stop()
    qtbot.waitUntil(lambda: job.is_over, timeout=LATE)
    assert time.monotonic() - began < 2.0 * LENIENCY
    assert recorder.ending == ["cancelled", "finished"]
    assert session.runs() == []


def test_a_killed_training_is_told_and_resumed_bit_for_bit(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    open_garden(session, qtbot, tmp_path)
    config = small(epochs=60, dropout=0.3, flip_horizontal=True)
    whole = result(qtbot, session.train(config, "Whole"))
    job = session.train(config, "Killed")
    recorder = Recorder(job)
    wait_for(qtbot, recorder, EpochEnded, 3)
    (child,) = engines()
    child.kill()
    qtbot.waitUntil(lambda: job.is_over, timeout=LATE)
    assert isinstance(recorder.outcome, EngineDied)
    assert "memory" in recorder.outcome.message
    killed = next(one for one in session.runs() if one.name == "Killed")
    assert killed.state is RunState.INTERRUPTED
    assert 3 <= killed.epochs_done < 60
    resumed = result(qtbot, session.resume(killed.path))
    assert (resumed.state, resumed.epochs_done) == (RunState.FINISHED, 60)
    last = [max(Path(one.path).glob("checkpoint-*.safetensors")) for one in (whole, resumed)]
    assert tensors(last[0]) == tensors(last[1])
    with pytest.raises(UserError, match="to its end"):
        session.resume(killed.path)


def tensors(checkpoint: Path) -> bytes:
    """The numbers of a checkpoint, without its header, which tells of seconds."""
    content = checkpoint.read_bytes()
    return content[8 + int.from_bytes(content[:8], "little") :]


def test_a_run_is_trained_further_and_a_cancelled_one_is_as_before(
    session: Session, qtbot: QtBot, trained: RunInfo
) -> None:
    def content() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(Path(trained.path).rglob("*")) if path.is_file()}

    before = content()
    job = session.train_further(trained.path, ENDLESS)
    recorder = Recorder(job)
    wait_for(qtbot, recorder, EpochEnded, 2)
    job.cancel()
    qtbot.waitUntil(lambda: job.is_over, timeout=LATE)
    assert recorder.ending == ["cancelled", "finished"]
    assert content() == before
    assert session.runs() == [trained]
    with pytest.raises(UserError, match="epochs"):
        session.train_further(trained.path, 10_000)
    further = result(qtbot, session.train_further(trained.path, 2))
    assert (further.epochs_done, further.epochs, further.state) == (4, 4, RunState.FINISHED)
    assert [entry["epoch"] for entry in session.history(trained.path)] == [0, 1, 2, 3]
    assert [path.name for path in Path(trained.path).parent.iterdir() if path.name.startswith(".")] in ([], [".before"])


def test_runs_that_a_dead_process_left_running_are_interrupted(session: Session, trained: RunInfo) -> None:
    RunFolder.open(Path(trained.path)).update(state=RunState.RUNNING)
    assert session.project
    folder = session.project.folder
    session.close_project()
    session.open_project(folder)
    assert RunFolder.open(Path(trained.path)).state is RunState.INTERRUPTED


def test_runs_are_renamed_deleted_and_restored(session: Session, trained: RunInfo) -> None:
    session.rename_run(trained.path, "  Better ")
    assert [info.name for info in session.runs()] == ["Better"]
    with pytest.raises(UserError, match="needs a name"):
        session.rename_run(trained.path, "  ")
    token = session.delete_run(trained.path)
    assert session.runs() == []
    assert session.restore_run(token) == trained.path
    assert [info.name for info in session.runs()] == ["Better"]
    assert session.delete_run(trained.path) == token
    assert session.project
    folder = session.project.folder
    session.close_project()
    assert list((folder / "runs").iterdir()) == []


def test_a_damaged_run_is_left_out(session: Session, trained: RunInfo) -> None:
    for name, content in (("0007-cnn", b"{"), ("0008-cnn", b"{}"), ("0009-cnn", b'{"version": 1}')):
        folder = Path(trained.path).with_name(name)
        folder.mkdir()
        (folder / "run.json").write_bytes(content)
    assert session.runs() == [trained]


def test_what_cannot_be_trained_on_is_refused(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No project is open"):
        session.train(small())
    session.new_project(tmp_path / "garden")
    with pytest.raises(UserError, match="no image"):
        session.train(small())
    result(qtbot, session.add_source(write_images(tmp_path / "one", classes=("rose",))))
    with pytest.raises(UserError, match="only one class"):
        session.train(small())
    assert session.runs() == []


def test_an_estimate_says_seconds_and_memory(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    open_garden(session, qtbot, tmp_path)
    estimate = result(qtbot, session.estimate(small()))
    assert isinstance(estimate, Estimate)
    assert estimate.seconds_total > 0
    assert estimate.memory_bytes > 100_000_000
    assert session.runs() == []


def test_predictions_of_a_split_are_kept_and_read_back_without_an_engine(
    session: Session, qtbot: QtBot, trained: RunInfo
) -> None:
    recorder = finish(qtbot, session.predict(trained.path, Split.TEST))
    table = recorder.outcome
    assert isinstance(table, PredictionTable)
    assert len(table.paths) == session.totals().test > 0
    assert table.classes == ("dark", "light")
    assert any(isinstance(event, Predicted) for event in recorder.events)
    assert session.looking.engine_pid
    session.looking.shutdown()
    again = result(qtbot, session.predict(trained.path, Split.TEST))
    assert again.paths == table.paths
    assert np.array_equal(again.probabilities, table.probabilities)
    assert session.looking.engine_pid is None


def test_kept_predictions_fall_when_the_split_or_the_model_changes(
    session: Session, qtbot: QtBot, trained: RunInfo
) -> None:
    result(qtbot, session.predict(trained.path, Split.TEST))
    session.set_split_settings(session.split_settings().model_copy(update={"seed": 5}))
    qtbot.waitUntil(lambda: not session.labelling.is_busy, timeout=LATE)
    recorder = finish(qtbot, session.predict(trained.path, Split.TEST))
    assert any(isinstance(event, Predicted) for event in recorder.events)
    recorder = finish(qtbot, session.predict(trained.path, Split.TEST))
    assert not any(isinstance(event, Predicted) for event in recorder.events)
    result(qtbot, session.train_further(trained.path, 3))
    recorder = finish(qtbot, session.predict(trained.path, Split.TEST))
    assert any(isinstance(event, Predicted) for event in recorder.events)


def test_files_and_folders_are_predicted(session: Session, qtbot: QtBot, trained: RunInfo, tmp_path: Path) -> None:
    folder = write_images(tmp_path / "new" / "deep", count=3)
    (folder / "broken.png").write_bytes(b"no image")
    (folder / "notes.txt").write_text("words")
    table = result(qtbot, session.predict(trained.path, [tmp_path / "new", folder / "dark" / "000.png"]))
    assert len(table.paths) == 8
    assert list(table.reasons) == [str(folder / "broken.png")]
    assert np.isnan(table.probabilities[table.paths.index(str(folder / "broken.png"))]).all()
    bundle = RunFolder.open(Path(trained.path)).model_path
    alone = result(qtbot, session.predict(str(bundle), [folder / "light" / "001.png"]))
    assert alone.paths == (str(folder / "light" / "001.png"),)
    assert np.allclose(alone.probabilities[0], table.probabilities[table.paths.index(alone.paths[0])], atol=1e-5)
    (tmp_path / "empty").mkdir()
    assert isinstance(finish(qtbot, session.predict(trained.path, [tmp_path / "empty"])).outcome, UserError)
    with pytest.raises(UserError):
        session.predict(str(tmp_path / "empty"), Split.TEST)


def test_heatmaps_come_quickly_once_warm(session: Session, qtbot: QtBot, trained: RunInfo) -> None:
    assert session.project
    path = session.project.catalogue.items(Split.TEST)[0].path
    session.warm(trained.path)
    for method in ("attention", "grad_cam"):
        first = result(qtbot, session.explain(trained.path, path, method))
        assert isinstance(first, FileHeatmap)
        assert (first.path, first.method) == (path, method)
        assert first.on_original().shape == (32, 32)
        waited = []
        for target in (0, 1, None) * 3:
            began = time.perf_counter()
            again = result(qtbot, session.explain(trained.path, path, method, target))
            waited.append(time.perf_counter() - began)
            assert target in (None, again.target)
        assert sorted(waited)[len(waited) // 2] < 0.150 * LENIENCY, f"{method}: {waited}"
    assert isinstance(finish(qtbot, session.explain(trained.path, "gone.png", "attention")).outcome, UserError)


def test_heatmaps_are_scored_over_a_split(session: Session, qtbot: QtBot, trained: RunInfo) -> None:
    recorder = finish(qtbot, session.faithfulness(trained.path, Split.TEST, "layer_cam"))
    scores = recorder.outcome
    assert isinstance(scores, MeanFaithfulness), scores
    assert scores.images + scores.flat == session.totals().test


def test_the_newest_heatmap_wins(session: Session, qtbot: QtBot, trained: RunInfo) -> None:
    assert session.project
    paths = [item.path for item in session.project.catalogue.items(Split.TRAIN)]
    recorders = [Recorder(session.explain(trained.path, path, "layer_cam")) for path in paths]
    qtbot.waitUntil(lambda: all(one.ending for one in recorders), timeout=LATE)
    assert recorders[-1].outcome.path == paths[-1]  # type: ignore[attr-defined]
    assert sum(one.ending[0] == "cancelled" for one in recorders) >= len(paths) - 2


def test_closing_while_training_keeps_what_was_learned(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    open_garden(session, qtbot, tmp_path)
    recorder = Recorder(session.train(small(epochs=ENDLESS)))
    wait_for(qtbot, recorder, EpochEnded, 2)
    session.close_project()
    assert recorder.ending == ["succeeded", "finished"], recorder.outcome
    session.open_project(tmp_path / "garden.imgmine")
    assert [info.state for info in session.runs()] == [RunState.STOPPED]
