"""Hides the notices of native libraries, but none of their other messages."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from keras_f2a.support.fork_safe_lock import STREAMS_LOCK

_STANDARD_ERROR = 2


@contextmanager
def without_native_notices(start: bytes = b"INFO: ") -> Iterator[None]:
    """Hold back what native code writes to standard error, and print it after the block.

    Other threads that redirect it wait until then.

    Args:
        start: Lines that start with this are notices and are dropped.
    """
    with STREAMS_LOCK, ExitStack() as stack:
        try:
            captured = stack.enter_context(tempfile.TemporaryFile())
            terminal = os.dup(_STANDARD_ERROR)
        except OSError:  # Standard error is closed, or no folder for temporary files is writable.
            yield
            return
        os.dup2(captured.fileno(), _STANDARD_ERROR)
        try:
            yield
        finally:
            os.dup2(terminal, _STANDARD_ERROR)
            os.close(terminal)
            captured.seek(0)
            for line in captured:
                if not line.startswith(start):
                    os.write(_STANDARD_ERROR, line)
