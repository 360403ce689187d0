"""Shows progress to the user: a bar on a terminal, and the library's log lines above it."""

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
    """Stands for a bar that is not shown, without importing `tqdm`."""

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
    """Return a progress bar for a `with` statement. `update()` advances it by one.

    It is shown if standard error is a terminal and there is more than one step.

    Args:
        total: The number of steps.
        unit: The noun for one step, in the singular.
        leave: Whether the finished bar stays visible.
    """
    # On Windows, a program without a console has no standard error.
    if total < 2 or not _is_terminal(sys.stderr):
        return _NoBar()
    from tqdm import tqdm

    return tqdm(total=total, unit=unit, leave=leave, dynamic_ncols=True)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except (AttributeError, ValueError):  # It is another kind of object, or is closed.
        return False


def print_above_the_bar(line: str, stream: TextIO) -> None:
    """Print a line, and redraw a visible bar below it."""
    if "tqdm" in sys.modules:
        sys.modules["tqdm"].tqdm.write(line, file=stream)
    else:
        print(line, file=stream)


def duration(seconds: float) -> str:
    """Format seconds as hours, minutes and seconds, for example `"1:02:03"`."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def show_log_lines(rephrase: Callable[[str], str] = str) -> None:
    """Show the library's log messages to a command's user, as plain lines above a bar.

    Info messages go to standard output. Warnings, including those of other libraries, go to
    standard error.

    Args:
        rephrase: Returns the line to show instead of a log line.
    """
    logging.basicConfig(handlers=[_LinesAboveTheBar(rephrase)], format="%(message)s")
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.INFO)


class _LinesAboveTheBar(logging.Handler):
    def __init__(self, rephrase: Callable[[str], str]):
        super().__init__()
        self._rephrase = rephrase

    def emit(self, record: logging.LogRecord) -> None:
        stream = sys.stderr if record.levelno >= logging.WARNING else sys.stdout
        line = printable_lines(self._rephrase(self.format(record)))
        with suppress(OSError):  # A closed pipe or a full disk must not end hours of work.
            print_above_the_bar(line, stream)
            stream.flush()
