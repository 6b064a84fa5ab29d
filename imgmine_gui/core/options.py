"""Configurations that describe themselves: one declaration gives the form, the command line, the check and the JSON.

A configuration is a frozen pydantic model derived from ``Options``. Its fields carry ``title`` and ``description``
(marked with ``N_``), bounds (``ge``, ``le``), and choices (a ``StrEnum`` or ``Literal``); ``option_fields`` turns
that into plain descriptions for whoever draws a form or reads ``--set KEY=VALUE``.
"""

import enum
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_


class Options(BaseModel):
    """The base of every configuration: frozen, no unknown fields, defaults checked too."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)


OptionsT = TypeVar("OptionsT", bound=Options)


_WHOLE = N_("The option “{name}” cannot be “{value}”: it must be a whole number.")
_REAL = N_("The option “{name}” cannot be “{value}”: it must be a number.")
_REFUSALS = {
    "greater_than_equal": N_("The option “{name}” cannot be “{value}”: it must be at least {limit}."),
    "greater_than": N_("The option “{name}” cannot be “{value}”: it must be more than {limit}."),
    "less_than_equal": N_("The option “{name}” cannot be “{value}”: it must be at most {limit}."),
    "less_than": N_("The option “{name}” cannot be “{value}”: it must be less than {limit}."),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _REAL,
    "float_parsing": _REAL,
    "finite_number": _REAL,
    "bool_type": N_("The option “{name}” cannot be “{value}”: it must be true or false."),
    "bool_parsing": N_("The option “{name}” cannot be “{value}”: it must be true or false."),
    "enum": N_("The option “{name}” cannot be “{value}”. Choose one of: {choices}."),
    "too_short": N_("The option “{name}” cannot be “{value}”: it needs at least {limit} numbers."),
    "too_long": N_("The option “{name}” cannot be “{value}”: it may have at most {limit} numbers."),
}
"""The words for the kinds of pydantic's errors; the others keep pydantic's own."""


class Kind(enum.StrEnum):
    """What sort of control an option needs."""

    SWITCH = "switch"
    WHOLE = "whole"
    REAL = "real"
    TEXT = "text"
    CHOICE = "choice"
    WHOLE_LIST = "whole_list"


@dataclass(frozen=True)
class OptionField:
    """One option, as a form or a command line needs it; texts are English templates to be translated.

    Attributes:
        minimum, maximum: bounds, inclusive; None where there is none. Of a list: of each entry.
        choices: values with their titles, for ``Kind.CHOICE``.
        optional: whether ``None`` is allowed.
        advanced: whether a form may hide it at first.
        unit: after the number: "px", "s".
    """

    name: str
    title: str
    description: str
    kind: Kind
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    advanced: bool = False
    unit: str = ""


def option_fields(options: type[Options]) -> list[OptionField]:
    """Describe every field of ``options``, in the order of their declaration."""
    return [_describe(name, info) for name, info in options.model_fields.items()]


def parse_options(options: type[OptionsT], values: Mapping[str, Any]) -> OptionsT:
    """Check ``values`` (JSON types or strings) and make the configuration.

    Raises:
        UserError: a name is unknown or a value is out of its bounds; says which and what is allowed.
    """
    prepared = {name: _from_string(options, name, value) for name, value in values.items()}
    try:
        return options.model_validate(prepared)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        if first["type"] == "extra_forbidden":
            raise UserError(
                N_("There is no option “{name}” here."),
                N_("Choose one of: {names}."),
                name=name,
                names=list(options.model_fields),
            ) from None
        field = options.model_fields.get(name)
        raise UserError(
            _REFUSALS.get(first["type"], N_("The option “{name}” cannot be {value}: {reason}.")),
            N_("{title}: {description}") if field and field.description else "",
            name=name,
            value=_shown(first.get("input")),
            reason=first["msg"].removeprefix("Value error, "),
            title=(field.title if field else None) or name,
            description=(field.description if field else None) or "",
            **_limits(options, name, first.get("ctx", {})),
        ) from None


def _shown(value: Any) -> str:
    """A value as a person writes it."""
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _limits(options: type[Options], name: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """What the value must keep to, for the words of a refusal."""
    info = options.model_fields.get(name)
    choices = [value for value, _ in _describe(name, info).choices] if info else []
    bounds = ("ge", "gt", "le", "lt", "min_length", "max_length")
    limit = next((context[bound] for bound in bounds if bound in context), "")
    return {"choices": choices, "limit": f"{limit:g}" if isinstance(limit, int | float) else str(limit)}


def _from_string(options: type[Options], name: str, value: Any) -> Any:
    """A list is written ``32,64,128`` and nothing is written ``none`` on a command line."""
    info = options.model_fields.get(name)
    if info is None or not isinstance(value, str):
        return value
    field = _describe(name, info)
    if field.optional and value.lower() in {"none", ""}:
        return None
    if field.kind is Kind.WHOLE_LIST:
        return tuple(part.strip() for part in value.strip("[]() ").split(",") if part.strip())
    return value


def _describe(name: str, info: FieldInfo) -> OptionField:
    annotation, optional = _without_none(info.annotation)
    kind, choices = _kind(annotation)
    low: float | None = None
    high: float | None = None
    for rule in _rules(info, annotation):
        low = _bound(rule, (Ge, Gt), low)
        high = _bound(rule, (Le, Lt), high)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return OptionField(
        name=name,
        title=info.title or name,
        description=info.description or "",
        kind=kind,
        default=info.get_default(call_default_factory=True),
        minimum=low,
        maximum=high,
        choices=choices,
        optional=optional,
        advanced=bool(extra.get("advanced", False)),
        unit=str(extra.get("unit", "")),
    )


def _rules(info: FieldInfo, annotation: Any) -> list[Any]:
    """The bounds of the field, or of the entries of a list."""
    marks = [mark for part in typing.get_args(annotation) for mark in getattr(part, "__metadata__", ())]
    entries = [rule for mark in marks for rule in (mark.metadata if isinstance(mark, FieldInfo) else [mark])]
    return [rule for rule in info.metadata if not isinstance(rule, MinLen)] + entries


def _bound(rule: Any, kinds: tuple[type, type], before: float | None) -> float | None:
    if not isinstance(rule, kinds):
        return before
    value = next(getattr(rule, side) for side in ("ge", "gt", "le", "lt") if hasattr(rule, side))
    return float(value)


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        parts = [part for part in typing.get_args(annotation) if part is not type(None)]
        return (parts[0] if len(parts) == 1 else annotation), len(parts) < len(typing.get_args(annotation))
    return annotation, False


def _kind(annotation: Any) -> tuple[Kind, tuple[tuple[str, str], ...]]:
    if annotation is bool:
        return Kind.SWITCH, ()
    if annotation is int:
        return Kind.WHOLE, ()
    if annotation is float:
        return Kind.REAL, ()
    if isinstance(annotation, type) and issubclass(annotation, enum.StrEnum):
        return Kind.CHOICE, tuple((member.value, getattr(member, "words", member.value)) for member in annotation)
    if typing.get_origin(annotation) is tuple:
        return Kind.WHOLE_LIST, ()
    return Kind.TEXT, ()


def to_json(options: Options) -> str:
    """The configuration as JSON with sorted keys, the same for equal configurations."""
    return json.dumps(options.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
