"""What every command shares: parsing errors, failures and Ctrl-C turned into exit codes."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn

from tqdm import tqdm

from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.support.printable import printable
from keras_f2a.support.process import flush_output, prepare_streams, stop_on_signals
from keras_f2a.support.progress import show_log_lines

EXIT_DONE = 0
EXIT_WORK_FAILED = 1
EXIT_WRONG_INPUT = 2


class ArgumentParser(argparse.ArgumentParser):
    """An `argparse.ArgumentParser` whose errors are a single line, without the usage text."""

    def error(self, message: str) -> NoReturn:
        """Prints the message and ends the process with exit code 2."""
        self.exit(EXIT_WRONG_INPUT, f"{self.prog}: error: {message} (see --help)\n")


def run_command(main: Callable[[Sequence[str] | None], int | None], name: str) -> NoReturn:
    """Runs a command's `main` on the process's arguments and exits with its exit code.

    `InputError` becomes exit code 2; `WorkError`, Ctrl-C, SIGTERM, SIGHUP and what else the system
    may refuse become exit code 1. Each is one line on standard error that starts with the
    command's `name`.

    Args:
        main: Takes the arguments (`None`: those of the process) and returns the exit code, or
            `None` for 0.
        name: What the user typed, for example `"keras_f2a.train"`.
    """
    prepare_streams()
    stop_on_signals()
    show_log_lines()
    try:
        try:
            code = main(None) or EXIT_DONE
        finally:
            flush_output()
    except InputError as error:
        code = _report(name, error, EXIT_WRONG_INPUT)
    except WorkError as error:
        code = _report(name, error, EXIT_WORK_FAILED)
    except KeyboardInterrupt as stopped:
        code = _report(name, f"stopped by {stopped or 'Ctrl-C'}", EXIT_WORK_FAILED)
    except MemoryError:
        code = _report(name, "the memory does not suffice", EXIT_WORK_FAILED)
    except OSError as error:  # Of a file that no message named, or of a closed or full output.
        where = printable(error.filename or "output")
        code = _report(name, f"{where}: {error.strerror or error}", EXIT_WORK_FAILED)
    sys.exit(code)


def _report(name: str, message: object, code: int) -> int:
    with suppress(OSError):  # Standard error may be closed or full too.
        tqdm.write(f"{name}: error: {message}", file=sys.stderr)  # above a bar left open
    return code
