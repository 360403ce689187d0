"""Speed and memory of the whole command, from its start to the finished file."""

import io
import os
import re
import statistics
import subprocess
import sys
import tempfile
import timeit
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from keras_f2a.correction.engines import load_generator_engine
from keras_f2a.imaging.photo import open_photo
from keras_f2a.imaging.photo_output import save_photo

MAX_RATIO = 2.5
MAX_MEMORY = 700
JUDGED_MEGAPIXELS = 12
_WORKING_SIZE = (240, 320)

# A new process starts with the memory of its parent as its peak. So a small process starts and
# measures the command.
_LAUNCHER = """
import os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
print(time.perf_counter() - start, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def measure_speed(
    photo: Path, model: Path, megapixels: Sequence[int], grain: float, repeats: int
) -> bool:
    """Print time, stages and memory for enlarged photographs. Return whether targets are met.

    The reference is Pillow's decoding and encoding plus one run of the network. The network is
    timed first. Then, for each size, Pillow and the command are timed in alternation. Medians are
    printed.
    """
    print(f"\n## Speed and memory with {model.name}, {os.cpu_count()} cores")
    network = _time_network(model, repeats)
    print(f"one run of the network: {network:.3f} s")
    met = True
    with tempfile.TemporaryDirectory() as folder:
        for size in megapixels:
            enlarged = Path(folder) / f"{size}.jpg"
            _enlarge(photo, enlarged, size, grain)
            pillow, seconds, memory, stages = _time_photo(enlarged, model, repeats)
            ratio = seconds / (pillow + network)
            print(
                f"{size:3} Mpx ({enlarged.stat().st_size / 1e6:.1f} MB): whole process "
                f"{seconds:.3f} s, Pillow {pillow:.3f} s, ratio {ratio:.2f}, "
                f"peak memory {memory:.0f} MB\n        {stages}"
            )
            if size == JUDGED_MEGAPIXELS:
                met = ratio <= MAX_RATIO and memory <= MAX_MEMORY
    print(
        f"targets at {JUDGED_MEGAPIXELS} Mpx, ratio at most {MAX_RATIO} and memory at most "
        f"{MAX_MEMORY} MB: {'met' if met else 'MISSED'}"
    )
    return met


def _enlarge(photo: Path, target: Path, megapixels: int, grain: float) -> None:
    source = open_photo(photo)
    assert isinstance(source.image, Image.Image), f"{photo} is deeper than 8 bits"
    width, height = source.image.size
    scale = (megapixels * 1e6 / (width * height)) ** 0.5
    size = round(width * scale), round(height * scale)
    source.image = source.image.resize(size, Image.Resampling.BICUBIC)
    if grain:
        noise = np.random.default_rng(0).normal(0, grain, (*size[::-1], 1)).astype(np.float32)
        noisy = np.asarray(source.image) + noise
        source.image = Image.fromarray(np.clip(noisy + 0.5, 0, 255).astype(np.uint8))
    save_photo(source, target)


def _time_network(model: Path, repeats: int) -> float:
    engine = load_generator_engine(model)
    image = np.random.default_rng(0).random((*(engine.fixed_size or _WORKING_SIZE), 3))
    image = image.astype(np.float32)
    return _median(lambda: engine.run(image), repeats + 1)


def _time_photo(photo: Path, model: Path, repeats: int) -> tuple[float, float, float, str]:
    """Return Pillow's seconds and the command's seconds, peak memory in MB and stages."""
    pillow, runs = [], []
    for _ in range(repeats):
        pillow.append(_median(lambda: _decode_and_encode(photo), 1))
        runs.append(_run_command(photo, model))
    median_run = sorted(runs)[len(runs) // 2]
    return statistics.median(pillow), median_run[0], max(run[1] for run in runs), median_run[2]


def _decode_and_encode(photo: Path) -> None:
    with Image.open(photo) as image:
        image.load()
        image.save(io.BytesIO(), "JPEG", quality="keep")


def _run_command(photo: Path, model: Path) -> tuple[float, float, str]:
    with tempfile.TemporaryDirectory() as output:
        command = [sys.executable, "-m", "keras_f2a.correct", str(photo), "--model", str(model)]
        command += ["--output", output, "--timings"]
        completed = subprocess.run(
            [sys.executable, "-c", _LAUNCHER, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    if completed.returncode:
        raise SystemExit(f"the command failed on {photo}: {completed.stdout}")
    stages = re.search(r"^time: (.*)$", completed.stdout, re.MULTILINE)
    assert stages is not None
    seconds, kilobytes = completed.stdout.splitlines()[-1].split()
    return float(seconds), int(kilobytes) / 1024, stages[1]


def _median(job, repeats: int) -> float:
    return statistics.median(timeit.repeat(job, number=1, repeat=repeats))
