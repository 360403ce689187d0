"""Handles a command's standard streams, exit codes and termination signals."""

import os
import signal
import sys

from keras_f2a.support.errors import WorkError

EXIT_DONE = 0
EXIT_WORK_FAILED = 1
EXIT_WRONG_INPUT = 2


def prepare_streams() -> None:
    """Open all three standard streams, and let the output streams print names in any encoding.

    A closed stream is connected to the null device. Otherwise the next file that is opened would
    get its descriptor, and printed text could end up in a photograph.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # Gets the lowest free descriptor.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115, PTH123
        getattr(sys, name).reconfigure(errors="backslashreplace")


def use_one_blas_thread() -> None:
    """Keep NumPy from starting a pool of threads for matrix products, unless the user asked for it.

    Starting the pool takes a tenth of a second of processor time, and correction multiplies no
    large matrices. This has an effect only before NumPy is imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def flush_output() -> None:
    """Flush standard output and check that it was written.

    Raises:
        WorkError: Standard output cannot be written. The disk is full, or a pipe was closed.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        # Python flushes again at exit, and would print a traceback then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise WorkError(f"output: {error.strerror}") from error


def stop_on_signals() -> None:
    """Let SIGTERM and SIGHUP end the command like Ctrl-C, with cleanup.

    They raise a `KeyboardInterrupt` that names them. An ignored signal stays ignored, as `nohup`
    requires.
    """
    for name in ("SIGTERM", "SIGHUP"):
        signal_number = getattr(signal, name, None)  # Windows has no SIGHUP.
        if signal_number is not None and signal.getsignal(signal_number) == signal.SIG_DFL:
            signal.signal(signal_number, _interrupt)


def _interrupt(signal_number: int, _frame) -> None:
    signal.signal(signal_number, signal.SIG_IGN)  # A second signal must not interrupt the cleanup.
    raise KeyboardInterrupt(signal.Signals(signal_number).name)
