"""Drive the real window through every page and save what it looks like, in both themes and both languages.

    xvfb-run -a -s "-screen 0 1440x900x24" python packaging/screenshots.py --out DIR [--only NAME...] [--size 1024x700]

Each step brings the window into a state; its pictures are taken in every theme and language, which are switched in
place. Work happens in a temporary folder; nothing of the person's is touched.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

LANGUAGES = ("en", "zh_CN")
THEMES = ("light", "dark")


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the folder for the pictures")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only the pictures of these steps")
    parser.add_argument("--size", default="1440x900", help="of the window: WIDTHxHEIGHT")
    parser.add_argument("--languages", nargs="+", default=LANGUAGES, choices=LANGUAGES)
    parser.add_argument("--themes", nargs="+", default=THEMES, choices=THEMES)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["IMGMINE_HOME"] = home
        return take_pictures(options)


def take_pictures(options: argparse.Namespace) -> int:
    """Walk through the steps with one window."""
    from screenshot_stage import Stage
    from screenshot_steps import STEPS

    from imgmine_gui.app.settings import Settings
    from imgmine_gui.gui.application import build_application

    settings = Settings()
    build_application(settings)
    width, height = (int(part) for part in options.size.split("x"))
    stage = Stage(settings, options.out, (width, height), list(product(options.languages, options.themes)))
    wanted = options.only or [step.name for step in STEPS]
    last = max(number for number, step in enumerate(STEPS) if step.name in wanted)
    try:
        for step in STEPS[: last + 1]:
            print(step.name, flush=True)
            step.prepare(stage)
            if step.name in wanted:
                stage.take(step.name)
    finally:
        stage.close()
    return 1 if stage.faults else 0


if __name__ == "__main__":
    sys.exit(main())
