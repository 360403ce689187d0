"""Runs and times a model on every image and measures peak memory, for all probes."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

_TIMED_RUNS = 8


def measure(run: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> tuple[np.ndarray, dict]:
    """Run and time a model on every image.

    Args:
        run: Returns the result for one image, (1, height, width, 3).
        images: The images, (number, height, width, 3), or other inputs along the first axis.

    Returns:
        The results along the first axis, and a dictionary. It has the seconds of every timed run
        and the peak memory in bytes, or `None` if the system does not report it.
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
    # `resource.getrusage` would include the peak memory of the parent process.
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024
