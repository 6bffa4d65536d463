"""Whether values fit a project's attributes; it knows no database."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Value = bool | float | str
MAX_TEXT = 2000
MAX_NUMBER = 1e15
_CHOICES_SHOWN = 12
_FEW_CHOICES = 20
_SHORT = 40


@dataclass(frozen=True)
class Definition:
    """What an attribute takes; `class_name` is None where every object, or the image, has it."""

    name: str
    kind: str
    choices: Sequence[str] = ()


def faults(
    values: Mapping[str, Value], definitions: Sequence[Definition], *, kept: Mapping[str, Value], whose: str
) -> list[str]:
    """Return what is wrong with values, in whole sentences; what was there before and stays as it was is right.

    Args:
        values: By the attribute's name.
        definitions: The attributes that whoever has these values can have.
        kept: The values before.
        whose: Whom a message means: "objects of the class 'bun'".

    Example:
        >>> faults({"state": "raw"}, [Definition("state", "choice", ["baked"])], kept={}, whose="objects")
        ['“state” must be one of “baked”, not “raw”.']
        >>> faults({"size": float("nan")}, [Definition("size", "number")], kept={}, whose="objects")
        ['“size” must be a number between -1e15 and 1e15, not NaN.']
    """
    known = {definition.name: definition for definition in definitions}
    found = []
    for name, value in values.items():
        if name in kept and kept[name] == value and type(kept[name]) is type(value):
            continue
        definition = known.get(name)
        fault = _unknown(name, known, whose) if definition is None else _fault(definition, value)
        if fault:
            found.append(fault)
    return found


def infer(values: Iterable[Value]) -> tuple[str, list[str]]:
    """Return the kind of attribute that these values are of, with its choices.

    Example:
        >>> infer([True, False]), infer([1.5, 2]), infer(["raw", "baked", "raw"])
        (('flag', []), ('number', []), ('choice', ['raw', 'baked']))
    """
    seen = list(dict.fromkeys((type(value) is bool, value) for value in values))
    if all(is_flag for is_flag, _ in seen):
        return "flag", []
    plain = [value for is_flag, value in seen if not is_flag]
    if len(plain) == len(seen) and all(not isinstance(value, str) for value in plain):
        return "number", []
    words = [str(value).strip() for _, value in seen]
    if all(isinstance(value, str) for _, value in seen) and is_choice(words):
        return "choice", words
    return "text", []


def is_choice(words: Sequence[str]) -> bool:
    """Say whether words look like the few answers to one question, not like remarks."""
    return 0 < len(words) <= _FEW_CHOICES and all(0 < len(word) <= _SHORT and "\n" not in word for word in words)


def _unknown(name: str, known: Mapping[str, Definition], whose: str) -> str:
    there = ", ".join(f"“{other}”" for other in list(known)[:_CHOICES_SHOWN]) or "none"
    return f"There is no attribute “{name}” for {whose}; known: {there}. Add it in the project's settings first."


def _fault(definition: Definition, value: Value) -> str | None:
    name, kind = definition.name, definition.kind
    if kind == "flag" and not isinstance(value, bool):
        return f"“{name}” must be yes or no (true or false), not {_said(value)}."
    if kind == "number" and not _is_number(value):
        return f"“{name}” must be a number between -1e15 and 1e15, not {_said(value)}."
    if kind == "text" and not (isinstance(value, str) and len(value) <= MAX_TEXT):
        return f"“{name}” must be text of at most {MAX_TEXT:,} characters, not {_said(value)}."
    if kind == "choice" and value not in definition.choices:
        shown = ", ".join(f"“{choice}”" for choice in definition.choices[:_CHOICES_SHOWN])
        more = " …" if len(definition.choices) > _CHOICES_SHOWN else ""
        return f"“{name}” must be one of {shown}{more}, not {_said(value)}."
    return None


def _is_number(value: Value) -> bool:
    if isinstance(value, bool | str):
        return False
    return math.isfinite(value) and abs(value) <= MAX_NUMBER


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return f"“{value[:60]}”" + (" …" if len(value) > 60 else "")
    return "NaN" if math.isnan(value) else f"{value:g}"
