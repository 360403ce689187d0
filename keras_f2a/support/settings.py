"""Defines settings as fields of a dataclass, each with its description, default and limits.

Checks, command-line options and documentation are generated from the fields:

    @documented
    @dataclass(frozen=True)
    class Settings:
        '''The settings of something.'''

        batch_size: int = setting(8, "images per step", at_least=1)

    check_values(Settings(batch_size=0))  # InputError: batch_size=0: must be at least 1
"""

import inspect
import math
import os
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, field, fields, replace
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from keras_f2a.support.errors import InputError
from keras_f2a.support.setting_names import check_names, checking_names

Settings = TypeVar("Settings")
_Class = TypeVar("_Class", bound=type)
Range = tuple[float, float]
"""(low, high)."""

_LIMITS = {
    "at_least": ("at least", lambda value, limit: value >= limit),
    "more_than": ("more than", lambda value, limit: value > limit),
    "at_most": ("at most", lambda value, limit: value <= limit),
    "less_than": ("less than", lambda value, limit: value < limit),
}


def setting(
    default: Any,
    text: str,
    *,
    metavar: str | None = None,
    choices: Sequence[str] = (),
    at_least: float | None = None,
    more_than: float | None = None,
    at_most: float | None = None,
    less_than: float | None = None,
) -> Any:
    """Return a dataclass field for a setting.

    Args:
        default: The default value, or `MISSING` if a value is required.
        text: A phrase that describes the setting in help texts and documentation.
        metavar: The placeholder for the value in help texts.
        choices: The values that a text may have.
        at_least: The smallest value of a number, or of each end of a `Range`.
        more_than: The value must be greater than this.
        at_most: The largest value.
        less_than: The value must be less than this.
    """
    limits = {
        "at_least": at_least,
        "more_than": more_than,
        "at_most": at_most,
        "less_than": less_than,
    }
    metadata = {"text": text, "metavar": metavar, "choices": tuple(choices), "limits": limits}
    return field(default=default, metadata=metadata)


def same_setting(settings_class: type, name: str) -> Any:
    """Return a field with the default, text and limits of another class's setting."""
    item = next(item for item in fields(settings_class) if item.name == name)
    return field(default=item.default, metadata=item.metadata)


class Entry(NamedTuple):
    """One setting of a class or of a part of it.

    Attributes:
        name: Its name.
        item: The dataclass's field.
        hint: Its type.
    """

    name: str
    item: Field
    hint: Any


def settings_in(settings_class: Any) -> list[Entry]:
    """List the settings of a class. Each part is replaced by its own settings.

    See `keras_f2a.support.nested_settings`.
    """
    hints = get_type_hints(
        settings_class if isinstance(settings_class, type) else type(settings_class)
    )
    entries = []
    for item in fields(settings_class):
        part_class = item.metadata.get("part")
        if part_class is None:
            entries.append(Entry(item.name, item, hints[item.name]))
        else:
            entries += settings_in(part_class)
    return entries


def documented(settings_class: _Class) -> _Class:
    """Complete a class of settings, and return it.

    Its docstring gets a list of the settings. Its constructor's error for an unknown setting names
    the most similar one.
    """
    lines = []
    for name, item, hint in settings_in(settings_class):
        default = "" if item.default is MISSING else f", {item.default!r} by default"
        entry = f"{name}: {describe(item, hint)} ({_type_name(hint)}{default})."
        lines.append(textwrap.fill(entry, 92, initial_indent=" " * 4, subsequent_indent=" " * 8))
    head = inspect.cleandoc(settings_class.__doc__ or "")
    settings_class.__doc__ = "\n".join([head, "", "Attributes:", *lines])
    if "__init__" in vars(settings_class):  # `NestedSettings` checks the names itself.
        settings_class.__init__ = checking_names(settings_class)  # type: ignore[misc]
    return settings_class


def describe(item: Field, hint: Any) -> str:
    """Return a setting's description, with its choices."""
    text, choices = item.metadata["text"], item.metadata["choices"]
    count = "any" if get_origin(plain_type(hint)) is tuple else "one"
    return f"{text}; {count} of {', '.join(choices)}" if choices else text


def check_values(settings: Any) -> None:
    """Check the type, choices and limits of every field that `setting` made, also inside parts.

    Numbers must be finite, texts must not be empty, and the low end of a range must not be above
    its high end.

    Args:
        settings: The dataclass.

    Raises:
        InputError: A value is not allowed. The error names the setting.
    """
    hints = get_type_hints(type(settings))
    for item in fields(settings):
        value = getattr(settings, item.name)
        if "part" in item.metadata:
            check_values(value)
            continue
        hint = plain_type(hints[item.name])
        optional = hint is not hints[item.name]
        if item.metadata and not (value is None and optional):
            problem = _problem(value, hint, item)
            if problem is not None:
                raise InputError(problem, setting=item.name, value=value)


def changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """Return settings with some values changed by name.

    Args:
        settings: A dataclass.
        changes: The new values.

    Raises:
        TypeError: There is no such setting. The message names the most similar one.
    """
    known = [item.name for item in fields(settings)]  # type: ignore[arg-type]
    check_names(changes, known, type(settings).__name__)
    return replace(settings, **changes)  # type: ignore[type-var]


def plain_type(hint: Any) -> Any:
    """Return a setting's type without `| None`."""
    if get_origin(hint) is not UnionType:
        return hint
    return next(part for part in get_args(hint) if part is not NoneType)


def _problem(value: Any, hint: Any, item: Field) -> str | None:
    if hint == Range:
        return _range_problem(value, item)
    if hint in (int, float):
        return _number_problem(value, hint, item)
    if hint is bool:
        return None if isinstance(value, bool) else "must be True or False"
    if hint is str:
        return _text_problem(value, item)
    return None  # Each settings class checks its own sequences.


def _number_problem(value: Any, number_type: type, item: Field) -> str | None:
    if isinstance(value, bool) or not isinstance(value, Integral if number_type is int else Real):
        return f"must be a {'whole ' if number_type is int else ''}number"
    if not math.isfinite(value):
        return "must be a finite number"
    limits = {name: limit for name, limit in item.metadata["limits"].items() if limit is not None}
    if all(_LIMITS[name][1](value, limit) for name, limit in limits.items()):
        return None
    texts = {
        name: f"{limit:g}" if isinstance(limit, float) else str(limit)
        for name, limit in limits.items()
    }
    return "must be " + " and ".join(f"{_LIMITS[name][0]} {texts[name]}" for name in texts)


def _range_problem(value: Any, item: Field) -> str | None:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        return "must be two numbers, LOW and HIGH"
    for end in value:
        problem = _number_problem(end, float, item)
        if problem is not None:
            return f"each number {problem}"
    return None if value[0] <= value[1] else "LOW must not be above HIGH"


def _text_problem(value: Any, item: Field) -> str | None:
    if not isinstance(value, str | os.PathLike):
        return "must be a text"
    if not os.fspath(value):
        return "must not be empty"
    choices = item.metadata["choices"]
    if choices and value not in choices:
        return f"must be one of {', '.join(choices)}"
    return None


def _type_name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint).replace("typing.", "")
