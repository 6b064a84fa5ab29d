"""Training, reading and scoring of text from the command line."""

import csv
import re
import shutil
from pathlib import Path

import pytest

from imgmine_gui.core.project.layout import Split
from tests.cli.conftest import Imgmine
from tests.unit.lines import written_lines

SETTINGS = {"height": 24, "widths": "8,12", "units": 24, "width_poolings": 1, "batch_size": 8, "dropout": 0, "shift": 0,
            "learning_rate": 0.02, "early_stopping": 0, "precision": "float32"}  # fmt: skip
SET = [word for name, value in SETTINGS.items() for word in ("--set", f"{name}={value}")]
TRAIN = ("--task", "text-recognition", "--architecture", "crnn", *SET)


@pytest.fixture(scope="session")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table of 40 lines to train and 8 each to validate and to test; letters are A and b."""
    folder = tmp_path_factory.mktemp("lines")
    items = written_lines(folder, 40, 8, "Ab7").items
    rows = [(Path(item.path).name, item.text, item.split) for item in items]
    with open(folder / "labels.csv", "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("file", "text", "split"), *rows, ("missing.png", "A", "train")])
    shutil.copyfile(items[0].path, folder / "untold.png")
    return folder


@pytest.fixture(scope="session")
def reader(imgmine: Imgmine, lines: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that can read them."""
    out = tmp_path_factory.mktemp("runs") / "reader"
    done = imgmine("train", lines, "--out", out, *TRAIN, "--epochs", 25, "--json")
    assert done.result["val_cer"] <= 0.1
    assert {"loss", "val_loss", "exact", "val_exact", "cer"} <= set(done.result)
    skipped = [line for line in done.lines if line["event"] == "ImageSkipped"]
    assert [Path(line["path"]).name for line in skipped] == ["untold.png"]
    assert skipped[0]["reason"].startswith("untold.png: ")
    return out


def test_predict_writes_a_text_an_image(imgmine: Imgmine, reader: Path, lines: Path, tmp_path: Path) -> None:
    source = tmp_path / "some"
    source.mkdir()
    for path in lines.glob(f"{Split.TEST}*.png"):
        shutil.copyfile(path, source / path.name)
    (source / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n no more")
    done = imgmine("predict", reader, source, "--out", tmp_path / "texts.csv", "--json")
    assert done.result["images"] == 8
    with open(tmp_path / "texts.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "text", "confidence"]
    assert sorted(row["path"] for row in rows) == sorted(path.name for path in lines.glob(f"{Split.TEST}*.png"))
    with open(lines / "labels.csv", encoding="utf-8-sig", newline="") as file:
        true = {row["file"]: row["text"] for row in csv.DictReader(file)}
    assert sum(row["text"] == true[row["path"]] for row in rows) >= 5
    assert all(0 <= float(row["confidence"]) <= 1 for row in rows)


def test_evaluate_ends_with_every_figure(imgmine: Imgmine, reader: Path, lines: Path) -> None:
    result = imgmine("evaluate", reader, lines, "--json").result
    assert (result["split"], result["images"], result["unreadable"]) == ("test", 8, 0)
    assert 0 <= result["cer"] <= 0.2
    assert result["cer"] <= result["wer"] <= 1
    assert result["exact"] == pytest.approx(1 - result["wer"])  # a line is a word here
    assert result["scoring"] == {"case": True, "quotes": True, "white_space": True}
    low, value, high = (result["intervals"]["cer"][name] for name in ("low", "value", "high"))
    assert low <= value <= high


def test_case_may_be_ignored(imgmine: Imgmine, reader: Path, lines: Path, tmp_path: Path) -> None:
    shouted = tmp_path / "shouted"
    shutil.copytree(lines, shouted)
    table = (shouted / "labels.csv").read_text("utf-8-sig")
    changed = [line.replace("b", "B") if line.startswith("test") else line for line in table.splitlines()]
    (shouted / "labels.csv").write_text("\n".join(changed), "utf-8")
    strict = imgmine("evaluate", reader, shouted, COLUMNS="300").out
    assert "Capital and small letters are told apart." in strict
    lenient = imgmine("evaluate", reader, shouted, "--ignore", "case", "--json").result
    assert lenient["scoring"] == {"case": False, "quotes": True, "white_space": True}
    rate = re.search(r"character error rate ([0-9.]+)", strict)
    assert rate
    assert lenient["cer"] <= 0.2 < float(rate[1])


def one_line(imgmine: Imgmine, *arguments: object) -> str:
    done = imgmine(*arguments)
    assert done.code == 1, done.out
    assert len(done.err.splitlines()) == 1, done.err
    assert "Traceback" not in done.err
    return done.err


def test_faults_are_one_line_that_says_what_to_do(
    imgmine: Imgmine, reader: Path, lines: Path, folder: Path, tmp_path: Path
) -> None:
    """A classification folder has no transcription; a model that reads has no heatmaps."""
    out = tmp_path / "out"
    assert "labels.csv" in one_line(imgmine, "train", folder, "--out", out, *TRAIN)
    assert not out.exists()
    maps = one_line(imgmine, "predict", reader, lines, "--out", tmp_path / "p.csv", "--heatmaps", tmp_path / "maps")
    assert "--heatmaps" in maps
    assert not (tmp_path / "p.csv").exists()
    told = one_line(imgmine, "evaluate", reader, folder)
    assert "transcription" in told
    assert "class folders" not in told
    assert "colour" in one_line(imgmine, "evaluate", reader, lines, "--ignore", "colour")
    told_of = tmp_path / "told"
    shutil.copytree(lines, told_of)
    (told_of / "untold.png").unlink()  # it would be told, rightly
    for named, *fault in (("cnn", "--architecture", "cnn"), ("normalisation", "--set", "normalisation=image")):
        told = one_line(imgmine, "train", told_of, "--out", tmp_path / named, "--task", "text-recognition", *fault)
        assert named in told
