"""Measuring a catalogue: every content once, in batches that stay, and what cannot be decoded gets its reason."""

import functools
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import Event, PhaseStarted, Progress
from imgmine_gui.core.jobs import JobContext, PlainContext, Wish
from imgmine_gui.core.project.catalogue import Applied, Catalogue, ImageQuery
from imgmine_gui.core.project.health import job as job_module
from imgmine_gui.core.project.health import measuring, store
from imgmine_gui.core.project.health.findings import FindingKind
from imgmine_gui.core.project.health.health import Health, MeasuringState
from imgmine_gui.core.project.health.job import HealthMeasured, measure
from imgmine_gui.core.project.health.measures import measure_file
from imgmine_gui.core.project.health.measuring import ImagesMeasured, Unmeasured, measure_images
from imgmine_gui.core.project.health.thresholds import HealthThresholds
from imgmine_gui.core.project.layout import Split

Rescan = Callable[[Catalogue, int], Applied]


def picture(path: Path, seed: int, size: tuple[int, int] = (60, 40)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (10, 15, 3), np.uint8)
    Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC).save(path)
    return old(path)


def cut(path: Path, seed: int) -> Path:
    picture(path, seed, (200, 100))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return old(path)


def old(path: Path) -> Path:
    """Changed an hour ago: what was changed just now is read again by every scan."""
    os.utime(path, ns=(0, time.time_ns() - 3_600_000_000_000))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "source"


@pytest.fixture
def filled(folder: Path, catalogue: Catalogue, rescan: Rescan) -> Iterator[Catalogue]:
    """Twelve images of two classes, two of which are one content."""
    for number in range(11):
        picture(folder / ("cat" if number < 6 else "dog") / f"{number:02}.png", number)
    (folder / "dog" / "copy.png").write_bytes((folder / "dog" / "07.png").read_bytes())
    old(folder / "dog" / "copy.png")
    rescan(catalogue, catalogue.add_source(str(folder)).id)
    yield catalogue


def rows(catalogue: Catalogue) -> list[tuple[object, ...]]:
    with catalogue._database.reading() as db:
        return db.execute("SELECT * FROM health ORDER BY key").fetchall()


def test_every_content_is_measured_once(filled: Catalogue, folder: Path) -> None:
    events: list[Event] = []
    assert filled.health.state() == MeasuringState(11, 0)
    assert measure(filled.health, PlainContext(events.append)) == HealthMeasured(11, 0, 0)
    assert filled.health.state() == MeasuringState(11, 11)
    assert len(rows(filled)) == 11
    key = next(row.key for row in filled.page(ImageQuery(), None, 99) if row.name == "03.png")
    kept = next(row for row in rows(filled) if row[0] == key)
    expected = measure_file(str(folder / "cat" / "03.png"))
    assert kept[2] == int(np.uint64(expected.perceptual_hash).astype(np.int64))
    assert kept[3:] == (
        expected.sharpness, expected.brightness, expected.contrast, expected.entropy, expected.saturation
    )  # fmt: skip
    assert [event.total for event in events if isinstance(event, PhaseStarted)] == [11]
    assert [event for event in events if isinstance(event, Progress)][-1].done == 11
    assert not any(isinstance(event, ImagesMeasured) for event in events)
    assert measure(filled.health, PlainContext()) == HealthMeasured(0, 0, 0)


@pytest.mark.parametrize("wish", [Wish.STOP, Wish.CANCEL])
def test_it_goes_on_where_it_was_stopped(filled: Catalogue, wish: Wish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "_BATCH", 3)
    monkeypatch.setattr(job_module, "CHUNK", 5)
    context = PlainContext(lambda event: setattr(context, "wish", wish) if isinstance(event, Progress) else None)
    if wish is Wish.STOP:
        assert 0 < measure(filled.health, context).measured < 11
    else:
        with pytest.raises(Cancelled):
            measure(filled.health, context)
    before = filled.health.state().measured
    assert 0 < before < 11
    seen: list[str] = []

    def noted(items: Sequence[Unmeasured], inner: JobContext) -> None:
        seen.extend(item.key for item in items)
        measure_images(items, inner)

    assert measure(filled.health, PlainContext(), [noted]).measured == 11 - before
    assert len(seen) == len(set(seen)) == 11 - before


def test_workers_share_the_work(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_module, "CHUNK", 2)
    meeting = threading.Barrier(2, timeout=60)
    seen: list[list[str]] = [[], []]

    def worker(number: int, items: Sequence[Unmeasured], inner: JobContext) -> None:
        if not seen[number]:
            meeting.wait()  # both are at work at once
        seen[number].extend(item.key for item in items)
        measure_images(items, inner)

    done: list[int] = []
    context = PlainContext(lambda event: done.append(event.done) if isinstance(event, Progress) else None)
    workers = [functools.partial(worker, number) for number in (0, 1)]
    assert measure(filled.health, context, workers) == HealthMeasured(11, 0, 0)
    assert len({*seen[0], *seen[1]}) == len(seen[0]) + len(seen[1]) == 11
    assert seen[0] and seen[1]
    assert done == sorted(done) and done[-1] == 11


def test_a_worker_that_fails_ends_the_job_and_keeps_what_is_there(
    filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_module, "CHUNK", 2)
    failed = threading.Event()

    def failing(items: Sequence[Unmeasured], inner: JobContext) -> None:
        failed.set()
        raise RuntimeError("the engine died")

    def patient(items: Sequence[Unmeasured], inner: JobContext) -> None:
        failed.wait(60)
        measure_images(items, inner)

    with pytest.raises(RuntimeError, match="died"):
        measure(filled.health, PlainContext(), [patient, failing])
    assert 0 <= filled.health.state().measured < 11
    assert measure(filled.health, PlainContext()).measured > 0
    assert filled.health.state().left == 0


def test_measures_of_an_older_version_are_made_again(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    measure(filled.health, PlainContext())
    monkeypatch.setattr(store, "VERSION", 99)
    assert filled.health.state() == MeasuringState(11, 0)
    assert measure(filled.health, PlainContext()).measured == 11
    assert {row[1] for row in rows(filled)} == {99}


def test_what_cannot_be_decoded_gets_its_reason_and_leaves_the_splits(
    filled: Catalogue, folder: Path, rescan: Rescan
) -> None:
    cut(folder / "cat" / "bad.png", 50)
    (folder / "dog" / "bad too.png").write_bytes((folder / "cat" / "bad.png").read_bytes())
    rescan(filled, 1)
    before = filled.totals()
    assert (before.images, before.unreadable) == (14, 0)  # the headers are sound
    assert measure(filled.health, PlainContext()) == HealthMeasured(11, 2, 0)
    after = filled.totals()
    assert (after.images, after.unreadable, after.train + after.validation + after.test) == (12, 2, 12)
    source = filled.sources()[0]
    assert (source.images, source.unreadable) == (12, 2)
    bad = filled.problems()
    assert {row.name for row in bad} == {"bad.png", "bad too.png"}
    assert all(row.problem == "truncated" and row.name in row.reason and row.split is None for row in bad)
    assert measure(filled.health, PlainContext()) == HealthMeasured(0, 0, 0)
    assert filled.health.findings(HealthThresholds())[FindingKind.UNREADABLE].ids == tuple(row.id for row in bad)


def test_the_reason_holds_over_scans_until_the_file_is_another(
    filled: Catalogue, folder: Path, rescan: Rescan, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = cut(folder / "cat" / "bad.png", 50)
    rescan(filled, 1)
    measure(filled.health, PlainContext())
    with monkeypatch.context() as changed:
        changed.setattr("imgmine_gui.core.project.scan.read_pages", lambda *_: pytest.fail("read again"))
        rescan(filled, 1)
    assert [row.name for row in filled.problems()] == ["bad.png"]
    picture(bad, 51, (200, 100))
    rescan(filled, 1)
    assert filled.problems() == []
    assert measure(filled.health, PlainContext()) == HealthMeasured(1, 0, 0)


def test_what_was_changed_or_went_since_the_scan_is_left_to_the_next_scan(filled: Catalogue, folder: Path) -> None:
    picture(folder / "cat" / "00.png", 99, (61, 41))
    status = (folder / "cat" / "01.png").stat()
    os.utime(folder / "cat" / "01.png", ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    (folder / "cat" / "02.png").unlink()
    assert measure(filled.health, PlainContext()) == HealthMeasured(8, 0, 3)
    assert filled.totals().unreadable == 0


def test_a_failing_drive_is_not_blamed_on_the_image(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str) -> None:
        raise measuring.ImageError(measuring.ImageProblem.READ_ERROR, path, reason="Input/output error")

    monkeypatch.setattr(measuring, "measure_file", fail)
    assert measure(filled.health, PlainContext()) == HealthMeasured(0, 0, 11)
    assert filled.totals().unreadable == 0
    monkeypatch.undo()
    assert measure(filled.health, PlainContext()).measured == 11


def test_every_page_is_measured(tmp_path: Path, catalogue: Catalogue, rescan: Rescan) -> None:
    pages = [Image.new("RGB", (50, 40), (number * 60, 0, 0)) for number in range(4)]
    (tmp_path / "source").mkdir()
    pages[0].save(tmp_path / "source" / "scan.tif", save_all=True, append_images=pages[1:])
    rescan(catalogue, catalogue.add_source(str(tmp_path / "source")).id)
    assert measure(catalogue.health, PlainContext()).measured == 4
    assert len({row[4] for row in rows(catalogue)}) == 4  # as bright as its page


def test_a_drive_that_hangs_does_not_hold_up_the_end(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, released = threading.Event(), threading.Event()

    def slow(path: str) -> None:
        begun.set()
        released.wait(60)

    monkeypatch.setattr(measuring, "measure_file", slow)
    context = PlainContext()

    def cancel() -> None:
        begun.wait(60)
        context.wish = Wish.CANCEL

    canceller = threading.Thread(target=cancel)
    canceller.start()
    try:
        with pytest.raises(Cancelled):
            measure(filled.health, context)
    finally:
        released.set()
        canceller.join()


def test_findings_of_a_catalogue(filled: Catalogue, folder: Path, rescan: Rescan) -> None:
    picture(folder / "dog" / "large.png", 3, (240, 160))  # like cat/03.png, larger, and of another class
    Image.new("RGB", (60, 40), (90, 0, 0)).save(folder / "dog" / "flat.png")
    rescan(filled, 1)
    measure(filled.health, PlainContext())
    names = {row.id: row.name for row in filled.page(ImageQuery(), None, 99)}
    found = filled.health.findings(HealthThresholds())
    assert list(found) == list(FindingKind)

    def groups(kind: FindingKind) -> list[list[str]]:
        return [[names[number] for number in group] for group in found[kind].groups]

    assert groups(FindingKind.EXACT) == [["07.png", "copy.png"]]
    assert groups(FindingKind.NEAR) == [["large.png", "03.png"]]
    assert groups(FindingKind.OTHER_LABELS) == [["large.png", "03.png"]]
    assert [names[number] for number in found[FindingKind.LOW_INFORMATION].ids] == ["flat.png"]
    assert [names[number] for number in found[FindingKind.ODD_SIZE].ids] == ["large.png"]
    copies = found[FindingKind.EXACT].ids
    filled.edits.set_split(copies[:1], Split.TEST)
    filled.edits.set_split(copies[1:], Split.TRAIN)
    filled.edits.set_group([found[FindingKind.NEAR].ids[0]], "A")
    filled.edits.set_group([found[FindingKind.NEAR].ids[1]], "B")
    found = filled.health.findings(HealthThresholds())
    assert ["07.png", "copy.png"] in groups(FindingKind.ACROSS_SPLITS)
    assert groups(FindingKind.ACROSS_GROUPS) == [["large.png", "03.png"]]


def test_what_is_excluded_is_not_found_until_that_is_undone(filled: Catalogue) -> None:
    measure(filled.health, PlainContext())
    copies = filled.health.findings(HealthThresholds())[FindingKind.EXACT]
    filled.edits.set_excluded(copies.spare, True)
    assert filled.health.findings(HealthThresholds())[FindingKind.EXACT].ids == ()
    filled.edits.undo()
    assert filled.health.findings(HealthThresholds())[FindingKind.EXACT] == copies


def test_findings_of_nothing(catalogue: Catalogue) -> None:
    assert measure(catalogue.health, PlainContext()) == HealthMeasured(0, 0, 0)
    assert not any(finding.ids for finding in catalogue.health.findings(HealthThresholds()).values())


def test_a_table_is_read_in_steps(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    measure(filled.health, PlainContext())
    whole = filled.health.findings(HealthThresholds(oddness=1, sharpness=1))
    monkeypatch.setattr("imgmine_gui.core.project.health.table._CHUNK", 5)
    assert filled.health.findings(HealthThresholds(oddness=1, sharpness=1)) == whole


def test_thresholds_are_kept_with_the_project(filled: Catalogue) -> None:
    assert filled.health.thresholds() == HealthThresholds()
    filled.health.set_thresholds(HealthThresholds(distance=7, dark=0.1))
    assert filled.health.thresholds() == HealthThresholds(distance=7, dark=0.1)
    with filled._database.writing() as db:
        db.execute("""UPDATE settings SET value = '{"distance": 6, "dark": 77, "newer": 1}' WHERE name = 'health'""")
    assert filled.health.thresholds() == HealthThresholds(distance=6)


def test_the_health_is_that_of_the_class_health(filled: Catalogue) -> None:
    assert isinstance(filled.health, Health)
