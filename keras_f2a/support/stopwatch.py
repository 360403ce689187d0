"""Measures how much time each stage of a job takes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from keras_f2a.support.fork_safe_lock import ForkSafeLock


class Stopwatch:
    """Sums the seconds spent in named stages over a job's photographs and threads.

    Attributes:
        seconds: Maps stage names to seconds, in the order in which the stages first ended.
    """

    def __init__(self):
        self.seconds: dict[str, float] = {}
        self._lock = ForkSafeLock()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the duration of the block to a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            with self._lock:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
