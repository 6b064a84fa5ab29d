"""The demonstration, and its page of a network that reads."""

import re
from pathlib import Path

import numpy as np
from PIL import Image

from imgmine_gui.app import samples
from imgmine_gui.commands.report import LABEL_HEIGHT, write_page
from imgmine_gui.commands.report_texts import ReadLine, write_text_report
from imgmine_gui.core.evaluation.transcription import transcription_report
from imgmine_gui.core.inference.ctc_decoding import Recognised, Span
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.training.recipes import RECIPES, recipe
from tests.cli.conftest import Imgmine


def read(text: str, confidence: float = 0.9) -> Recognised:
    """As if each character were read from the first of two columns."""
    return Recognised(text, confidence, tuple(Span(one, 2 * at, 2 * at + 1, 0.5) for at, one in enumerate(text)))


def line(folder: Path, true: str, said: str) -> ReadLine:
    path = folder / f"{len(list(folder.iterdir())):03}.png"
    Image.fromarray(np.full((20, 100), 200, np.uint8)).save(path)
    return ReadLine(str(path), true, read(said), 0.05)


def report(tmp_path: Path, *pairs: tuple[str, str]) -> str:
    (tmp_path / "images").mkdir()
    lines = [line(tmp_path / "images", true, said) for true, said in pairs]
    scores = transcription_report([one.true for one in lines], [one.read.text for one in lines])
    run = RunFolder.create(tmp_path / "run", "run", recipe("lines").model_dump(mode="json"), DataItems.of_items([]))
    return write_text_report(tmp_path / "out", "Title", run, scores, lines).read_text("utf-8")


def test_every_sample_has_a_recipe_for_its_task() -> None:
    assert {sample.name: sample.task for sample in samples.ALL} == {name: one.task for name, one in RECIPES.items()}
    for name in RECIPES:
        assert recipe(name).training.time_budget


def test_what_was_read_stands_below_its_columns_and_errors_are_marked(tmp_path: Path) -> None:
    page = report(tmp_path, ("a<b", "a<b"), ("cat", "ct"), ("dog", "dXg"))
    figures = re.findall(r"<figure.*?</figure>", page)
    assert len(figures) == 3
    right, missing, wrong = figures
    assert 'class="right"' in right and "‸" not in right and 'class="wrong"' not in right
    # Columns are 5 % wide: the third character was read from the column that begins at 20 %, its middle is at 22.5 %.
    assert '<i style="left:20.00%;width:5.00%;opacity:0.50"></i>' in right
    assert '<span title="50%" style="left:22.50%">b</span>' in right and "&lt;" in right
    assert '<span class="missed" title="Not read: a" style="left:5.00%">‸</span>' in missing
    assert '<span class="wrong" title="50%" style="left:12.50%">X</span>' in wrong and "true: dog" in wrong
    assert "<b>22.2%</b>Character error rate" in page and "<b>33.3%</b>Lines without an error" in page
    assert "<td>o</td><td>X</td><td>1</td>" in page and "<td>a</td><td>—</td><td>1</td>" in page
    assert len(list((tmp_path / "out" / "pictures").iterdir())) == 3


def test_of_many_lines_half_are_wrong_ones(tmp_path: Path) -> None:
    page = report(tmp_path, *[("cat", "cat")] * 50, *[("cat", "cut")] * 50)
    captions = re.findall(r'<figcaption class="(\w+)">', page)
    assert (captions.count("right"), captions.count("wrong")) == (25, 25)


def test_a_sample_that_is_not_there_is_refused_before_anything_is_written(imgmine: Imgmine, tmp_path: Path) -> None:
    done = imgmine("demo", "--sample", "nothing", "--out", tmp_path / "out")
    assert done.code == 1
    assert "There is no sample “nothing”. Choose one of: clutter, lines." in done.err
    assert list(tmp_path.iterdir()) == []


def test_the_names_of_two_curves_that_end_together_do_not_overlap(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", "run", recipe("lines").model_dump(mode="json"), DataItems.of_items([]))
    run.write_history([{"epoch": 0, "loss": 9.0, "val_loss": 8.0}, {"epoch": 1, "loss": 0.5, "val_loss": 0.4}])
    page = write_page(tmp_path, "Title", run, {}, {}).read_text("utf-8")
    places = [int(y) for y in re.findall(r'<text x="\d+" y="(\d+)" style', page)]
    assert len(places) == 2 and abs(places[0] - places[1]) >= LABEL_HEIGHT
