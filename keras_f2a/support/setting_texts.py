"""Converts settings from texts, as in options and requests, to values."""

from collections.abc import Collection, Mapping
from dataclasses import Field
from typing import Any

from keras_f2a.support.errors import InputError
from keras_f2a.support.settings import plain_type, settings_in

_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def parse_settings(
    texts: Mapping[str, str], settings_class: type, names: Collection[str]
) -> dict[str, Any]:
    """Convert texts to values of a settings class, without checking the limits.

    Args:
        texts: The text of each setting that is given.
        settings_class: The dataclass.
        names: The settings that may be given. Texts with other names are ignored.

    Raises:
        InputError: A text is empty or cannot be converted. The error names the setting.
    """
    values = {}
    for name, item, hint in settings_in(settings_class):
        if name in texts and name in names:
            try:
                values[name] = _parse_value(item, plain_type(hint), texts[name])
            except ValueError as error:
                raise InputError(str(error), setting=name, value=texts[name]) from None
    return values


def parse_number(item: Field, text: str) -> float:
    """Convert a text to a number. A share may also be given as a percentage.

    A share has a minimum of 0 and a maximum of 1, or of 2 if it may exceed the whole.

    Args:
        item: The setting's field.
        text: For example `"0.5"` or `"50%"`.

    Raises:
        ValueError: The text is not a number.
    """
    limits = item.metadata["limits"]
    number = text.strip().removesuffix("%")
    percent = number != text.strip()
    try:
        is_share = limits["at_least"] == 0 and limits["at_most"] in (1, 2)
        if percent and not is_share:
            raise ValueError
        return float(number) / (100 if percent else 1)
    except ValueError:
        raise ValueError("is not a number") from None


def _parse_value(item: Field, hint: type, text: str) -> Any:
    if not text:
        raise ValueError("must not be empty")
    if hint is bool:
        if text.lower() not in _BOOLEANS:
            raise ValueError("must be true or false")
        return _BOOLEANS[text.lower()]
    if hint is int:
        try:
            return int(text)
        except ValueError:
            raise ValueError("is not a whole number") from None
    return parse_number(item, text) if hint is float else text
