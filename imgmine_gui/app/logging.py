"""The log: what happened, for whoever has to find out why."""

import logging
import os
from logging.handlers import RotatingFileHandler

from imgmine_gui.app import places
from imgmine_gui.app.log_lines import LogFormatter

BYTES = 1_000_000
"""Of one file; the one before is kept."""
FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


def set_up_logging() -> None:
    """Write what our modules log to the log file; called once, at the start of the window.

    A folder that cannot be written leaves the program without a log, not without a window.
    """
    logger = logging.getLogger("imgmine_gui")
    logger.setLevel(logging.INFO)
    try:
        places.log_folder().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(places.log_file(), maxBytes=BYTES, backupCount=1, encoding="utf-8", delay=True)
        _shorten_engine_log()
    except OSError as error:
        logging.getLogger(__name__).warning("no log file: %s", error)
        return
    handler.setFormatter(LogFormatter(FORMAT))
    logger.addHandler(handler)


def _shorten_engine_log() -> None:
    """Engines append to their log while they live, so it is set aside before the first of them starts."""
    log = places.engine_log_file()
    if log.is_file() and log.stat().st_size > BYTES:
        os.replace(log, log.with_suffix(".log.1"))
