"""What every command shares: parsing errors, failures and Ctrl-C turned into exit codes."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from tqdm import tqdm

from keras_f2a.support.errors import InputError, WorkError
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

    `InputError` becomes exit code 2 and `WorkError` or Ctrl-C exit code 1, each with one line on
    standard error that starts with the command's `name`.

    Args:
        main: Takes the arguments (`None`: those of the process) and returns the exit code, or
            `None` for 0.
        name: What the user typed, for example `"keras_f2a.train"`.
    """
    show_log_lines()
    try:
        code = main(None) or EXIT_DONE
    except InputError as error:
        code = _report(name, error, EXIT_WRONG_INPUT)
    except WorkError as error:
        code = _report(name, error, EXIT_WORK_FAILED)
    except KeyboardInterrupt:
        code = _report(name, "stopped by Ctrl-C", EXIT_WORK_FAILED)
    sys.exit(code)


def _report(name: str, message: object, code: int) -> int:
    tqdm.write(f"{name}: error: {message}", file=sys.stderr)  # above a bar that work left open
    return code
