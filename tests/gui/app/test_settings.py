"""What is remembered between two starts."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from imgmine_gui.app import places
from imgmine_gui.app.settings import RECENT_LIMIT, Settings


def reopened(settings: Settings) -> Settings:
    settings.sync()
    return Settings()


def test_defaults(qtbot: QtBot, home: Path) -> None:
    settings = Settings()
    assert (settings.language, settings.theme, settings.colormap, settings.method) == ("system", "system", "", "")
    assert settings.heatmap_opacity == 0.6
    assert settings.projects_folder == home / "projects"
    assert settings.recent_projects == []
    assert settings.state("window") is None


def test_everything_is_there_again_with_its_type(qtbot: QtBot, home: Path, tmp_path: Path) -> None:
    settings = Settings()
    settings.language, settings.theme, settings.colormap, settings.method = "zh_CN", "dark", "cividis", "layer_cam"
    settings.heatmap_opacity = 0.25
    settings.projects_folder = tmp_path / "a folder, with “signs”"
    settings.set_state("window", QByteArray(b"\0\1\xff"))
    settings.set_text("filter", "wrong, 图像")
    again = reopened(settings)
    assert (again.language, again.theme, again.colormap, again.method) == ("zh_CN", "dark", "cividis", "layer_cam")
    assert again.heatmap_opacity == 0.25
    assert again.projects_folder == tmp_path / "a folder, with “signs”"
    assert again.state("window") == QByteArray(b"\0\1\xff")
    assert again.text("filter") == "wrong, 图像"
    assert places.settings_file() == home / "settings.ini"
    assert places.settings_file().is_file()


@pytest.mark.parametrize("written", ["theme=neon\nlanguage=xx\nheatmap_opacity=much\n", "heatmap_opacity=7\n"])
def test_nonsense_in_the_file_is_the_default(qtbot: QtBot, home: Path, written: str) -> None:
    home.mkdir()
    places.settings_file().write_text(f"[General]\n{written}")
    settings = Settings()
    assert settings.theme == settings.language == "system"
    assert settings.heatmap_opacity in (0.6, 1.0)


def test_a_change_is_told_once(qtbot: QtBot) -> None:
    settings = Settings()
    told: list[str] = []
    settings.changed.connect(told.append)
    settings.theme = "dark"
    settings.theme = "dark"
    settings.heatmap_opacity = 0.5
    settings.heatmap_opacity = 0.5
    assert told == ["theme", "heatmap_opacity"]


def test_recent_projects_are_newest_first_and_say_which_are_gone(qtbot: QtBot, tmp_path: Path) -> None:
    here = tmp_path / "here.imgmine"
    here.mkdir()
    (here / "project.db").touch()
    settings = Settings()
    for folder in (here, tmp_path / "gone.imgmine", here):
        settings.remember_project(folder)
        settings = reopened(settings)
    assert [(one.name, one.exists) for one in settings.recent_projects] == [("here", True), ("gone", False)]
    settings.forget_project(tmp_path / "gone.imgmine")
    assert [one.folder for one in reopened(settings).recent_projects] == [here]
    for number in range(20):
        settings.remember_project(tmp_path / f"{number}.imgmine")
    assert len(settings.recent_projects) == RECENT_LIMIT
