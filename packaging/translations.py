"""Extract, check and compile the translations of the program: ``translations.py extract|check|compile``.

``extract`` collects the texts of imgmine_gui into imgmine.pot and brings every imgmine.po up to date; a person fills
in what is empty there; ``compile`` writes imgmine.mo, which the program reads; ``check`` says what is left to do.
All files are in the repository, so they hold no dates and no line numbers, and are sorted.
"""

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from translation_rules import missing, wrong_fields, wrong_typography

from imgmine_gui.core.text import LANGUAGES, RESOURCES

I18N = RESOURCES / "i18n"
PACKAGE = Path(__file__).resolve().parents[1] / "imgmine_gui"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"tr": None, "N_": None, "ntr": (1, 2)}
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")


class StableCatalog(Catalog):  # type: ignore[misc]
    """A catalogue whose files are the same whenever, and with whichever Babel, they are written."""

    def __init__(self, locale: str | None = None) -> None:
        super().__init__(locale, project="ImgMine", fuzzy=False, header_comment="# The texts of ImgMine.")

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header without dates and without Babel's version."""
        kept = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
        return [(name, value) for name, value in super().mime_headers if name in kept]


def extract(package: Path) -> StableCatalog:
    """The texts that the sources in ``package`` mark with ``tr``, ``N_`` and ``ntr``."""
    template = StableCatalog()
    found = extract_from_dir(
        package,
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for name, line, message, comments, context in found:
        template.add(message, None, [(f"{package.name}/{name}", line)], auto_comments=comments, context=context)
    for path in sorted(package.rglob("*.py")):
        for line, message in inside_f_strings(ast.parse(path.read_bytes())):
            template.add(message, None, [(f"{package.name}/{path.relative_to(package).as_posix()}", line)])
    return template


def inside_f_strings(source: ast.AST) -> Iterator[tuple[int, str | tuple[str, ...]]]:
    """The line and the text of each call in an f-string: Babel sees those from Python 3.12 on only."""
    for whole in ast.walk(source):
        for call in ast.walk(whole) if isinstance(whole, ast.JoinedStr) else ():
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS):
                continue
            given = [str(argument.value) for argument in call.args if isinstance(argument, ast.Constant)]
            wanted = given[: len(KEYWORDS[call.func.id] or (1,))]
            if wanted:
                yield call.lineno, wanted[0] if len(wanted) == 1 else tuple(wanted)


def merge(template: Catalog, translated: Catalog | None, language: str) -> StableCatalog:
    """The texts of ``template`` with the translations that ``translated`` has for exactly these texts."""
    merged = StableCatalog(language)
    for message in texts(template):
        old = translated.get(message.id, message.context) if translated is not None else None
        if old is not None and old.id != message.id:
            old = None  # only the singular is the same
        merged.add(
            message.id,
            old.string if old is not None else None,
            message.locations,
            flags=old.flags if old is not None else (),
            auto_comments=message.auto_comments,
            user_comments=old.user_comments if old is not None else (),
            context=message.context,
        )
    return merged


def texts(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def po_path(i18n: Path, language: str) -> Path:
    """Where the translations into ``language`` are kept."""
    return i18n / language / "LC_MESSAGES" / "imgmine.po"


def load(path: Path, language: str | None = None) -> Catalog | None:
    """The catalogue in a .po or .pot file; None where there is no file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language)


def save(path: Path, catalog: StableCatalog) -> None:
    """Write a .po or .pot file."""
    written = io.BytesIO()
    write_po(written, catalog, sort_output=True, include_lineno=False, width=120)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written.getvalue())


def compiled(translated: Catalog, language: str) -> bytes:
    """The bytes of the .mo file; a text without translation is left out and stays English."""
    # write_mo itself leaves out what is fuzzy, and would fill an empty plural with the singular.
    complete = Catalog(language)
    for message in texts(translated):
        if all(forms(message)):
            complete[message.id] = message
    written = io.BytesIO()
    write_mo(written, merge(complete, complete, language))
    return written.getvalue()


def extract_all(package: Path, i18n: Path, languages: Iterable[str] = TRANSLATED) -> None:
    """Bring imgmine.pot and every imgmine.po up to date with the sources."""
    template = extract(package)
    save(i18n / "imgmine.pot", template)
    for language in languages:
        path = po_path(i18n, language)
        save(path, merge(template, load(path, language), language))


def compile_all(i18n: Path, languages: Iterable[str] = TRANSLATED) -> None:
    """Write every imgmine.mo."""
    for language in languages:
        path = po_path(i18n, language)
        translated = load(path, language)
        if translated is None:
            raise SystemExit(f"{path} is not there; run: translations.py extract")
        path.with_suffix(".mo").write_bytes(compiled(translated, language))


def check_all(package: Path, i18n: Path, languages: Iterable[str] = TRANSLATED) -> list[str]:
    """Everything that is left to do, a line each; empty where all is well."""
    template = extract(package)
    written = load(i18n / "imgmine.pot")
    problems = []
    if written is None or places(written) != places(template):
        problems.append("imgmine.pot is not what the sources hold; run: translations.py extract")
    for language in languages:
        problems += [f"{language}: {problem}" for problem in check_language(template, i18n, language)]
    return problems


def places(catalog: Catalog) -> dict[Any, set[str]]:
    """Each text with the files that it is in."""
    return {(message.id, message.context): {name for name, _ in message.locations} for message in texts(catalog)}


def check_language(template: Catalog, i18n: Path, language: str) -> Iterator[str]:
    """What is left to do for one language."""
    path = po_path(i18n, language)
    translated = load(path, language)
    if translated is None:
        yield "imgmine.po is not there; run: translations.py extract"
        return
    wanted = places(template)
    if wanted.keys() != places(translated).keys():
        yield "imgmine.po has not the texts of the sources; run: translations.py extract"
    for message in texts(translated):
        if (message.id, message.context) in wanted:
            yield from (f"“{sources(message)[0]}” {problem}" for problem in check_message(message, language))
    binary = path.with_suffix(".mo")
    if not binary.is_file() or binary.read_bytes() != compiled(translated, language):
        yield "imgmine.mo is not what imgmine.po compiles to; run: translations.py compile"


def check_message(message: Message, language: str) -> Iterator[str]:
    """What is wrong with one translation."""
    translations = forms(message)
    yield from missing(translations, message.fuzzy)
    for translation in filter(None, translations):
        yield from wrong_fields(sources(message), translation)
        if language.startswith("zh"):
            yield from wrong_typography(translation)


def sources(message: Message) -> tuple[str, ...]:
    """The English text; or singular and plural."""
    return message.id if message.pluralizable else (message.id,)


def forms(message: Message) -> tuple[str, ...]:
    """The translation, a text for each plural form."""
    return tuple(message.string) if message.pluralizable else (message.string,)


def main(arguments: list[str]) -> int:
    """Do what the argument names; give the exit code."""
    if arguments == ["extract"]:
        extract_all(PACKAGE, I18N)
    elif arguments == ["compile"]:
        compile_all(I18N)
    elif arguments == ["check"]:
        problems = check_all(PACKAGE, I18N)
        print("\n".join(problems) or "The translations are complete.")
        return 1 if problems else 0
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
