"""Checks an export of the full-width generator against its limits: `python -m benchmarks.export`.

    python -m benchmarks.export --model RUN [--data DIR] [--size 320x240] [--rounds 3]

Exports every format once in a separate process and prints time and memory. Then times the Keras
model, the float32 file and the int8 file in alternation, so that noise on the machine affects all
of them equally. See also `benchmarks/export_quantizers.py`, which compares quantizers, and
`benchmarks/export_compression.py`, which shows the effect of pruning and clustering.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import tensorflow as tf
from keras_f2a.export.generator import load_exportable
from keras_f2a.export.held_out import held_out
from keras_f2a.export.pairs import load_export_pairs
from keras_f2a.export.probe import run_tflite
from keras_f2a.export.settings import ImageSize

from benchmarks.options import at_least
from keras_f2a.data.scenes import BUNDLED_SCENES

MAX_EXPORT_SECONDS = 6 * 60  # seconds
MAX_MEMORY = 6e9  # bytes, total of all processes of the export
MAX_INT8_SIZE = 31e6  # bytes
MIN_INT8_SPEED_UP = 3.5  # over the float32 file
MAX_SLOWDOWN = 1.35  # of the float32 file over the Keras model


def main() -> int:
    """Print the measurements. Return 0 if every limit was met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="run directory or .keras file")
    parser.add_argument("--data", default=BUNDLED_SCENES, help="folder with train/ and test/ pairs")
    parser.add_argument("--size", default="320x240", help="WIDTHxHEIGHT")
    parser.add_argument("--rounds", type=at_least(1), default=3, help="rounds of timing")
    parser.add_argument("--threads", type=at_least(1), default=2, help="threads of each runtime")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        met = [measure_export(options.model, options.data, options.size, folder)]
        met.append(measure_speed(options, Path(folder)))
    print("all limits kept" if all(met) else "LIMITS MISSED")
    return 0 if all(met) else 1


def measure_export(model: str, data: str, size: str, folder: str) -> bool:
    """Export every format, print time and memory, and return whether the limits were met."""
    command = [sys.executable, "-m", "export", "--model", model, "--output", folder]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--size", size, "--calibration-data", str(data)])
    peak = _watch_memory(process)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit("the export failed")
    print(f"export of all formats: {seconds:.0f} s, peak memory {peak / 1e9:.2f} GB")
    return seconds <= MAX_EXPORT_SECONDS and peak <= MAX_MEMORY


def measure_speed(options: argparse.Namespace, folder: Path) -> bool:
    """Print the files' latencies and their ratios, and return whether the limits were met."""
    # Otherwise, TensorFlow would use every core but the files only the given number.
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    size = ImageSize.parse(options.size)
    model, pairs = load_exportable(options.model).model, load_export_pairs(options.data)
    files = {
        file_format: folder / f"flash_to_ambient_{size}_{file_format}.tflite"
        for file_format in ("float32", "int8")
    }
    seconds: dict[str, list[float]] = {"Keras": [], **{file_format: [] for file_format in files}}
    for _ in range(options.rounds):
        data = held_out(model, pairs.held_out, size)
        seconds["Keras"].append(data.seconds)
        for file_format, path in files.items():
            run = run_tflite(path, np.asarray(data.flash), options.threads)
            seconds[file_format].append(run.seconds)
    median = {name: statistics.median(values) for name, values in seconds.items()}
    for name, value in median.items():
        print(f"{name:<8} {1000 * value:8.1f} ms")
    speed_up, slowdown = median["float32"] / median["int8"], median["float32"] / median["Keras"]
    int8_size = files["int8"].stat().st_size
    print(f"int8 {speed_up:.2f} × as fast as float32; float32 takes {slowdown:.2f} × Keras's time")
    print(f"int8 file {int8_size / 1e6:.2f} MB")
    return speed_up >= MIN_INT8_SPEED_UP and slowdown <= MAX_SLOWDOWN and int8_size <= MAX_INT8_SIZE


def _watch_memory(process: subprocess.Popen) -> int:
    """Wait for a process and return the peak memory of it and its descendants, in bytes."""
    peak = 0
    finished = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not finished.wait(0.2):
            peak = max(peak, sum(map(_resident_bytes, _process_tree(process.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    finished.set()
    watcher.join()
    return peak


def _process_tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # The process has ended.
        return []
    return [pid, *(descendant for child in children for descendant in _process_tree(int(child)))]


def _resident_bytes(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    sizes = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")]
    return sum(sizes) * 1024


if __name__ == "__main__":
    sys.exit(main())
