"""Measures how long the methods without training take for a 320×240 image on one core.

    python -m benchmarks.baselines

Prints each method's median CPU time, in seconds and as the number of two-dimensional Fourier
transforms of the image's size (complex128, SciPy) that take as long. This number is comparable
between machines.
"""

import os
import statistics
import sys
import time
import timeit
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from scipy.fft import fft2
from scipy.ndimage import gaussian_filter

from keras_f2a.baselines.agrawal import agrawal, agrawal_flash
from keras_f2a.baselines.eisemann import eisemann
from keras_f2a.baselines.intrinsic import intrinsic
from keras_f2a.baselines.lime import lime
from keras_f2a.baselines.petschnigg import petschnigg
from keras_f2a.baselines.srie import srie

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Environment variables that NumPy's libraries read only when they are loaded."""
HEIGHT, WIDTH = 240, 320
REPEATS = 5
METHODS: dict[str, Callable[..., np.ndarray]] = {
    "lime": lime,
    "lime, exact solver": partial(lime, solver="exact"),
    "lime, denoised": partial(lime, denoise_sigma=10 / 255),
    "srie": srie,
    "srie, mean weights": partial(srie, weights="mean"),
    "intrinsic": intrinsic,
}
METHODS_WITH_AMBIENT: dict[str, Callable[..., np.ndarray]] = {
    "petschnigg": petschnigg,
    "eisemann": eisemann,
    "agrawal": agrawal,
    "agrawal-flash": agrawal_flash,
}
LIMITS = {"lime": 1.0, "srie": 1.0}  # seconds, by the name's first word
LIMIT = 2.0  # seconds, for all others


def main() -> None:
    """Print one line for each method."""
    if not _ONE_THREAD.items() <= os.environ.items():
        command = [sys.executable, "-m", "benchmarks.baselines"]
        os.execve(sys.executable, command, os.environ | _ONE_THREAD)
    cv2.setNumThreads(1)
    generator = np.random.default_rng(0)
    image = flash_like_image(generator)
    ambient = ambient_like_image(image, generator)
    transform = _median_seconds(lambda: fft2(image[..., 0].astype(complex), workers=1), 50)
    print(f"{WIDTH}x{HEIGHT}, one core; one Fourier transform {1e3 * transform:.2f} ms")
    works: dict[str, Callable[[], np.ndarray]]
    works = {name: partial(method, image) for name, method in METHODS.items()}
    for name, method in METHODS_WITH_AMBIENT.items():
        works[name] = partial(method, image, ambient)
    for name, work in works.items():
        seconds = _median_seconds(work, REPEATS)
        limit = LIMITS.get(name.split(",")[0], LIMIT)
        verdict = "" if seconds <= limit else f"  over {limit:g} s"
        print(f"{name:20} {seconds:6.3f} s {seconds / transform:7.0f} transforms{verdict}")


def flash_like_image(generator: np.random.Generator) -> np.ndarray:
    """Draw colored patches with sensor noise, bright in the middle and dark at the border."""
    seeds = generator.normal(size=(HEIGHT, WIDTH, 3))
    patches = np.sign(gaussian_filter(seeds, (12, 12, 0)))
    rows, columns = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    light = np.exp(-1.5 * (rows**2 + columns**2))[..., None]
    noise = generator.normal(scale=0.01, size=patches.shape)
    return np.clip((0.55 + 0.35 * patches) * light + noise, 0.0, 1.0).astype(np.float32)


def ambient_like_image(flash: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Even out the light of a flash-like image and add the noise of a dark room."""
    noise = generator.normal(scale=0.04, size=flash.shape)
    return np.clip(np.sqrt(flash) * (0.8, 0.7, 0.5) + noise, 0.0, 1.0).astype(np.float32)


def _median_seconds(work: Callable[[], object], repeats: int) -> float:
    times = timeit.repeat(work, timer=time.process_time, number=1, repeat=repeats)
    return statistics.median(times)


if __name__ == "__main__":
    main()
