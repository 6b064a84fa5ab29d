"""What a form says of an option: its bounds, its default, and the text that is shown on hover."""

import html
import re
import unicodedata
from typing import Any

from imgmine_gui.core.options import Kind, OptionField
from imgmine_gui.core.text import N_, join_sentences, tr
from imgmine_gui.gui.format import count

NO_VALUE = N_("none")
GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
NUMERIC = frozenset({Kind.WHOLE, Kind.REAL, Kind.WHOLE_LIST})


def plain_number(value: float) -> str:
    """``value`` as a person types it, with every digit that matters: 32, 0.001, 1e-5."""
    if isinstance(value, int):
        return str(value)
    return re.sub(r"e([+-])0*", lambda found: f"e{found[1].replace('+', '')}", repr(value).removesuffix(".0"))


def parse_number(text: str, unit: str = "", whole: bool = False) -> float | int:
    """The number that a person typed: with a unit or without, with a decimal point or comma, in digits of any width.

    A single comma groups the digits of a number that is to be ``whole``, and is the decimal comma of another.

    Raises:
        ValueError: it is no number.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    plain = plain.removesuffix(unit).strip() if unit else plain
    if GROUPED.fullmatch(plain) and (whole or plain.count(",") > 1):
        plain = plain.replace(",", "")
    try:
        return int(plain)
    except ValueError:
        return float(plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain)


def shown_number(value: float) -> str:
    """A bound or a default in a sentence: grouped where it is whole and large."""
    return count(int(value)) if float(value).is_integer() and abs(value) < 2**53 else plain_number(value)


def value_text(field: OptionField, value: Any) -> str:
    """A value of the option in words, with its unit."""
    if value is None:
        return tr(NO_VALUE)
    match field.kind:
        case Kind.SWITCH:
            return tr("on") if value else tr("off")
        case Kind.CHOICE:
            return tr(dict(field.choices).get(str(value), str(value)))
        case Kind.WHOLE_LIST:
            return ", ".join(str(entry) for entry in value)
        case Kind.WHOLE | Kind.REAL:
            return with_unit(shown_number(value), field)
    return str(value)


def with_unit(text: str, field: OptionField) -> str:
    """``text`` and the option's unit; signs such as ° stand close."""
    if not field.unit:
        return text
    unit = tr(field.unit)
    return f"{text} {unit}" if unit[0].isalnum() or unit == "%" else f"{text}{unit}"


def bounds_text(field: OptionField) -> str:
    """What numbers are allowed; empty where all are."""
    if field.kind not in NUMERIC:
        return ""
    low = None if field.minimum is None else shown_number(field.minimum)
    high = None if field.maximum is None else shown_number(field.maximum)
    each = field.kind is Kind.WHOLE_LIST
    if low is not None and high is not None:
        template = N_("Each from {low} to {high}.") if each else N_("From {low} to {high}.")
        return tr(template, low=low, high=with_unit(high, field))
    if low is not None:
        return tr(N_("Each at least {low}.") if each else N_("At least {low}."), low=with_unit(low, field))
    if high is not None:
        return tr(N_("Each at most {high}.") if each else N_("At most {high}."), high=with_unit(high, field))
    return ""


def hover_text(field: OptionField) -> str:
    """Description, bounds and default, as rich text, since plain text in a tool tip does not wrap."""
    bounds = bounds_text(field)
    default = tr("Default: {value}.", value=value_text(field, field.default))
    rules = join_sentences(bounds, default)
    return f"<p>{html.escape(tr(field.description))}</p><p>{html.escape(rules)}</p>"
