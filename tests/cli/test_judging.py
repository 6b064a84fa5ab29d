"""``cross-validate`` and ``learning-curve``: from a folder to figures, with the cache in the person's own folder."""

import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.cli import main
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.image_query import ImageQuery
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.scan import scan_folder


def make_folder(folder: Path, images: int) -> Path:
    """Stripes that lie and stripes that stand, on noise."""
    random = np.random.default_rng(0)
    for label in ("lying", "standing"):
        (folder / label).mkdir(parents=True)
        for number in range(images):
            pixels = random.integers(0, 120, (48, 48, 3))
            phase, period = random.integers(0, 8), random.integers(6, 12)
            stripes = 130 * (((np.arange(48) + phase) // (period // 2)) % 2)
            pixels += stripes[:, None, None] if label == "lying" else stripes[None, :, None]
            Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / label / f"{number}.png")
    return folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMGMINE_HOME", str(tmp_path / "home"))
    return make_folder(tmp_path / "stripes", 24)


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert main([*arguments, "--image-size", "64", "--json"]) == 0
    result: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return result


def test_cross_validation_and_curve_share_the_features(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(["cross-validate", str(data), "--folds", "3", "--set", "shrinkage=0.1"], capsys)
    assert found["computed"] == found["images"]
    assert found["classes"] == ["lying", "standing"]
    assert found["accuracy"]["mean"] > 0.8  # type: ignore[index]
    assert len(found["by_fold"]) == 3  # type: ignore[arg-type]
    curve = told(["learning-curve", str(data), "--folds", "3"], capsys)
    assert (curve["computed"], curve["cached"]) == (0, found["images"])
    assert len(curve["points"]) == 6  # type: ignore[arg-type]
    assert curve["gain"]["low"] <= curve["gain"]["high"]  # type: ignore[index]
    assert "Cortes" in str(curve["source"])


def test_groups_of_a_project_stay_together(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "stripes.imgmine"
    with closing(Project.create(project, "stripes")) as opened:
        catalogue = opened.catalogue
        source = catalogue.add_source(str(data)).id
        catalogue.apply_scan(source, scan_folder(str(data), None, PlainContext()))
        ids = [row.id for row in catalogue.page(ImageQuery(), None, -1)]
        for number, start in enumerate(range(0, len(ids), 4)):
            catalogue.edits.set_group(ids[start : start + 4], f"plant {number}")
    found = told(["cross-validate", str(project), "--folds", "3"], capsys)
    assert found["together"] == found["images"] > 20  # type: ignore[operator]
    assert told(["cross-validate", str(data), "--folds", "3"], capsys)["together"] == 0


def test_the_words_name_the_interval(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cross-validate", str(data), "--image-size", "64"]) == 0
    assert "95% interval" in capsys.readouterr().out
    assert main(["learning-curve", str(data), "--image-size", "64"]) == 0
    assert "Images a class" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["--folds", "1"], ["--folds", "99"], ["--set", "nonsense=1"], ["--image-size", "1"]]
)
def test_what_cannot_be_is_told_in_a_line(data: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cross-validate", str(data), *arguments]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_one_class_is_not_enough(tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cross-validate", str(data / "lying")]) == 1
    assert "fewer than two classes" in capsys.readouterr().err
