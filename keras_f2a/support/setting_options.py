"""Describes each setting as an option: its name, how its value is parsed, and its help text."""

import argparse
import re
from collections.abc import Callable
from dataclasses import MISSING, Field
from functools import partial
from typing import Any, get_origin

from keras_f2a.support.setting_texts import parse_number
from keras_f2a.support.settings import Range, describe, plain_type

_MARKED_SETTING = re.compile(r"`([a-z_]+)`")


def option_name(setting: str) -> str:
    """Return the option for a setting: `"crop_size"` becomes `"--crop-size"`."""
    return "--" + setting.replace("_", "-")


def option_arguments(item: Field, hint: Any, default: Any) -> dict[str, Any]:
    """Return the keyword arguments of `add_argument` for a setting's option.

    Args:
        item: The setting's field.
        hint: Its type.
        default: The default that the help text shows.
    """
    text = _MARKED_SETTING.sub(lambda match: option_name(match[1]), describe(item, hint))
    text = text.replace("%", "%%") + _default_text(default)
    return {"help": text, **_value_arguments(item, plain_type(hint))}


def parse_int(text: str) -> int:
    """Convert a text to an integer.

    Raises:
        argparse.ArgumentTypeError: It is not a whole number.
    """
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def parse_float(text: str) -> float:
    """Convert a text to a number.

    Raises:
        argparse.ArgumentTypeError: It is not a number.
    """
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def _value_arguments(item: Field, hint: Any) -> dict[str, Any]:
    """Return the arguments of `add_argument` that say how a value of a type is parsed."""
    if hint is bool:
        return {"action": argparse.BooleanOptionalAction}
    if hint == Range:
        return {"type": _number_parser(item), "nargs": 2, "metavar": ("LOW", "HIGH")}
    metavar = item.metadata["metavar"]
    if hint is int:
        return {"type": parse_int, "metavar": metavar or "N"}
    if hint is float:
        return {"type": _number_parser(item), "metavar": metavar or "N"}
    if get_origin(hint) is tuple:
        return {"nargs": "+", "metavar": metavar or "NAME"}
    return {"metavar": metavar or "NAME"}


def _number_parser(item: Field) -> Callable[[str], float]:
    return partial(_parse_number, item)


def _parse_number(item: Field, text: str) -> float:
    try:
        return parse_number(item, text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} {error}") from None


def _default_text(default: Any) -> str:
    if default is MISSING or default is None or isinstance(default, bool):
        return ""
    values = default if isinstance(default, tuple) else (default,)
    texts = (f"{value:g}" if isinstance(value, float) else str(value) for value in values)
    return f" (default: {' '.join(texts)})"
