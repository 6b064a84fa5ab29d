"""Where ImgMine keeps what is its own: settings, log, cache, and the folder that new projects go to.

The environment variable ``IMGMINE_HOME`` puts all of it into one folder, for tests and screenshots.
"""

import os
from pathlib import Path

import platformdirs

NAME = "ImgMine"


def home() -> Path | None:
    """The folder that overrides all places, if ``IMGMINE_HOME`` names one."""
    value = os.environ.get("IMGMINE_HOME")
    return Path(value) if value else None


def settings_file() -> Path:
    """The file of the settings (INI)."""
    base = home()
    return (base if base else Path(platformdirs.user_config_dir(NAME, appauthor=False))) / "settings.ini"


def log_folder() -> Path:
    """The folder of the log files."""
    base = home()
    return base / "log" if base else Path(platformdirs.user_log_dir(NAME, appauthor=False))


def log_file() -> Path:
    """The log of the window and of the jobs; what the engines print is in ``engine.log`` beside it."""
    return log_folder() / "imgmine.log"


def cache_folder() -> Path:
    """For what can be made again."""
    base = home()
    return base / "cache" if base else Path(platformdirs.user_cache_dir(NAME, appauthor=False))


def projects_folder() -> Path:
    """Where new projects go unless the settings say otherwise."""
    base = home()
    return base / "projects" if base else Path(platformdirs.user_documents_dir()) / NAME


def engine_log_file() -> Path:
    """What the engines print: warnings of TensorFlow, and where native code crashed."""
    return log_folder() / "engine.log"
