"""What a user sees during the work: a bar on a terminal, and the library's lines above it."""

import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Self, TextIO

from keras_f2a.support.printable import printable_lines

if TYPE_CHECKING:
    from tqdm import tqdm

_LOGGERS = ("keras_f2a", "export")


class _NoBar:
    """Stands for a bar that nobody sees, without the package that draws one."""

    disable = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def update(self, n: float = 1) -> None:
        pass

    def set_postfix(self, **values: object) -> None:
        pass

    def close(self) -> None:
        pass


def progress_bar(total: int, unit: str, leave: bool = True) -> "tqdm | _NoBar":
    """Return a bar on standard error for a `with` statement; `update()` counts one more.

    It is shown where standard error is a terminal and there is more than one thing to do.

    Args:
        total: How many there are to do.
        unit: What is counted, in the singular.
        leave: Whether the finished bar stays.
    """
    if total < 2 or not sys.stderr.isatty():
        return _NoBar()
    from tqdm import tqdm

    return tqdm(total=total, unit=unit, leave=leave, dynamic_ncols=True)


def print_above_the_bar(line: str, stream: TextIO) -> None:
    """Print a line, and draw a bar that is shown again below it."""
    if "tqdm" in sys.modules:
        sys.modules["tqdm"].tqdm.write(line, file=stream)
    else:
        print(line, file=stream)


def duration(seconds: float) -> str:
    """Second as hours, minutes and second: `"1:02:03"`."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def show_log_lines(reworded: Callable[[str], str] = str) -> None:
    """Show a command's user what the library logs, as plain lines above a bar.

    Information goes to standard output; warnings, also other libraries', to standard error.

    Args:
        reworded: What a user is to read in place of a line.
    """
    logging.basicConfig(handlers=[_LinesAboveTheBar(reworded)], format="%(message)s")
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.INFO)


class _LinesAboveTheBar(logging.Handler):
    def __init__(self, reworded: Callable[[str], str]):
        super().__init__()
        self._reworded = reworded

    def emit(self, record: logging.LogRecord) -> None:
        stream = sys.stderr if record.levelno >= logging.WARNING else sys.stdout
        line = printable_lines(self._reworded(self.format(record)))
        with suppress(OSError):  # A closed pipe or a full disk shall not end hours of work.
            print_above_the_bar(line, stream)
            stream.flush()
