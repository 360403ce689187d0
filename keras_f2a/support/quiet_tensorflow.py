"""Silences what TensorFlow's C++ code writes directly to the process's output streams."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from keras_f2a.support.fork_safe_lock import STREAMS_LOCK
from keras_f2a.support.keras_backend import check_backend


@contextmanager
def silenced() -> Iterator[None]:
    """Discard the process's standard output and error inside the block.

    Other threads that redirect them wait until then.
    """
    with STREAMS_LOCK:
        _flush_streams()
        saved = {}
        for descriptor in 1, 2:
            with suppress(OSError):  # It is closed.
                saved[descriptor] = os.dup(descriptor)
        try:
            with Path(os.devnull).open("wb") as null_device:
                for descriptor in saved:
                    os.dup2(null_device.fileno(), descriptor)
            yield
        finally:
            _flush_streams()
            for descriptor, copy in saved.items():
                os.dup2(copy, descriptor)
                os.close(copy)


def _flush_streams() -> None:
    for stream in sys.stdout, sys.stderr:
        # It may be closed, or None in a program without a console on Windows.
        with suppress(AttributeError, ValueError):
            stream.flush()


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Disable Python's garbage collection inside the block."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def import_tensorflow_quietly() -> None:
    """Import TensorFlow without its messages about the machine, which no setting turns off.

    Raises:
        InputError: Keras is set to another backend.
    """
    check_backend()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # The import creates hundreds of thousands of objects but no garbage. Collection would take a
    # seventh of its time.
    with silenced(), without_garbage_collection():
        import tensorflow  # noqa: F401
