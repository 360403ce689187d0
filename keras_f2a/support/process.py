"""What surrounds a command: its standard streams, its exit code and the signals that end it."""

import os
import signal
import sys

from keras_f2a.support.errors import WorkError

EXIT_DONE = 0
EXIT_WORK_FAILED = 1
EXIT_WRONG_INPUT = 2


def prepare_streams() -> None:
    """Give the process all three standard streams, two of which take names of any encoding.

    A stream that was closed goes nowhere. Left closed, its number would be given to the next file
    that is opened, and what is printed could end in a photograph.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # Takes the lowest number that is free.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115, PTH123
        getattr(sys, name).reconfigure(errors="backslashreplace")


def flush_output() -> None:
    """Make sure that what was printed has arrived.

    Raises:
        WorkError: Standard output cannot be written: the disk is full, or a pipe was closed.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        # Python flushes once more at its end, and would print a traceback then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise WorkError(f"output: {error.strerror}") from error


def stop_on_signals() -> None:
    """Let SIGTERM and SIGHUP end the command as Ctrl-C does, with what it began tidied up.

    They raise a `KeyboardInterrupt` that names them. A signal that is ignored stays so, as
    `nohup` wants it.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has but one of them.
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _stop)


def _stop(number: int, _frame) -> None:
    signal.signal(number, signal.SIG_IGN)  # Once is enough: tidying up shall not be cut off.
    raise KeyboardInterrupt(signal.Signals(number).name)
