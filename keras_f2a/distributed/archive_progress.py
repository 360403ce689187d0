"""Shows the progress of a long job: a bar on a terminal, periodic log lines elsewhere."""

import logging
import time

from keras_f2a.support.progress import duration, progress_bar

_SECONDS_BETWEEN_LINES = 30.0
_logger = logging.getLogger(__name__)


class ArchiveProgress:
    """Counts photographs and shows the speed and the remaining time.

    Args:
        total: Number of photographs to correct.
    """

    def __init__(self, total: int):
        self._total = total
        self._done = self._failed = 0
        self._start_time = self._last_line_time = time.monotonic()
        self._bar = progress_bar(total, "photograph")

    def count(self, done: int, failed: int) -> None:
        """Add finished and failed photographs."""
        self._done += done + failed
        self._failed += failed
        self._bar.update(done + failed)
        if self._failed and not self._bar.disable:
            self._bar.set_postfix(failed=self._failed, refresh=False)
        now = time.monotonic()
        if self._bar.disable and now - self._last_line_time >= _SECONDS_BETWEEN_LINES:
            self._last_line_time = now
            _logger.info(self.line(now - self._start_time))

    def line(self, seconds: float) -> str:
        """Return the progress line after this many seconds, like `"20 of 80 photographs, …"`."""
        speed = self._done / max(seconds, 1e-9)
        remaining = duration((self._total - self._done) / speed) if self._done else "unknown time"
        failed = f", {self._failed:,} failed" if self._failed else ""
        return (
            f"{self._done:,} of {self._total:,} photographs{failed}, {speed:.1f} photographs/s, "
            f"{remaining} left"
        )

    def close(self) -> None:
        """Close the bar."""
        self._bar.close()
