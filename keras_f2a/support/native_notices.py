"""Hides the notices of native libraries, but none of their other messages."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_STANDARD_ERROR = 2


@contextmanager
def without_native_notices(start: bytes = b"INFO: ") -> Iterator[None]:
    """Hold back what native code writes to standard error, and print it after the block.

    Args:
        start: Lines that start with this are notices and are dropped.
    """
    try:
        terminal = os.dup(_STANDARD_ERROR)
    except OSError:  # Standard error is closed.
        yield
        return
    with tempfile.TemporaryFile() as captured:
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
