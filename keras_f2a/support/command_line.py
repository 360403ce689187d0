"""Runs a command, and turns its failures into exit codes and messages that name options."""

import re
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import NoReturn

from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.packages import install_hint
from keras_f2a.support.printable import printable, printable_lines
from keras_f2a.support.process import (
    EXIT_DONE,
    EXIT_WORK_FAILED,
    EXIT_WRONG_INPUT,
    flush_output,
    prepare_streams,
    stop_on_signals,
)
from keras_f2a.support.progress import print_above_the_bar, show_log_lines

_MARKED_SETTING = re.compile(r"`([a-z_]+)(?:=([^`]*))?`")


def run_command(
    main: Callable[[Sequence[str] | None], int | None], parser: ArgumentParser
) -> NoReturn:
    """Run a command's `main` on the process's arguments, and exit with its exit code.

    `InputError` and missing packages become exit code 2. `WorkError`, Ctrl-C, SIGTERM, SIGHUP,
    running out of memory and operating system errors become exit code 1. Each error is one line on
    standard error that starts with the command's name and names options instead of settings.

    Args:
        main: Takes the arguments (`None` for those of the process) and returns the exit code, or
            `None` for 0.
        parser: The parser of the command, or of the program that has the command. It supplies
            names and options.
    """
    prepare_streams()
    stop_on_signals()
    # Pillow warns about damaged metadata, which is harmless, in two lines that do not name the
    # file. Filters belong to the process, and `catch_warnings` is not safe with threads. So only a
    # command silences Pillow, and the library leaves its user's filters alone.
    warnings.filterwarnings("ignore", module="PIL")
    options: dict[str, str] = {}
    try:
        parser = parser.find_command_parser(sys.argv[1:])
        options.update(parser.option_names())
        show_log_lines(partial(with_option_names, options=options))
        try:
            code = main(None) or EXIT_DONE
        finally:
            flush_output()
    except InputError as error:
        code = _report(parser.prog, with_option_names(error, options), EXIT_WRONG_INPUT)
    except ModuleNotFoundError as error:
        message = install_hint(error.name, parser.extra)
        if message is None:
            raise
        code = _report(parser.prog, message, EXIT_WRONG_INPUT)
    except WorkError as error:
        code = _report(parser.prog, with_option_names(error, options), EXIT_WORK_FAILED)
    except KeyboardInterrupt as interrupt:
        code = _report(parser.prog, f"stopped by {str(interrupt) or 'Ctrl-C'}", EXIT_WORK_FAILED)
    except MemoryError:
        code = _report(parser.prog, "out of memory", EXIT_WORK_FAILED)
    except OSError as error:  # A file that no message names, or closed or full output.
        where = printable(error.filename or "output")
        code = _report(parser.prog, f"{where}: {one_line(error)}", EXIT_WORK_FAILED)
    sys.exit(code)


def with_option_names(error: object, options: Mapping[str, str]) -> str:
    """Return an error's message with options instead of settings.

    Args:
        error: The exception, or a text.
        options: The option for each setting. Settings without an option stay unchanged.
    """
    message = error.message if isinstance(error, InputError) else str(error)
    message = _MARKED_SETTING.sub(partial(_replace_mark, options), message)
    if not isinstance(error, InputError) or error.setting is None:
        return message
    if error.setting not in options:
        return printable(str(error).replace(error.message, "")) + message
    return f"{_format_option(options[error.setting], error.value)}: {message}"


def _replace_mark(options: Mapping[str, str], match: re.Match) -> str:
    name, value = match.groups()
    if name not in options:
        return match.group()
    return _format_option(options[name], None if value is None else value.strip("'\""))


def _format_option(option: str, value: object) -> str:
    if value is None or value is True or value == "True":
        return option
    text = " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = printable(text)
    return f"{option} {text or repr(text)}"


def _report(name: str, message: str, code: int) -> int:
    line = printable_lines(f"{name}: error: {message}")
    with suppress(OSError):  # Standard error may be closed or full too.
        print_above_the_bar(line, sys.stderr)  # A bar may still be open.
    return code
