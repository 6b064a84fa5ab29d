"""Drive the real window through every page and save what it looks like, in both themes and both languages.

    xvfb-run -a -s "-screen 0 1440x900x24" python packaging/screenshots.py --out DIR [--only NAME...] [--size 1024x700]
    xvfb-run -a -s "-screen 0 1440x900x24" python packaging/screenshots.py --readme

Each step brings the window into a state; its pictures are taken in every theme and language, which are switched in
place. Work happens in a temporary folder; nothing of the person's is touched. ``--readme`` takes the README's own
pictures anew.
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
README_PICTURES = Path(__file__).resolve().parents[1] / "resources" / "screenshots"
PALETTE = 256
"""Colours of a picture of the README: enough for a window, and a third of the bytes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    out = parser.add_mutually_exclusive_group(required=True)
    out.add_argument("--out", type=Path, help="the folder for the pictures")
    out.add_argument("--readme", action="store_true", help="take the pictures of the README")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only the pictures of these steps")
    parser.add_argument("--size", default="1440x900", help="of the window: WIDTHxHEIGHT")
    parser.add_argument("--languages", nargs="+", default=LANGUAGES, choices=LANGUAGES)
    parser.add_argument("--themes", nargs="+", default=THEMES, choices=THEMES)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as home:
        os.environ["IMGMINE_HOME"] = home
        if not options.readme:
            return take_pictures(options)
        options.out, options.size, options.languages, options.themes = Path(home), "1440x900", ("en",), ("light",)
        faults = take_pictures(options)
        for taken in options.out.glob("*_en_light.png"):
            keep_small(taken, README_PICTURES / taken.name.replace("_en_light", ""))
        return faults


def keep_small(taken: Path, kept: Path) -> None:
    """Save the picture ``taken`` as ``kept``, with a palette of its own.

    The palette covers the colours there are, not how often they are: a heatmap is small and must not turn grey.
    """
    from PIL import Image

    kept.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(taken) as picture:
        few = picture.convert("RGB").quantize(PALETTE, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(kept, optimize=True)


def take_pictures(options: argparse.Namespace) -> int:
    """Walk through the steps with one window."""
    from screenshot_stage import Stage
    from screenshot_steps import README_STEPS, STEPS

    from imgmine_gui.app.settings import Settings
    from imgmine_gui.gui.application import build_application

    settings = Settings()
    build_application(settings)
    options.out.mkdir(parents=True, exist_ok=True)
    steps = README_STEPS if options.readme else STEPS
    width, height = (int(part) for part in options.size.split("x"))
    stage = Stage(settings, options.out, (width, height), list(product(options.languages, options.themes)))
    wanted = options.only or [step.name for step in steps]
    last = max(number for number, step in enumerate(steps) if step.name in wanted)
    try:
        for step in steps[: last + 1]:
            print(step.name, flush=True)
            step.prepare(stage)
            if step.name in wanted:
                stage.take(step.name)
    finally:
        stage.close()
    return 1 if stage.faults else 0


if __name__ == "__main__":
    sys.exit(main())
