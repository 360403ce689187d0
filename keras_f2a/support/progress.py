"""A progress bar for photographs on standard error."""

import sys
import time
from typing import Self

_WIDTH = 24
_CLEAR_LINE = "\r\x1b[K"


class ProgressBar:
    """Shows how many photographs are done and how many a second, in a `with` statement.

    The bar itself needs a terminal; messages are written without one too.

    Args:
        total: Number of photographs; there is no bar for a single one.
    """

    def __init__(self, total: int):
        self._total = total
        self._done = 0
        self._visible = sys.stderr.isatty() and total > 1

    def __enter__(self) -> Self:
        self._start = time.perf_counter()
        self._draw()
        return self

    def __exit__(self, *_) -> None:
        if self._visible:
            print(file=sys.stderr)

    def advance(self, message: str = "") -> None:
        """Counts one more photograph, after a line above the bar if there is a message."""
        self._done += 1
        if message:
            clear = _CLEAR_LINE if self._visible else ""
            print(clear + message, file=sys.stderr)
        self._draw()

    def _draw(self) -> None:
        if not self._visible:
            return
        filled = _WIDTH * self._done // self._total
        bar = "#" * filled + "." * (_WIDTH - filled)
        rate = self._done / max(time.perf_counter() - self._start, 1e-9)
        text = f"{_CLEAR_LINE}[{bar}] {self._done}/{self._total}  {rate:.2f} photographs/s"
        print(text, end="", file=sys.stderr, flush=True)
