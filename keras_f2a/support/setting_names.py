"""Rejects settings that do not exist, and suggests those that were meant."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import wraps
from typing import Any


def check_names(given: Iterable[str], known: Iterable[str], owner: str) -> None:
    """Check that settings exist.

    Args:
        given: The names of the settings to check.
        known: All valid names.
        owner: The class that the settings belong to, for the message.

    Raises:
        TypeError: There is no such setting. The message names the most similar one.
    """
    unknown, known = sorted(set(given) - set(known)), list(known)
    if not unknown:
        return
    # Imported here, because most calls are right.
    from difflib import get_close_matches

    similar = get_close_matches(unknown[0], known, 1)
    hint = f"; did you mean {similar[0]!r}?" if similar else ""
    raise TypeError(f"{owner} has no setting {', '.join(map(repr, unknown))}{hint}")


def checking_names(settings_class: Any) -> Callable[..., None]:
    """Return the constructor of a dataclass with the error of `check_names`.

    It keeps the constructor's signature, which editors show.
    """
    constructor = settings_class.__init__
    known = [item.name for item in fields(settings_class)]

    @wraps(constructor)
    def checking(self, *values, **given):
        check_names(given, known, settings_class.__name__)
        constructor(self, *values, **given)

    return checking
