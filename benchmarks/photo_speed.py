"""Compares the time of `keras-f2a correct` with that of its unavoidable steps.

These are Pillow's decoding and encoding and, for one photograph, one run of the network. The
command and these steps run in alternation, so that a busy machine affects both equally. The rows
have medians.
"""

import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.photographs import write_photograph
from benchmarks.rows import Row
from keras_f2a.correction.engine import LightEngine
from keras_f2a.correction.engines import load_engine
from keras_f2a.data.light_mixtures import light_mixture
from keras_f2a.model_files.bundled import PLACED_LIGHT, pretrained_file

MAX_START_SECONDS = 0.10
MAX_RATIOS = {12: 2.0, 48: 1.5}
MAX_FOLDER_RATIO = 1.7
_SIZES = {12: (4000, 3000), 48: (8000, 6000)}
_FOLDER_SIZE = 12


def photo_rows(repeats: int, package: Path | None = None) -> Iterator[Row]:
    """Measure start-up, one photograph of each size, and a folder.

    Args:
        repeats: Number of runs of each kind.
        package: A checkout whose package to measure, or `None` for this one.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = _Command(folder, package)
        yield _start_up(folder, command, repeats)
        run_network = _network()
        for megapixels, size in _SIZES.items():
            photo = write_photograph(folder / f"{megapixels}.jpg", *size)
            yield _one_photograph(
                photo, command, run_network, megapixels=megapixels, repeats=repeats
            )
        yield _folder(folder / "12.jpg", command, max(repeats // 2, 2))


def _network() -> Callable[[], object]:
    """Return a function that runs the default network once, with the lights of `auto`."""
    engine = load_engine(pretrained_file("int8.tflite", PLACED_LIGHT))
    assert isinstance(engine, LightEngine)
    assert engine.fixed_size is not None  # An int8 file has one size.
    image = np.random.default_rng(0).random((*engine.fixed_size, 3)).astype(np.float32)
    lights = light_mixture("auto").numbers

    def run() -> object:
        read = engine.encode(image)
        return [engine.log_gain(read.features, light) for light in lights]

    return run


class _Command:
    """Runs `correct` in a separate process."""

    def __init__(self, folder: Path, package: Path | None):
        self._output = folder / "output"
        # The first run compiles the bytecode for all others, as in an installed package.
        self._environment = os.environ | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if package is not None:
            self._environment["PYTHONPATH"] = str(package)
        self._package = package

    def __call__(self, photo: Path) -> tuple[float, float]:
        """Correct a photograph or a folder and return wall-clock and CPU seconds."""
        command = [sys.executable, "-m", "keras_f2a", "correct", photo, "--output", self._output]
        return self.measure([*command, "--force"])

    def interpreter(self) -> tuple[float, float]:
        """Start an interpreter that does nothing and return wall-clock and CPU seconds."""
        return self.measure([sys.executable, "-c", "pass"])

    def measure(self, command: list) -> tuple[float, float]:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=self._environment,
            cwd=self._package,
        )
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.stdout.close()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command} failed: {output}")
        return seconds, usage.ru_utime + usage.ru_stime


def _start_up(folder: Path, command: _Command, repeats: int) -> Row:
    """Measure the command's CPU time without its photographs and the interpreter's start.

    The time of a photograph comes from the additional photographs of a folder.
    """
    photo = write_photograph(folder / "small.jpg", 64, 48)
    photos = _copies(photo, folder / "small")
    interpreter_starts, command_starts = [], []
    for _ in range(repeats + 1):  # The first one compiles.
        _, interpreter_seconds = command.interpreter()
        _, photo_seconds = command(photo)
        _, folder_seconds = command(photos)
        interpreter_starts.append(interpreter_seconds)
        command_starts.append(
            photo_seconds
            - interpreter_seconds
            - (folder_seconds - photo_seconds) / (_FOLDER_SIZE - 1)
        )
    seconds = statistics.median(command_starts[1:])
    detail = (
        f"processor seconds beyond the interpreter's {statistics.median(interpreter_starts):.3f} s"
    )
    return Row("start-up of `correct`", seconds, MAX_START_SECONDS, detail=detail)


def _one_photograph(
    photo: Path,
    command: _Command,
    run_network: Callable[[], object],
    *,
    megapixels: int,
    repeats: int,
) -> Row:
    pillow, network, wall_clock, cpu = [], [], [], []
    run_network()
    for _ in range(repeats):
        pillow.append(_seconds(lambda: _decode_and_encode(photo)))
        network.append(_seconds(run_network))
        seconds, processor = command(photo)
        wall_clock.append(seconds)
        cpu.append(processor)
    median = statistics.median
    reference = median(pillow) + median(network)
    detail = (
        f"{median(wall_clock):.3f} s ({median(cpu):.3f} processor seconds) / Pillow's "
        f"{median(pillow):.3f} s and the network's {median(network):.3f} s"
    )
    return Row(
        f"{megapixels} Mpx, whole process", median(wall_clock) / reference, MAX_RATIOS[megapixels],
        detail=detail,
    )  # fmt: skip


def _folder(photo: Path, command: _Command, repeats: int) -> Row:
    photos = _copies(photo, photo.parent / "photos")
    pillow, cpu, wall_clock = [], [], []
    for _ in range(repeats):
        start = time.process_time()
        for _ in range(_FOLDER_SIZE // 3):
            _decode_and_encode(photo)
        pillow.append((time.process_time() - start) / (_FOLDER_SIZE // 3))
        seconds, processor = command(photos)
        cpu.append(processor / _FOLDER_SIZE)
        wall_clock.append(seconds / _FOLDER_SIZE)
    median = statistics.median
    detail = (
        f"{median(cpu):.3f} processor seconds each ({median(wall_clock):.3f} s of wall time) / "
        f"Pillow's {median(pillow):.3f} s"
    )
    ratio = median(cpu) / median(pillow)
    return Row(f"folder of {_FOLDER_SIZE}, 12 Mpx each", ratio, MAX_FOLDER_RATIO, detail=detail)


def _copies(photo: Path, folder: Path) -> Path:
    folder.mkdir()
    for index in range(_FOLDER_SIZE):
        shutil.copy(photo, folder / f"{index}.jpg")
    return folder


def _decode_and_encode(photo: Path) -> None:
    with Image.open(photo) as image:
        image.load()
        image.save(io.BytesIO(), "JPEG", quality="keep")


def _seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
