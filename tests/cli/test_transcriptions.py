"""``imgmine scan DATA --transcriptions``."""

from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from imgmine_gui.core.project.project import Project
from tests.cli.conftest import Imgmine


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    for number in range(30):
        Image.new("L", (40 + number, 12), number).save(tmp_path / f"{number}-x.png")
    rows = [f"{number}-x.png,text {number}" for number in range(28)]
    (tmp_path / "labels.csv").write_text("\n".join(["file,text", *rows, "lost.png,lost"]))
    (tmp_path / "28-x.gt.txt").write_text("e\u0301[/b]\n", "utf-8")
    return tmp_path


def test_texts_alphabet_and_problems_are_told(imgmine: Imgmine, lines: Path) -> None:
    done = imgmine("scan", lines, "--transcriptions", "--json")
    assert (done.result["images"], done.result["transcribed"]) == (30, 29)
    assert sum(done.result["splits"].values()) == 29
    assert done.result["longest"] == 7
    assert done.result["unicode"] == "nfc"
    assert done.result["alphabet"]["t"] == 56
    assert done.result["alphabet"]["é"] == 1
    assert "é" in done.result["rare"]
    assert "t" not in done.result["rare"]
    assert [line["reason"] for line in done.lines if line["event"] == "Problem"] == [
        "labels.csv, line 30: There is no image “lost.png”."
    ]
    assert [line["path"] for line in done.lines if line["event"] == "Untranscribed"] == ["29-x.png"]


def test_options_of_reading(imgmine: Imgmine, lines: Path) -> None:
    done = imgmine(
        "scan", lines, "--transcriptions", "--set", "pattern={text}-*", "--set", "normalisation=none", "--json"
    )
    assert (done.result["transcribed"], done.result["unicode"]) == (30, "none")
    assert done.result["alphabet"]["\u0301"] == 1
    refused = imgmine("scan", lines, "--transcriptions", "--set", "pattern=x")
    assert refused.code == 1
    assert "{text}" in refused.err


def test_a_person_reads_a_table_and_not_a_thousand_lines(imgmine: Imgmine, lines: Path) -> None:
    done = imgmine("scan", lines, "--transcriptions", COLUMNS="120")
    assert "29 images with a text, 1 without" in done.out
    assert "U+00E9" in done.out
    assert "rare" in done.out
    (lines / "labels.csv").unlink()
    (lines / "28-x.gt.txt").unlink()
    done = imgmine("scan", lines, "--transcriptions")
    assert "… and 10 more" in done.out
    assert done.out.count("no text file lies beside it") == 20


def test_a_project_learns_its_texts_by_a_rescan(imgmine: Imgmine, lines: Path, tmp_path: Path) -> None:
    (lines / "labels.csv").unlink()
    with closing(Project.create(tmp_path, "Book")) as project:
        project.catalogue.add_source(str(lines))
    book = tmp_path / "Book.imgmine"
    assert imgmine("rescan", book, "--json").code == 0
    assert imgmine("scan", book, "--transcriptions", "--json").result["transcribed"] == 1
    assert imgmine("rescan", book, "--transcriptions", "--set", "pattern={text}-x").code == 0
    told = imgmine("scan", book, "--transcriptions", "--json").result
    assert (told["images"], told["transcribed"], told["longest"]) == (30, 30, 5)
