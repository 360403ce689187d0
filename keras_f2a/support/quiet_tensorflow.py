"""Silences what TensorFlow's C++ writes straight to the process's outputs."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keras_f2a.support.keras_backend import check_backend


@contextmanager
def silenced() -> Iterator[None]:
    """Send the process's standard output and error nowhere while the block runs."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = {descriptor: os.dup(descriptor) for descriptor in (1, 2)}
    try:
        with Path(os.devnull).open("wb") as nowhere:
            for descriptor in kept:
                os.dup2(nowhere.fileno(), descriptor)
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for descriptor, copy in kept.items():
            os.dup2(copy, descriptor)
            os.close(copy)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Keep Python from looking for garbage while the block runs."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def import_tensorflow_quietly() -> None:
    """Import TensorFlow without its notes about the machine, which no setting turns off.

    Raises:
        InputError: Keras is set to another backend.
    """
    check_backend()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # The import makes hundreds of thousands of objects and no garbage: a seventh of its time.
    with silenced(), without_garbage_collection():
        import tensorflow  # noqa: F401
