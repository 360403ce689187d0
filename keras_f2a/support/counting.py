"""Formats counts with their nouns, and long lists by their first items."""

from collections.abc import Sequence

_MAX_SHOWN = 6


def counted(number: int, thing: str) -> str:
    """Return a number with its noun: `1 pair`, `2 pairs`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def first_few(texts: Sequence[str], separator: str = ", ") -> str:
    """Join the first six texts, and say how many more there are."""
    more = len(texts) - _MAX_SHOWN
    shown = separator.join(texts[:_MAX_SHOWN])
    return f"{shown} and {more:,} more" if more > 0 else shown
