"""Every command, its files, its JSON and its exit codes."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.storage.run_folder import RunFolder
from tests.cli.conftest import Imgmine, environment

REPOSITORY = Path(__file__).resolve().parents[2]


def test_scan_counts_add_up_to_the_files_seen(imgmine: Imgmine, folder: Path) -> None:
    done = imgmine("scan", folder, "--json")
    assert (done.result["images"], done.result["unreadable"], done.result["not_images"]) == (24, 1, 1)
    problems = [line for line in done.lines if line["event"] == "Problem"]
    assert [line["path"] for line in problems] == ["train/dark/broken.png"]
    assert problems[0]["reason"]
    assert done.result["classes"]["dark"] == {"train": 8, "validation": 2, "test": 2, "none": 0}


def test_train_says_what_it_does_line_by_line(imgmine: Imgmine, folder: Path, tmp_path: Path) -> None:
    done = imgmine("train", folder, "--out", tmp_path / "run", "--architecture", "cnn", "--image-size", 32, "--epochs",
                   2, "--set", "widths=4,4", "--set", "dense=8", "--seed", 3, "--json")  # fmt: skip
    kinds = [line["event"] for line in done.lines]
    assert kinds.count("EpochEnded") == 2
    assert {"PhaseStarted", "BatchEnded", "Saved"} <= set(kinds)
    assert done.err == ""
    for key in ("loss", "accuracy", "val_loss", "val_accuracy", "epochs", "seconds", "images_per_second", "skipped"):
        assert key in done.result
    assert (tmp_path / "run" / "model.imgmodel").is_file()


def test_resume_with_more_epochs_trains_further(imgmine: Imgmine, folder: Path, tmp_path: Path) -> None:
    arguments = ["train", folder, "--out", tmp_path / "run", "--set", "widths=4,4", "--json"]
    assert imgmine(*arguments, "--epochs", 1).result["epochs"] == 1
    config = RunFolder.open(tmp_path / "run").config
    assert (config["architecture"], config["preprocessing"]["width"]) == ("attention", 40)  # what suits such images
    again = imgmine(*arguments, "--epochs", 1)
    assert again.code == 1
    assert "not empty" in again.err
    assert imgmine(*arguments, "--resume", "--epochs", 3).result["epochs"] == 3


def test_predict_writes_rows_and_heatmaps(imgmine: Imgmine, run: Path, folder: Path, tmp_path: Path) -> None:
    done = imgmine("predict", run, folder, "--out", tmp_path / "p.csv", "--heatmaps", tmp_path / "maps", "--json")
    assert done.result["images"] == done.result["heatmaps"] == 24
    with open(tmp_path / "p.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "predicted", "confidence", "p_dark", "p_light"]
    assert len(rows) == 24
    right = [row["predicted"] == row["path"].split("/")[1] for row in rows]
    assert np.mean(right) > 0.9
    for row in rows:
        assert float(row["p_dark"]) + float(row["p_light"]) == pytest.approx(1, abs=1e-5)
        values = np.load(tmp_path / "maps" / f"{row['path']}.npy")
        assert (values.dtype, values.shape) == (np.float32, (30, 40))
        assert values.min() >= 0
        assert values.max() <= 1
        with Image.open(tmp_path / "maps" / f"{row['path']}.png") as picture:
            assert picture.size == (40, 30)


def test_evaluate_ends_with_every_figure(imgmine: Imgmine, run: Path, folder: Path) -> None:
    result = imgmine("evaluate", run, folder, "--split", "train", "--json").result
    assert result["images"] == 16
    assert np.sum(result["confusion"]) == 16
    assert result["accuracy"] == np.trace(result["confusion"]) / 16
    assert set(result["per_class"]) == {"dark", "light"}
    assert {"balanced_accuracy", "macro_f1"} <= set(result)
    assert imgmine("evaluate", run, folder, "--json").result["split"] == "test"


def test_bundle_alone_is_a_model(imgmine: Imgmine, run: Path, folder: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "m.imgmodel"
    bundle.write_bytes((run / "model.imgmodel").read_bytes())
    results = [imgmine("evaluate", model, folder, "--json").result for model in (run, bundle)]
    assert results[0] == results[1]


@pytest.mark.parametrize("method", ["attention", "layer_cam", "integrated_gradients"])
def test_explain(imgmine: Imgmine, run: Path, folder: Path, tmp_path: Path, method: str) -> None:
    image = folder / "test" / "dark" / "0.png"
    done = imgmine(
        "explain", run, image, "--method", method, "--target", "light", "--out", tmp_path / "e.png", "--json"
    )
    assert (done.result["method"], done.result["target"]) == (method, "light")
    with Image.open(tmp_path / "e.png") as picture:
        assert picture.size == (40, 30)


def test_an_option_of_the_method_is_taken_and_a_wrong_one_refused(
    imgmine: Imgmine, run: Path, folder: Path, tmp_path: Path
) -> None:
    arguments = ("explain", run, folder / "test" / "light" / "0.png", "--method", "rise", "--out")
    few, many = tmp_path / "few.npy", tmp_path / "many.npy"
    imgmine(*arguments, few, "--set", "masks=16")
    imgmine(*arguments, many, "--set", "masks=64", "--set", "cells=4")
    assert not np.array_equal(np.load(few), np.load(many))
    refused = imgmine(*arguments, few, "--set", "window=3")
    assert refused.code == 1
    assert "window" in refused.err
    assert len(refused.err.splitlines()) == 1


def test_lists(imgmine: Imgmine) -> None:
    assert {"cnn", "crnn", "attention"} <= set(imgmine("architectures", "--json").result)
    told = imgmine("explainers", "--json").result
    assert {"attention", "grad_cam", "grad_cam_plus_plus", "hires_cam", "layer_cam", "score_cam", "occlusion", "rise",
            "integrated_gradients", "smooth_grad"} <= set(told)  # fmt: skip
    assert told["rise"]["options"]["masks"]["default"] == 400


ERRORS = {
    "no such folder": (["train", "NOWHERE", "--out", "OUT"], "NOWHERE"),
    "no image": (["train", "EMPTY", "--out", "OUT"], "EMPTY"),
    "unknown option": (["train", "FOLDER", "--out", "OUT", "--set", "colour_of_money=1"], "colour_of_money"),
    "out of bounds": (["train", "FOLDER", "--out", "OUT", "--set", "dropout=7"], "dropout"),
    "unknown architecture": (["train", "FOLDER", "--out", "OUT", "--architecture", "magic"], "magic"),
    "no model": (["predict", "NOWHERE.imgmodel", "FOLDER", "--out", "OUT.csv"], "NOWHERE.imgmodel"),
    "no run": (["evaluate", "EMPTY", "FOLDER"], "EMPTY"),
    "bad duration": (["train", "FOLDER", "--out", "OUT", "--time-budget", "soon"], "soon"),
    "nothing to resume": (["train", "FOLDER", "--out", "EMPTY", "--resume"], "EMPTY"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors_are_one_line_that_names_the_thing(imgmine: Imgmine, folder: Path, tmp_path: Path, case: str) -> None:
    (tmp_path / "EMPTY").mkdir()
    arguments, named = ERRORS[case]
    places = {"NOWHERE", "EMPTY", "OUT", "NOWHERE.imgmodel", "OUT.csv"}
    done = imgmine(*(folder if word == "FOLDER" else tmp_path / word if word in places else word for word in arguments))
    assert done.code == 1
    assert named in done.err
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (["dark/[0-9].png"], "only one class"),
        (["dark/0.png"], "only one class"),
        (["dark/0.png", "light/0.png"], "too few training images"),
        (["dark/broken.png"], "can be read"),
    ],
)
def test_too_little_to_train_on_is_refused_with_words(
    imgmine: Imgmine, folder: Path, tmp_path: Path, kept: list[str], words: str
) -> None:
    for source in (path for pattern in kept for path in (folder / "train").glob(pattern)):
        target = tmp_path / "few" / source.parent.name / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    done = imgmine("train", tmp_path / "few", "--out", tmp_path / "run")
    assert (done.code, done.out) == (1, "")
    assert words in done.err
    assert len(done.err.splitlines()) == 1
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("arguments", [["frobnicate"], ["train"], ["train", "x", "--out", "y", "--set", "novalue"]])
def test_wrong_usage_is_2(imgmine: Imgmine, arguments: list[str]) -> None:
    assert imgmine(*arguments).code == 2


def test_window_without_a_screen_says_what_to_do(imgmine: Imgmine) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has machines without a screen")
    done = imgmine()
    assert done.code == 1
    assert "demo --headless" in done.err


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_saves_what_was_learned(imgmine: Imgmine, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    command = [sys.executable, "-m", "imgmine_gui", "train", str(folder), "--out", str(out), "--image-size", "32",
               "--epochs", "10000", "--set", "early_stopping=0", "--json"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if b"EpochEnded" in line:
                process.send_signal(signal.SIGINT)
                break
        process.stdout.read()
        assert process.wait(30) == 130
    assert imgmine("evaluate", out, folder, "--json").result["images"] == 4
    assert imgmine("train", folder, "--out", out, "--resume", "--epochs", 2, "--json").result["epochs"] >= 1


def test_self_test_tries_everything(imgmine: Imgmine) -> None:
    done = imgmine("self-test", "--json")
    checks = [line for line in done.lines if line["event"] == "Check"]
    assert done.result["faults"] == 0, [line for line in checks if line["fault"]]
    assert len(checks) == done.result["checks"]
    names = " ".join(line["name"] for line in checks)
    for name in ARCHITECTURES:  # each is trained, predicts and is explained
        assert names.count(str(ARCHITECTURES[name].title)) >= 3
    assert "ImgMine" in next(line["text"] for line in done.lines if line["event"] == "About")


def test_self_test_says_what_is_wrong(imgmine: Imgmine, tmp_path: Path) -> None:
    broken = "import imgmine_gui.commands.belongings as b; from pathlib import Path; b.SAMPLE = Path('/nowhere')\n"
    only = "from imgmine_gui.commands import self_test as s; from imgmine_gui.commands.console import Output\n"
    run = "s._checks = lambda trials: iter([('Files', b.check_files)]); print(s.self_test(Output(True)))"
    command = [sys.executable, "-c", broken + only + run]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    check = json.loads(done.stdout.splitlines()[1])
    assert "/nowhere" in check["fault"] and done.stdout.splitlines()[-1] == "False"
