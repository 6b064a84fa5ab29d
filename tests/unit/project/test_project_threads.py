"""The catalogue under many threads, failing writes and a closed door."""

import threading
from pathlib import Path

import pytest

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.project.catalogue import Catalogue, ImageQuery
from imgmine_gui.core.project.splits import SplitSettings
from tests.unit.project.records import animals, result


@pytest.fixture
def source(catalogue: Catalogue, tmp_path: Path) -> int:
    (tmp_path / "source").mkdir()
    return catalogue.add_source(str(tmp_path / "source")).id


def test_readers_do_not_wait_for_a_writer(catalogue: Catalogue, source: int) -> None:
    catalogue.apply_scan(source, result(*animals(5)))
    counted: list[int] = []
    with catalogue._database.writing() as db:
        db.execute("DELETE FROM images")
        reader = threading.Thread(target=lambda: counted.append(catalogue.count(ImageQuery())))
        reader.start()
        reader.join(30)
    assert counted == [10]
    assert catalogue.count(ImageQuery()) == 0


def test_many_threads_at_once(catalogue: Catalogue, source: int) -> None:
    failures: list[BaseException] = []

    def work(seed: int) -> None:
        try:
            for turn in range(10):
                catalogue.set_split_settings(SplitSettings(seed=100 * seed + turn))
                page = catalogue.page(ImageQuery(label="cat"), None, 50)
                assert len(page) == 20
                assert sum(one.train + one.validation + one.test for one in catalogue.classes()) == 40
        except BaseException as error:
            failures.append(error)

    catalogue.apply_scan(source, result(*animals(20)))
    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_failing_write_changes_nothing(catalogue: Catalogue, source: int) -> None:
    catalogue.apply_scan(source, result(*animals(5)))
    before = catalogue.page(ImageQuery(), None, 99)
    with pytest.raises(ZeroDivisionError), catalogue._database.writing() as db:
        db.execute("DELETE FROM images")
        raise ZeroDivisionError
    assert catalogue.page(ImageQuery(), None, 99) == before


def test_a_closed_catalogue_cancels(catalogue: Catalogue) -> None:
    catalogue.sources()
    catalogue.close()
    with pytest.raises(Cancelled):
        catalogue.sources()
    with pytest.raises(Cancelled):
        catalogue.set_split_settings(SplitSettings())


def test_a_read_only_catalogue_reads(catalogue: Catalogue, source: int) -> None:
    catalogue.apply_scan(source, result(*animals(5)))
    reader = Catalogue(catalogue.path, read_only=True)
    assert reader.count(ImageQuery()) == 10
    with pytest.raises(UserError, match="reading only"):
        reader.remove_source(source)
    reader.close()
