"""Texts a person sees, and their translation, without Qt.

Every text is written in English in the code and marked for extraction: ``tr`` translates at once, ``N_`` only marks
(for texts that are declared at import and translated when they are shown), ``ntr`` chooses the plural form. What
stays on the screen is kept as ``Words``, so that it follows the language when that is switched. The catalogues are GNU
gettext files, ``resources/i18n/<language>/LC_MESSAGES/imgmine.mo``.
"""

import gettext
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}

Words = str | Callable[[], str]
"""A text that is read anew whenever it is shown: an English one marked with ``N_``, or a function that translates."""


class _Current:
    """The language that is translated into; one for the whole process."""

    language = "en"
    translations: gettext.NullTranslations = gettext.NullTranslations()


def set_language(language: str) -> None:
    """Translate from now on into ``language``, a key of ``LANGUAGES``; English needs no catalogue.

    Raises:
        KeyError: the language is not one of ``LANGUAGES``.
    """
    if language not in LANGUAGES:
        raise KeyError(f"unknown language. Received: language={language!r}, known: {sorted(LANGUAGES)}")
    _Current.language = language
    if language == "en":
        _Current.translations = gettext.NullTranslations()
    else:
        _Current.translations = gettext.translation("imgmine", RESOURCES / "i18n", languages=[language], fallback=True)


def language() -> str:
    """The language that ``tr`` translates into."""
    return _Current.language


class Marked(str):
    """A text that ``N_`` marked: as a value of another text it is translated together with that."""

    __slots__ = ()


class Retold(str):
    """Words that keep the text and the values they were made of: ``tr`` says them again in the present language.

    Pickled, they are said in the language of the process that reads them.
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, values: Mapping[str, Any]) -> "Retold":
        """Say ``template`` now."""
        made = super().__new__(cls, tr(template, **values))
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Retold, (self.template, self.values)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark ``text`` for translation without translating it."""
    return Marked(text)


def tr(text: str, /, **values: Any) -> str:
    """Translate ``text`` and fill in its ``{name}`` fields.

    Args:
        text: an English one, or what was said before as ``Retold``.
        values: for the fields. Those that are texts themselves, marked with ``N_`` or made by a function, are
            translated too; a list or tuple is written as names in a row.
    """
    if isinstance(text, Retold):
        return tr(text.template, **text.values)
    return fill(_Current.translations.gettext(text) if text else "", values)


def ntr(singular: str, plural: str, count: int, /, **values: Any) -> str:
    """Translate in the plural form that ``count`` asks for; ``{count}`` is filled in too."""
    return fill(_Current.translations.ngettext(singular, plural, count), {"count": count, **values})


def read(words: Words) -> str:
    """``words`` in the current language."""
    return words() if callable(words) else tr(words)


def join_list(names: Iterable[object]) -> str:
    """Names in a row as they stand in a sentence of the current language: "ash, oak", in Chinese "ash、oak"."""
    # Translators: names in a row within a sentence; only the mark between them is used.
    return tr("{first}, {second}", first="", second="").join(map(str, names))


def join_phrases(parts: Iterable[str]) -> str:
    """The ``parts`` that are not empty in one line, with the comma of the current language between them."""
    return tr(", ").join(part for part in parts if part)


def join_sentences(*sentences: str) -> str:
    """The sentences that are not empty one after the other; Chinese ones bring their gap with their last mark."""
    joined = ""
    for sentence in filter(None, sentences):
        joined += sentence if not joined or joined.endswith(("。", "？", "！")) else f" {sentence}"
    return joined


def fill(template: str, values: Mapping[str, Any]) -> str:
    """``template`` with its ``{name}`` fields filled in; a text without values is returned as it is."""
    return template.format(**{name: _written(value) for name, value in values.items()}) if values else template


def _written(value: Any) -> Any:
    if isinstance(value, Marked | Retold) or callable(value):
        return read(value)
    return join_list(map(_written, value)) if isinstance(value, list | tuple) else value
