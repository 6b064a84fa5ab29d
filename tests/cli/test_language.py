"""Help, errors of usage and results are told in the language of the person."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from imgmine_gui import cli
from imgmine_gui.commands.console import figures_in_words, three_digits
from imgmine_gui.core.text import RESOURCES, set_language, tr
from tests.cli.conftest import Imgmine, environment

CHINESE = {"LANG": "zh_CN.UTF-8"}
COMMANDS: dict[str, Any] = get_command(cli.app).commands  # type: ignore[attr-defined]
LATIN = re.compile(
    r"(?<![A-Za-z])(\.?imgmine(-demo)?|--?[a-z-]+|\.imgmodel|\.png|\.npy|JSON|CSV|KEY|VALUE|px|[NX]|90s|5m"
    r"|train|validation|test|all|case|quotes|white_space|classification|attention|clutter"
    rf"|{'|'.join(COMMANDS)})(?![A-Za-z])"
)
"""What is the same in every language: names of programs, options, files and values."""


def test_the_help_is_in_english(imgmine: Imgmine) -> None:
    done = imgmine("train", "--help", COLUMNS="80")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: imgmine train [OPTIONS] DATA\n\nTrain a network on")
    assert "  --out FOLDER         A new folder for the run, or with --resume the folder of\n" in done.out
    assert "  --help, -h           Show this help.\n" in done.out


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_english_is_left_in_the_chinese_help(imgmine: Imgmine, command: str) -> None:
    done = imgmine(*command.split(), "--help", **CHINESE)
    assert done.code == 0
    assert done.out.startswith(f"用法：{' '.join(['imgmine', *command.split()])} [选项]")
    assert not re.findall(r"[A-Za-z]+", LATIN.sub("", done.out))


def test_the_setting_of_the_window_wins_over_the_system(imgmine: Imgmine, tmp_path: Path) -> None:
    settings = tmp_path / "settings.ini"
    settings.write_text("[General]\nlanguage=zh_CN\ntheme=dark\n\n[state]\nlanguage=en\n", encoding="utf-8")
    assert imgmine("--help", IMGMINE_HOME=str(tmp_path)).out.startswith("用法：")
    settings.write_text("[General]\nlanguage=en\n", encoding="utf-8")
    assert imgmine("--help", IMGMINE_HOME=str(tmp_path), **CHINESE).out.startswith("Usage: ")
    settings.write_text("[General]\nlanguage=system\n[text]\nlanguage=en\n", encoding="utf-8")
    assert imgmine("--help", IMGMINE_HOME=str(tmp_path), **CHINESE).out.startswith("用法：")


WRONG = {
    "no command": (["trian"], "没有“trian”这个命令、文件或文件夹。是否想输入：“train”？"),
    "no option": (["train", "x", "--epoch", "3"], "没有“--epoch”这个选项。是否想输入：“--epochs”？"),
    "no argument": (["train", "--out", "y"], "缺少 数据。"),
    "no needed option": (["train", "x"], "缺少 --out。"),
    "no value": (["train", "x", "--out"], "--out 需要一个值。"),
    "a value too many": (["scan", "x", "--json=3"], "--json 不带值。"),
    "an argument too many": (["scan", "x", "y"], "参数“y”是多余的。"),
    "no whole number": (["train", "x", "--out", "y", "--epochs", "3.5"], "--epochs：“3.5”不是整数。"),
    "no number": (["train", "x", "--out", "y", "--learning-rate", "low"], "--learning-rate：“low”不是数字。"),
    "no pair": (["train", "x", "--out", "y", "--set", "a"], "--set 的写法是 KEY=VALUE，而不是“a”。"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage_is_one_line_in_the_language_of_the_person(imgmine: Imgmine, case: str) -> None:
    arguments, words = WRONG[case]
    command = " ".join(["imgmine", *(arguments[:1] if arguments[0] in COMMANDS else [])])
    done = imgmine(*arguments, **CHINESE)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"{words}请参阅“{command} --help”。\n"


def test_errors_and_results_follow_too(imgmine: Imgmine, folder: Path) -> None:
    assert imgmine("scan", "nowhere", **CHINESE).err.startswith("没有“nowhere”这个")
    assert "24 张" in imgmine("scan", folder, **CHINESE).out
    told = imgmine(**CHINESE)
    assert told.code == 1
    assert told.err.startswith("imgmine: 没有可以打开窗口的屏幕。")


def test_lists_are_whole_and_in_chinese(imgmine: Imgmine) -> None:
    told = imgmine("architectures", COLUMNS="120", **CHINESE).out
    assert "…" not in told  # nothing is cut off
    assert re.search(r"│ gating +│ false +│ 门控：", told)
    assert re.search(r"│ widths +│ 32,64,128,128 +│ 各块通道数：", told)
    assert "tanh、relu、gelu" in told
    assert "attention" in imgmine("explainers", COLUMNS="70", **CHINESE).out


@pytest.mark.parametrize(
    ("value", "text"), [(4019.7, "4,020"), (412345.0, "412,000"), (12.345, "12.3"), (0.5, "0.5"), (0.0, "0")]
)
def test_numbers_have_three_digits_and_no_exponent(value: float, text: str) -> None:
    assert three_digits(value) == text


def test_the_words_of_an_epoch_follow_the_language() -> None:
    metrics = {"loss": 0.5, "accuracy": 0.75, "val_loss": 0.25, "other": 1.0}
    assert figures_in_words(metrics) == "loss 0.5000, accuracy 0.7500, validation loss 0.2500, other 1.0000"
    set_language("zh_CN")
    try:
        assert figures_in_words(metrics) == "损失 0.5000，准确率 0.7500，验证损失 0.2500，other 1.0000"
    finally:
        set_language("en")


def test_help_loads_nothing_that_is_slow_to_load() -> None:
    asked = "import sys; from imgmine_gui.cli import main; main(['train', '--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, env=environment(), text=True)
    loaded = ast.literal_eval(done.stdout.splitlines()[-1])
    assert "imgmine_gui.commands.usage" in loaded
    assert not {"numpy", "rich", "PIL", "PySide6", "tensorflow", "keras"} & set(loaded)


def test_every_text_of_the_command_line_is_in_the_catalogue() -> None:
    assert (RESOURCES / "i18n" / "zh_CN" / "LC_MESSAGES" / "imgmine.mo").is_file()
    set_language("zh_CN")
    try:
        for command in COMMANDS.values():
            for text in [command.help, *(param.help for param in command.params)]:
                assert tr(text) != text
    finally:
        set_language("en")
