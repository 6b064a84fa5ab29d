"""The sample of lines: cut from the book without loss, repeatable, and its splits are what they say."""

import csv
import hashlib
import importlib.util
import sys
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFont

REPOSITORY = Path(__file__).resolve().parents[3]
SAMPLE = REPOSITORY / "resources" / "samples" / "lines"
COUNTS = {"train": 60, "validation": 10, "test": 16}
ASKED = [part for split, count in COUNTS.items() for part in (f"--{split}", str(count))]


def load_script(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, REPOSITORY / "packaging" / f"{name}.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


load_script("sample_folder")
worn_print = load_script("worn_print")
make_lines = load_script("make_lines")

PARAGRAPHS = [
    f"The _{number}th_ Experiment. Let [in _Fig._ {number}.] AB be a Lens, and let the Light which comes from the "
    f"Point Q{number} be refracted by it and meet again in the Point R{number}, which is 1/{number + 1} of an Inch."
    for number in range(40)
]


def plain(text: str) -> Any:
    return worn_print.Line(text, [False] * len(text))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system with a book of our own, and Pillow's own font under the name of each font."""
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont) and isinstance(font.path, BytesIO)
    data = font.path.getvalue()
    digest = hashlib.sha256(data).hexdigest()[:12]
    root = tmp_path / "root"
    for one in make_lines.FONTS:
        for name in (one.roman, one.italic):
            (root / "usr/share/fonts" / name).parent.mkdir(parents=True, exist_ok=True)
            (root / "usr/share/fonts" / name).write_bytes(data)
    book = root / make_lines.TEXT.replace("*", "1.99")
    book.parent.mkdir(parents=True)
    book.write_text("\n\n".join(["Produced by hand", "OPTICKS:", *PARAGRAPHS]), encoding="utf-8")
    monkeypatch.setattr(make_lines, "FONTS", tuple(replace(one, digests=(digest, digest)) for one in make_lines.FONTS))
    monkeypatch.setattr(make_lines, "TEXT_DIGEST", hashlib.sha256(book.read_bytes()).hexdigest())
    monkeypatch.setattr(make_lines, "OFTEN", 2)
    return root


def make(out: Path, root: Path, seed: int = 3) -> Path:
    assert make_lines.main(["--out", str(out), "--root", str(root), "--seed", str(seed), *ASKED]) == 0
    return out


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_files_and_another_seed_others(root: Path, tmp_path: Path) -> None:
    first = digests(make(tmp_path / "one", root))
    assert digests(make(tmp_path / "again", root)) == first
    other = digests(make(tmp_path / "other", root, seed=4))
    assert other.keys() == first.keys()
    assert [name for name in first if name.endswith(".jpg") and first[name] == other[name]] == []


def test_the_table_and_the_folders_agree_and_half_of_the_test_is_in_fonts_never_seen(
    root: Path, tmp_path: Path
) -> None:
    made = make(tmp_path / "sample", root)
    table = rows(made)
    assert sorted(row["file"] for row in table) == sorted(name for name in digests(made) if name.endswith(".jpg"))
    assert Counter(row["split"] for row in table) == COUNTS
    unseen = {font.name for font in make_lines.FONTS if font.unseen}
    strange = Counter(row["split"] for row in table if row["font"] in unseen)
    assert strange == {"test": COUNTS["test"] // 2}
    readme = (made / "README.md").read_text(encoding="utf-8")
    assert "public domain" in readme and all(font.package in readme for font in make_lines.FONTS)


def test_a_paragraph_is_cut_between_words_and_keeps_its_italics() -> None:
    (paragraph,) = make_lines.read_paragraphs("So the\nSun's _Light_ is\nmingled, _and_ again, and once more _q_.")
    assert paragraph.text == "So the Sun’s Light is mingled, and again, and once more q."
    assert "".join(one for one, italic in zip(paragraph.text, paragraph.italic, strict=True) if italic) == "Lightandq"
    for seed in range(20):
        lines = list(make_lines.cut(paragraph, np.random.default_rng(seed)))
        assert paragraph.text.startswith(" ".join(line.text for line in lines))
        assert all(len(line.text) == len(line.italic) for line in lines)
        assert all(make_lines.SHORTEST <= len(line.text) <= make_lines.LENGTHS[1] for line in lines)
        assert lines[0].runs()[0][0].startswith("So the Sun’s ")


def test_tables_figures_and_what_no_font_has_are_left_out() -> None:
    text = "| 1 | 2 |\n\n[Illustration: FIG. 1]\n\nAn Angle of 2´.\n\nAn _odd mark.\n\nLight is white."
    assert [one.text for one in make_lines.read_paragraphs(text)] == ["Light is white."]


def test_rare_characters_are_learned_and_none_is_only_tried() -> None:
    lines = [plain(f"word {'on ' * number}on") for number in range(40)]
    assert make_lines.choose_to_learn(lines, 12) == lines[:12]
    rare = [*lines, plain("word on Q")]
    assert make_lines.choose_to_learn(rare, 12) == [*lines[:11], rare[-1]]
    tried = make_lines.choose_to_try([rare[-1], *lines[:3]], 2, set("word n"), {lines[0].text})
    assert tried == lines[1:3]
    with pytest.raises(make_lines.SampleError, match="too many"):
        make_lines.choose_to_learn(lines, 41)
    with pytest.raises(make_lines.SampleError, match="too few"):
        make_lines.choose_to_learn(lines, 3)


def test_a_printed_line_is_a_small_grey_jpeg_with_ink_across_it() -> None:
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    face = worn_print.Face(font, font)
    for seed in range(30):
        data = worn_print.print_line(plain("All Bodies by percussion excite"), face, np.random.default_rng(seed))
        with Image.open(BytesIO(data)) as image:
            assert (image.format, image.mode) == ("JPEG", "L")
            assert worn_print.HEIGHTS[0] <= image.height <= worn_print.HEIGHTS[1] < image.width / 4
            grey = np.asarray(image, np.float64)
        dark = np.flatnonzero((np.median(grey) - grey > 25).any(axis=0)) / grey.shape[1]
        assert dark.min() < 0.15 and dark.max() > 0.85


def test_sources_that_are_missing_or_other_are_named(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    font = make_lines.FONTS[3]
    (root / "usr/share/fonts" / font.italic).write_bytes(b"another version")
    assert make_lines.main(["--out", str(tmp_path / "new"), "--root", str(root), *ASKED]) == 1
    assert f"install {font.package} {font.version}" in capsys.readouterr().err
    next(root.glob(make_lines.TEXT)).write_text("Another book")
    assert make_lines.main(["--out", str(tmp_path / "new"), "--root", str(root)]) == 1
    assert make_lines.TEXT_PACKAGE in capsys.readouterr().err
    assert make_lines.main(["--out", str(root)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["root"]


def test_the_bundled_sample_is_whole_and_honest() -> None:
    table = rows(SAMPLE)
    assert list(table[0]) == ["file", "text", "split", "font"]
    assert Counter(row["split"] for row in table) == {"train": 800, "validation": 100, "test": 100}
    files = {path.relative_to(SAMPLE).as_posix(): path.stat().st_size for path in SAMPLE.rglob("*.jpg")}
    assert sorted(row["file"] for row in table) == sorted(files)
    assert sum(files.values()) < 4e6
    texts = {split: {row["text"] for row in table if row["split"] == split} for split in COUNTS}
    assert sum(map(len, texts.values())) == len(table)
    alphabets = {split: set("".join(texts[split])) for split in texts}
    assert alphabets["validation"] | alphabets["test"] <= alphabets["train"]
    fonts = {split: {row["font"] for row in table if row["split"] == split} for split in COUNTS}
    assert fonts["train"] == fonts["validation"] and fonts["test"] - fonts["train"] == {"Junicode", "Vollkorn"}
