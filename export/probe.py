"""Runs an exported file in a separate process and returns its outputs, time and memory."""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_f2a.support.errors import WorkError

_PROGRAMS = Path(__file__).parent / "probes"


@dataclass(frozen=True)
class Run:
    """The outputs and costs of a file.

    Attributes:
        outputs: float32 RGB, (number, height, width, 3).
        seconds: Median wall-clock seconds for an image. For a network for placed light, those for
            one light.
        threads: Number of threads.
        peak_memory: Peak memory of the process in bytes, or `None` if the system does not report
            it.
        encode_seconds: Median seconds to encode an image, only for a network for placed light.
    """

    outputs: np.ndarray
    seconds: float
    threads: int
    peak_memory: int | None
    encode_seconds: float | None = None


def run_tflite(path: Path, images: np.ndarray, threads: int) -> Run:
    """Run a `.tflite` file with LiteRT, in a process without TensorFlow.

    Args:
        path: The file.
        images: float32 RGB in [0, 1], (number, height, width, 3).
        threads: Number of LiteRT threads.

    Raises:
        WorkError: The file does not run.
    """
    return _run("litert_probe.py", path, images, threads, str(threads))


def run_placed_light(path: Path, images: np.ndarray, lights: np.ndarray, *, threads: int) -> Run:
    """Run a `.tflite` file for placed light with LiteRT, in a process without TensorFlow.

    Args:
        path: The file.
        images: float32 RGB in [0, 1], (number, height, width, 3).
        lights: The numbers that describe each light, float32, (lights, 13).
        threads: Number of LiteRT threads.

    Returns:
        The run. Its outputs are logarithms of gains, (number · lights, height, width, 1), starting
        with all lights of the first image.

    Raises:
        WorkError: The file does not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        lights_file = Path(folder) / "lights.npy"
        np.save(lights_file, lights)
        return _run("litert_light_probe.py", path, images, threads, str(threads), str(lights_file))


def run_onnx(path: Path, images: np.ndarray, threads: int) -> Run:
    """Run an ONNX file with ONNX Runtime, in a process without TensorFlow.

    Args:
        path: The file. Its images may also be (batch, 3, height, width).
        images: float32 RGB in [0, 1], (number, height, width, 3).
        threads: Number of ONNX Runtime threads.

    Raises:
        WorkError: The file does not run.
    """
    return _run("onnx_probe.py", path, images, threads, str(threads))


def run_saved_model(path: Path, images: np.ndarray) -> Run:
    """Run a SavedModel, given the folder of its version, in a process without this package.

    Raises:
        WorkError: The model does not run, or the results of its two signatures differ.
    """
    # TensorFlow uses every core.
    return _run("saved_model_probe.py", path, images, os.cpu_count() or 1)


def _run(program: str, path: Path, images: np.ndarray, threads: int, *options: str) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = Path(folder) / "images.npy", Path(folder) / "outputs.npy"
        np.save(inputs, images)
        command = [sys.executable, _PROGRAMS / program, path, inputs, outputs, *options]
        completed = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        if completed.returncode != 0:
            raise WorkError(f"the file was written but does not run ({_failure_reason(completed)})")
        report = json.loads(completed.stdout.strip().splitlines()[-1])
        return Run(
            outputs=np.load(outputs),
            seconds=statistics.median(report["seconds"]),
            threads=threads,
            peak_memory=report["peak_memory"],
            encode_seconds=report.get("encode_seconds"),
        )


def _failure_reason(completed: subprocess.CompletedProcess) -> str:
    if completed.returncode < 0:
        return f"its process was killed by {signal.Signals(-completed.returncode).name}"
    return (completed.stderr.strip().splitlines() or [f"exit code {completed.returncode}"])[-1]
