"""Finds files that are complete: regular files that have not changed for a while."""

import stat
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple


class FileState(NamedTuple):
    """The size and the modification time of a file, which change when it is written to."""

    size: int
    modified: int


class SettledFiles:
    """Remembers when files last changed, by checking them again and again.

    Args:
        seconds: How long a file must stay unchanged.
        clock: Returns the time in seconds.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic):
        self._seconds, self._clock = seconds, clock
        self._seen: dict[Path, tuple[FileState, float]] = {}

    def update(self, files: Iterable[Path]) -> dict[Path, FileState]:
        """Check files and return the complete ones with their state.

        Args:
            files: All files that exist. All others are forgotten.
        """
        now = self._clock()
        seen, settled = {}, {}
        for file in files:
            try:
                status = file.stat()
            except OSError:
                continue  # It is gone, or cannot be read yet.
            if not stat.S_ISREG(status.st_mode):
                continue  # Reading a pipe or device may block forever.
            state = FileState(status.st_size, status.st_mtime_ns)
            previous, since = self._seen.get(file, (None, now))
            if previous != state:
                since = now
            seen[file] = state, since
            if now - since >= self._seconds:
                settled[file] = state
        self._seen = seen
        return settled

    @property
    def count(self) -> int:
        """How many files are known."""
        return len(self._seen)
