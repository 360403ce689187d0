"""What the probes share: every image once, timed, and the process's peak memory."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

_TIMED_RUNS = 8


def measure(run: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> tuple[np.ndarray, dict]:
    """Run a model on every image, and time it.

    Args:
        run: From one image (1, height, width, 3) to its result, the same shape.
        images: (number, height, width, 3).

    Returns:
        The results, (number, height, width, 3), and the seconds of every timed run with the peak
        memory in bytes, `None` where the system does not tell.
    """
    run(images[:1])
    results, seconds = [], []
    for i in range(max(len(images), _TIMED_RUNS)):
        start = time.perf_counter()
        result = run(images[i % len(images)][np.newaxis])
        seconds.append(time.perf_counter() - start)
        if i < len(images):
            results.append(result[0])
    return np.stack(results), {"seconds": seconds, "peak_memory": _peak_memory()}


def _peak_memory() -> int | None:
    # Not resource.getrusage: a new process inherits that number from the one that started it.
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024
