"""Rows of a table of measurements with their targets."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measurement and its target.

    Attributes:
        name: What was measured.
        value: The measured value. If possible, a ratio of two times of the same run.
        target: The target, or `None` if the value is only reported.
        at_most: Whether the target is an upper bound instead of a lower one.
        detail: The numbers that the value comes from.
    """

    name: str
    value: float
    target: float | None
    at_most: bool = True
    detail: str = ""

    @property
    def met(self) -> bool:
        """Whether the value meets the target."""
        if self.target is None:
            return True
        return self.value <= self.target if self.at_most else self.value >= self.target


def print_rows(rows: Iterable[Row]) -> bool:
    """Print a table row by row. Return whether every target is met."""
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
