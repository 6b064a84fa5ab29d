"""Make the sample of lines: printed lines of Newton's Opticks with their transcriptions.

The book is cut into lines of different lengths; each is drawn with one of ten fonts and worn as old print is (see
`worn_print.py`). Lines of `train`, `validation` and `test` come from different parts of the book, and half of those of
`test` are in two fonts that no other line is in. The same arguments give the same files, byte for byte (with the same
versions of Pillow and NumPy).
"""

import argparse
import csv
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ImageFont
from sample_folder import SampleError, make_folder
from worn_print import Face, Line, Random, print_line

SPLITS = ("train", "validation", "test")
PARTS = {"train": (0.0, 0.7), "validation": (0.7, 0.85), "test": (0.85, 1.0)}
"""The part of the book's paragraphs that each split is from."""

TEXT = "usr/share/go-*/src/testdata/Isaac.Newton-Opticks.txt"
TITLE = "OPTICKS:"
"""With it the book begins; what stands before is about the transcription."""
TEXT_PACKAGE = "golang-1.19-src"
TEXT_DIGEST = "d4a9ac22462b35e7821a4f2706c211093da678620a8f9997989ee7cf8d507bbd"

LENGTHS = (20, 40)
"""Least and greatest number of characters that a full line may have; the last of a paragraph may be shorter."""
SHORTEST = 8
PRINTED = re.compile(r"[A-Za-zÆæ0-9 .,;:’?()\[\]/&-]+")
"""What a paragraph may hold: tables, Greek and angles in minutes are left out."""
OFTEN = 8
"""In `train` every character is in so many lines at least, or in all that there are."""
UNSEEN_PART = 0.5
"""Part of `test` in fonts that no other split has."""


@dataclass(frozen=True)
class FontFiles:
    """A font of Debian 12, under /usr/share/fonts; `digests` are the SHA-256 of both files, their first 12 digits."""

    name: str
    package: str
    version: str
    licence: str
    roman: str
    italic: str
    digests: tuple[str, str]
    unseen: bool = False


FONTS = (
    FontFiles("Caladea", "fonts-crosextra-caladea", "20200211-1", "Apache 2.0 and OFL 1.1",
              "truetype/crosextra/Caladea-Regular.ttf", "truetype/crosextra/Caladea-Italic.ttf",
              ("f1e899278b7b", "4359a8e24f74")),
    FontFiles("Courier Prime", "fonts-courier-prime", "0+git20190115-3", "OFL 1.1",
              "opentype/courier-prime/Courier Prime.otf", "opentype/courier-prime/Courier Prime Italic.otf",
              ("26bb2ce38aa9", "ed03bb16a108")),
    FontFiles("DejaVu Serif", "fonts-dejavu-extra", "2.37-6", "Bitstream Vera",
              "truetype/dejavu/DejaVuSerif.ttf", "truetype/dejavu/DejaVuSerif-Italic.ttf",
              ("13e61509f5c8", "889a2b9daff9")),
    FontFiles("EB Garamond", "fonts-ebgaramond", "0.016+git20210310.42d4f9f2-1", "OFL 1.1",
              "opentype/ebgaramond/EBGaramond12-Regular.otf", "opentype/ebgaramond/EBGaramond12-Italic.otf",
              ("4ee3bdb3a661", "ce6bf781c713")),
    FontFiles("GFS Didot", "fonts-gfs-didot", "1.1-7", "OFL",
              "opentype/didot/GFSDidot.otf", "opentype/didot/GFSDidotItalic.otf",
              ("27d80cbfb744", "83f07e3f4e91")),
    FontFiles("Liberation Serif", "fonts-liberation", "1:1.07.4-11", "GPL 2 with font exception",
              "truetype/liberation/LiberationSerif-Regular.ttf", "truetype/liberation/LiberationSerif-Italic.ttf",
              ("1c9c77c2cd0f", "ccd19036f8e8")),
    FontFiles("Linux Libertine", "fonts-linuxlibertine", "5.3.0-6", "OFL 1.1",
              "opentype/linux-libertine/LinLibertine_R.otf", "opentype/linux-libertine/LinLibertine_RI.otf",
              ("057bbfa1ac76", "f0632ade6a31")),
    FontFiles("Old Standard", "fonts-oldstandard", "2.2really-4", "OFL 1.1",
              "truetype/fonts-oldstandard/OldStandard-Regular.ttf", "truetype/fonts-oldstandard/OldStandard-Italic.ttf",
              ("74916923e4f0", "b49b08875736")),
    FontFiles("Junicode", "fonts-junicode", "2+git20230104+ds-1", "OFL 1.1",
              "opentype/junicode/JunicodeTwoBeta-Regular.otf", "opentype/junicode/JunicodeTwoBeta-Italic.otf",
              ("fb38845e2282", "d14949121938"), unseen=True),
    FontFiles("Vollkorn", "fonts-vollkorn", "4.105-2", "OFL 1.1",
              "truetype/vollkorn/Vollkorn-Regular.ttf", "truetype/vollkorn/Vollkorn-Italic.ttf",
              ("33c0e4742dbf", "9261dc54be8e"), unseen=True),
)  # fmt: skip

README = """# Lines

{total:,} printed lines, 8-bit grey, 34 to 46 pixels high, {shortest} to {longest} characters long: small, bent and
faded as print in an old book is. `labels.csv` says what stands in each (file, text, split, font). The text is as it
is printed, with typographic apostrophes.

| split | lines | from |
|---|---|---|
| train | {train} | the first 70 percent of the book |
| validation | {validation} | the next 15 percent |
| test | {test} | the last 15 percent |

Half of the lines of `test` are in fonts that are in no other split. The lines of `train` were chosen so that each of
the {alphabet} characters is in at least {often} of them, or in all lines that have it; the others were drawn blindly
among lines whose characters are in `train` too. Made by `packaging/make_lines.py` with seed {seed}.

## Source and licence

The text is Sir Isaac Newton's *Opticks*, fourth edition of 1730, in the transcription of Suzanne Lybarger, Steve
Harris, Josephine Paolucci and the Online Distributed Proofreading Team for Project Gutenberg, as in the source of Go
(Debian's package `{text_package}`). It is in the public domain. So are these images and `labels.csv`, as far as we
have a say in it: CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/.

The fonts are Debian's. Their licences allow what is printed with them to be passed on under any terms; no font is in
this folder.

| font | package | version | licence | train | validation | test |
|---|---|---|---|---|---|---|
{fonts}
"""


@dataclass(frozen=True)
class Row:
    """A row of `labels.csv`, and what is printed."""

    file: str
    line: Line
    split: str
    font: FontFiles


def read_paragraphs(text: str) -> list[Line]:
    """The paragraphs that can be printed, with what stands between underscores in italics."""
    paragraphs = []
    for block in re.split(r"\n\s*\n", text):
        marked = " ".join(block.replace("'", "’").split())
        parts = marked.split("_")
        italic = [bool(place % 2) for place, part in enumerate(parts) for _ in part]
        plain = "".join(parts)
        if len(parts) % 2 and PRINTED.fullmatch(plain) and not plain.startswith("["):
            paragraphs.append(Line(plain, italic))
    return paragraphs


def cut(paragraph: Line, random: Random) -> Iterator[Line]:
    """Cut a paragraph between words into lines, each as long as it was drawn to be at most."""
    words = [(found.start(), found.end()) for found in re.finditer(r"\S+", paragraph.text)]
    place = 0
    while place < len(words):
        begin, end = words[place]
        longest = int(random.integers(LENGTHS[0], LENGTHS[1] + 1))
        while place + 1 < len(words) and words[place + 1][1] - begin <= longest:
            place += 1
            end = words[place][1]
        place += 1
        if SHORTEST <= end - begin <= LENGTHS[1]:
            yield Line(paragraph.text[begin:end], paragraph.italic[begin:end])


def lines_of(paragraphs: Sequence[Line], split: str, random: Random) -> list[Line]:
    """All lines of a split's part of the book in random order, none twice."""
    begin, end = (round(part * len(paragraphs)) for part in PARTS[split])
    lines = {line.text: line for paragraph in paragraphs[begin:end] for line in cut(paragraph, random)}
    unique = list(lines.values())
    return [unique[place] for place in random.permutation(len(unique))]


def choose_to_learn(lines: Sequence[Line], count: int) -> list[Line]:
    """The first lines, those before the others that have a character which few of the chosen have."""
    if count > len(lines):
        raise SampleError(f"{count} lines are too many: there are {len(lines)}")
    seen: Counter[str] = Counter()
    rare, others = [], []
    common = Counter(character for line in lines for character in set(line.text))
    # Lines with the rarest characters first, so that what they bring along is counted for the more common ones.
    for line in sorted(lines, key=lambda line: min(common[character] for character in line.text)):
        if any(seen[character] < OFTEN for character in line.text):
            seen.update(set(line.text))
            rare.append(line)
        else:
            others.append(line)
    if len(rare) > count:
        raise SampleError(f"{count} lines are too few: {len(rare)} are needed for every character to be in {OFTEN}")
    order = {line.text: place for place, line in enumerate(lines)}
    return sorted([*rare, *sorted(others, key=lambda line: order[line.text])[: count - len(rare)]],
                  key=lambda line: order[line.text])  # fmt: skip


def choose_to_try(lines: Sequence[Line], count: int, alphabet: set[str], taken: set[str]) -> list[Line]:
    """The first lines whose characters are all in `alphabet` and whose texts are not in `taken`."""
    chosen = [line for line in lines if set(line.text) <= alphabet and line.text not in taken][:count]
    if len(chosen) < count:
        raise SampleError(f"{count} lines are too many: there are {len(chosen)}")
    return chosen


def choose_rows(paragraphs: Sequence[Line], counts: dict[str, int], seed: int) -> Iterator[Row]:
    """Which lines the sample has, and in which fonts they are printed: the fonts of a split in turn."""
    seen = [font for font in FONTS if not font.unseen]
    unseen = [font for font in FONTS if font.unseen]
    alphabet: set[str] = set()
    taken: set[str] = set()
    for number, split in enumerate(SPLITS):
        random, count = np.random.default_rng([seed, number]), counts[split]
        lines = lines_of(paragraphs, split, random)
        if split == "train":
            chosen = choose_to_learn(lines, count)
            alphabet = set("".join(line.text for line in chosen))
        else:
            chosen = choose_to_try(lines, count, alphabet, taken)
        taken |= {line.text for line in chosen}
        strange = round(count * UNSEEN_PART) if split == "test" else 0
        for place, line in enumerate(chosen):
            font = unseen[place % len(unseen)] if place < strange else seen[place % len(seen)]
            yield Row(f"{split}/{place:04}.jpg", line, split, font)


def read_source(root: Path) -> list[Line]:
    """The paragraphs of the book under `root`."""
    for path in sorted(root.glob(TEXT)):
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() == TEXT_DIGEST:
            return read_paragraphs(data.decode("utf-8").partition(TITLE)[2])
    raise SampleError(f"{root / TEXT} is not there, or another text: install Debian's {TEXT_PACKAGE}")


def open_font(font: FontFiles, root: Path) -> Face:
    """Both files of a font under `root`, which must be those that the sample was made with."""
    opened = []
    for name, digest in zip((font.roman, font.italic), font.digests, strict=True):
        path = root / "usr/share/fonts" / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        if not found.startswith(digest):
            raise SampleError(f"{path} is not there, or another version: install {font.package} {font.version}")
        opened.append(ImageFont.truetype(path, 100, layout_engine=ImageFont.Layout.RAQM))
    return Face(*opened)


def write_sample(folder: Path, counts: dict[str, int], seed: int, root: Path) -> None:
    """Write the images, `labels.csv` and `README.md` into the new folder `folder`."""
    rows = list(choose_rows(read_source(root), counts, seed))
    faces = {font: open_font(font, root) for font in FONTS}
    for split in SPLITS:
        (folder / split).mkdir()
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("file", "text", "split", "font"))
        for number, row in enumerate(rows):
            random = np.random.default_rng([seed, len(SPLITS), number])
            (folder / row.file).write_bytes(print_line(row.line, faces[row.font], random))
            table.writerow((row.file, row.line.text, row.split, row.font.name))
    (folder / "README.md").write_text(_readme(rows, counts, seed), encoding="utf-8", newline="\n")


def _readme(rows: Sequence[Row], counts: dict[str, int], seed: int) -> str:
    printed = Counter((row.font.name, row.split) for row in rows)
    fonts = "\n".join(
        f"| {font.name} | `{font.package}` | {font.version} | {font.licence} | "
        + " | ".join(str(printed[font.name, split]) for split in SPLITS) + " |"
        for font in FONTS
    )  # fmt: skip
    lengths = [len(row.line.text) for row in rows]
    alphabet = set("".join(row.line.text for row in rows))
    return README.format(
        total=len(rows), shortest=min(lengths), longest=max(lengths), alphabet=len(alphabet), often=OFTEN, seed=seed,
        text_package=TEXT_PACKAGE, fonts=fonts, **counts,
    )  # fmt: skip


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Make the sample of printed lines from Newton's Opticks.")
    parser.add_argument("--out", type=Path, required=True, help="the folder to make; it must not exist")
    for split, count in zip(SPLITS, (800, 100, 100), strict=True):
        parser.add_argument(f"--{split}", type=int, default=count, help=f"lines of {split} (default {count})")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--root", type=Path, default=Path("/"), help="where Debian's packages are installed")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Make the sample that the command line asks for; return the exit code."""
    options = parse_arguments(arguments)
    counts = {split: getattr(options, split) for split in SPLITS}
    try:
        make_folder(options.out, lambda folder: write_sample(folder, counts, options.seed, options.root))
    except SampleError as error:
        print(f"make_lines: {error}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file())
    print(f"{options.out}: {sum(counts.values())} lines, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
