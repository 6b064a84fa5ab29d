"""The catalogues follow the sources, keep what is translated, and the check finds each thing that is left to do."""

import gettext
import io
from pathlib import Path

import pytest
import translations
from babel.messages.catalog import Catalog
from translations import check_all, compile_all, extract, extract_all, load, po_path, save, texts

LANGUAGES = ("zh_CN",)
SOURCE = '''"""A page."""
from imgmine_gui.core.text import N_, ntr, tr

TITLE = N_("Train")


def describe(name: str, count: int, text: str) -> str:
    """Not for translation: tr."""
    # Translators: beside a thumbnail
    first = tr("Open {name}", name=name)
    return first + ntr("{count} image", "{count} images", count) + tr(text) + tr("Two " "parts")
'''
TRANSLATED: dict[str, str | tuple[str, ...]] = {
    "Train": "训练",
    "Open {name}": "打开 {name}",
    "{count} image": ("{count} 幅图像",),
    "Two parts": "两部分",
}


class Tree:
    """A small program with its catalogues."""

    def __init__(self, folder: Path) -> None:
        self.package = folder / "program"
        self.i18n = folder / "i18n"
        self.page = self.package / "pages" / "train.py"
        self.page.parent.mkdir(parents=True)
        self.page.write_text(SOURCE, "utf-8")
        self.po = po_path(self.i18n, "zh_CN")
        self.mo = self.po.with_suffix(".mo")

    def extract(self) -> None:
        extract_all(self.package, self.i18n, LANGUAGES)

    def compile(self) -> None:
        compile_all(self.i18n, LANGUAGES)

    def check(self) -> list[str]:
        return check_all(self.package, self.i18n, LANGUAGES)

    def catalogue(self) -> Catalog:
        catalogue = load(self.po, "zh_CN")
        assert catalogue is not None
        return catalogue

    def translate(self, translated: dict[str, str | tuple[str, ...]]) -> None:
        catalogue = self.catalogue()
        for message in texts(catalogue):
            source = translations.sources(message)[0]
            message.string = translated.get(source, message.string)
        save(self.po, translations.merge(catalogue, catalogue, "zh_CN"))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    tree = Tree(tmp_path)
    tree.extract()
    tree.translate(TRANSLATED)
    tree.compile()
    return tree


def test_all_marked_texts_are_extracted(tree: Tree) -> None:
    found = {translations.sources(message): message for message in texts(extract(tree.package))}
    assert set(found) == {("Train",), ("Open {name}",), ("{count} image", "{count} images"), ("Two parts",)}
    assert found[("Open {name}",)].auto_comments == ["beside a thumbnail"]


def test_texts_inside_f_strings_are_extracted(tree: Tree) -> None:
    tree.page.write_text(
        """said = f"{tr('Kept')}, {ntr('{count} run', '{count} runs', n)} {tr(name)} {other('No')}"\n""", "utf-8"
    )
    assert {translations.sources(message) for message in texts(extract(tree.package))} == {
        ("Kept",),
        ("{count} run", "{count} runs"),
    }


def test_files_hold_no_dates_and_no_line_numbers_and_are_sorted(tree: Tree) -> None:
    for path in (tree.i18n / "imgmine.pot", tree.po):
        text = path.read_text("utf-8")
        assert "Date" not in text and "Babel" not in text and "20" not in text
        assert "#: program/pages/train.py\n" in text
        assert text.index('"Open {name}"') < text.index('"Train"') < text.index('"Two parts"')


def test_a_finished_translation_passes(tree: Tree) -> None:
    assert tree.check() == []


def test_the_program_reads_what_is_compiled(tree: Tree) -> None:
    read = gettext.GNUTranslations(io.BytesIO(tree.mo.read_bytes()))
    assert read.gettext("Train") == "训练"
    assert read.ngettext("{count} image", "{count} images", 1) == "{count} 幅图像"


def test_an_untranslated_text_stays_english_in_the_program(tree: Tree) -> None:
    tree.translate({"Train": "", "{count} image": ("",)})
    tree.compile()
    read = gettext.GNUTranslations(io.BytesIO(tree.mo.read_bytes()))
    assert (read.gettext("Train"), read.ngettext("{count} image", "{count} images", 2)) == ("Train", "{count} images")


def test_the_same_translations_give_the_same_bytes(tree: Tree) -> None:
    before = [path.read_bytes() for path in (tree.po, tree.mo, tree.i18n / "imgmine.pot")]
    tree.extract()
    tree.compile()
    assert [path.read_bytes() for path in (tree.po, tree.mo, tree.i18n / "imgmine.pot")] == before


def test_extract_keeps_translations_and_drops_what_is_gone(tree: Tree) -> None:
    tree.page.write_text(SOURCE.replace('"Two " "parts"', '"Two parts more"').replace("TITLE", "NAME"), "utf-8")
    tree.extract()
    assert {translations.sources(m)[0]: translations.forms(m) for m in texts(tree.catalogue())} == {
        "Train": ("训练",),
        "Open {name}": ("打开 {name}",),
        "{count} image": ("{count} 幅图像",),
        "Two parts more": ("",),
    }
    assert "#~" not in tree.po.read_text("utf-8")


def test_a_changed_plural_is_translated_anew(tree: Tree) -> None:
    tree.page.write_text(SOURCE.replace("{count} images", "{count} pictures"), "utf-8")
    tree.extract()
    assert tree.check()[0] == "zh_CN: “{count} image” has no translation"


def test_check_finds_a_new_text(tree: Tree) -> None:
    tree.page.write_text(SOURCE + 'NEW = N_("Stop")\n', "utf-8")
    problems = tree.check()
    assert problems[0].startswith("imgmine.pot is not what the sources hold")
    assert problems[1].startswith("zh_CN: imgmine.po has not the texts of the sources")


def test_check_finds_a_text_that_moved_to_another_file(tree: Tree) -> None:
    tree.page.rename(tree.page.with_name("learn.py"))
    assert [problem[:29] for problem in tree.check()] == ["imgmine.pot is not what the s"]


@pytest.mark.parametrize(
    ("source", "translation", "words"),
    [
        ("Train", "", "“Train” has no translation"),
        ("{count} image", ("",), "“{count} image” has no translation"),
        ("Open {name}", "打开 {file}", "“Open {name}” has the fields"),
        ("Train", "训练A", "“Train” lacks a blank"),
        ("Train", "训练!", "“Train” has the ASCII mark"),
        ("Train", "训练...", "“Train” has three dots"),
    ],
)
def test_check_finds_a_bad_translation(tree: Tree, source: str, translation: str | tuple[str, ...], words: str) -> None:
    tree.translate({source: translation})
    tree.compile()
    assert [problem for problem in tree.check() if words in problem] != []


def test_check_finds_a_fuzzy_translation(tree: Tree) -> None:
    catalogue = tree.catalogue()
    catalogue["Train"].flags.add("fuzzy")
    save(tree.po, translations.merge(catalogue, catalogue, "zh_CN"))
    tree.compile()
    assert tree.check() == ["zh_CN: “Train” is marked as fuzzy"]


def test_check_finds_a_binary_that_was_not_compiled_again(tree: Tree) -> None:
    tree.translate({"Train": "学习"})
    assert [problem[:36] for problem in tree.check()] == ["zh_CN: imgmine.mo is not what imgmin"]
    tree.mo.unlink()
    assert len(tree.check()) == 1


def test_check_finds_missing_files(tmp_path: Path) -> None:
    assert [problem.split(";")[0] for problem in Tree(tmp_path).check()] == [
        "imgmine.pot is not what the sources hold",
        "zh_CN: imgmine.po is not there",
    ]


@pytest.mark.parametrize("arguments", [[], ["dance"], ["check", "more"]])
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.main(arguments) == 2
    assert "extract|check|compile" in capsys.readouterr().err


@pytest.mark.parametrize(("problems", "code"), [([], 0), (["zh_CN: one", "zh_CN: two"], 1)])
def test_check_lists_the_problems_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], problems: list[str], code: int
) -> None:
    monkeypatch.setattr(translations, "check_all", lambda package, i18n: problems)
    assert translations.main(["check"]) == code
    assert capsys.readouterr().out.splitlines() == (problems or ["The translations are complete."])
