"""Rows of a table of measured numbers, each with the target that it is held to."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One number and its target.

    Attributes:
        name: What was measured.
        value: The number; a ratio of two times of the same run wherever that is possible.
        target: What it is held to; `None` if the number is only reported.
        at_most: Whether the target is the largest good value, and not the smallest.
        detail: What the number was made of.
    """

    name: str
    value: float
    target: float | None
    at_most: bool = True
    detail: str = ""

    @property
    def met(self) -> bool:
        """Whether the number is as good as its target."""
        if self.target is None:
            return True
        return self.value <= self.target if self.at_most else self.value >= self.target


def print_rows(rows: Iterable[Row]) -> bool:
    """Prints a table as the rows come in; returns whether every target is met."""
    print("| what | measured | target | | from |\n|---|---|---|---|---|", flush=True)
    met = True
    for row in rows:
        target, verdict = "none", ""
        if row.target is not None:
            target = f"{'≤' if row.at_most else '≥'} {row.target:g}"
            verdict = "met" if row.met else "MISSED"
        print(f"| {row.name} | {row.value:.2f} | {target} | {verdict} | {row.detail} |", flush=True)
        met &= row.met
    print("all targets met" if met else "TARGETS MISSED")
    return met
