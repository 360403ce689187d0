"""Keeps the notices of native libraries, and nothing else that they say, from a terminal."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_STANDARD_ERROR = 2


@contextmanager
def without_native_notices(start: bytes = b"INFO: ") -> Iterator[None]:
    """Hold back what native code writes to standard error inside the block, then pass it on.

    Args:
        start: Lines that begin so are notices and are dropped.
    """
    try:
        terminal = os.dup(_STANDARD_ERROR)
    except OSError:  # It is closed.
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), _STANDARD_ERROR)
        try:
            yield
        finally:
            os.dup2(terminal, _STANDARD_ERROR)
            os.close(terminal)
            held.seek(0)
            for line in held:
                if not line.startswith(start):
                    os.write(_STANDARD_ERROR, line)
