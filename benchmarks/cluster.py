"""Measures `python -m keras_f2a.cluster`: speed, CPU time, and the cost of a million names.

    python -m benchmarks.cluster [--photographs N] [--names N] [--training]

Speed and CPU time are measured between the first and the last result, so they exclude the start of
Ray and of the workers. CPU time is that of all processes, including Ray's. Exits with code 1 if a
limit is missed. The limit on speed assumes two idle cores.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.options import at_least
from benchmarks.rows import Row, print_rows
from keras_f2a.support.counting import counted

MIN_SPEED_UP = 1.8  # of two workers over one
MAX_PROCESSOR_TIME = 1.3  # of workers over the plain command, per photograph
MAX_BYTES = 1024  # of the driver's memory, per listed name
MAX_TRAINING_TIME = 1.15  # of two workers over one process, per image
SIZE = (1440, 1080)
MANY, CORES = 100_000_000, 1_000
NAMES_OF_A_REQUEST, SECONDS_OF_A_REQUEST = 1_000, 0.1
_TICK = os.sysconf("SC_CLK_TCK")
_DISCARD = subprocess.DEVNULL


def main() -> int:
    """Measure, print the results and return the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.cluster", description=__doc__)
    parser.add_argument("--photographs", type=at_least(2), default=60, metavar="N")
    parser.add_argument("--names", type=at_least(2), default=1_000_000, metavar="N")
    parser.add_argument("--training", action="store_true", help="measure training only")
    options = parser.parse_args()
    if options.training:
        return int(not print_rows([training_row()]))
    with tempfile.TemporaryDirectory() as folder:
        speeds, processor_ratio = _measure_photographs(Path(folder), options.photographs)
    seconds, size = _run_in_process(_plan_cost, options.names)
    distribution, _ = _run_in_process(_distribution_cost, min(options.names, 32_768))
    ratio = speeds[2] / speeds[1]
    missed = ratio < MIN_SPEED_UP, processor_ratio > MAX_PROCESSOR_TIME, size > MAX_BYTES
    print(f"speed of two workers / one worker: {ratio:.2f} (at least {MIN_SPEED_UP})")
    print(f"processor time / plain command's: {processor_ratio:.2f} (at most {MAX_PROCESSOR_TIME})")
    print(
        f"{options.names:,} names: {seconds * 1e6:.1f} µs and {size:.0f} bytes each to compare "
        f"(at most {MAX_BYTES}), {distribution * 1e6:.0f} µs to hand out"
    )
    _print_estimate(speeds[1], seconds, size, distribution)
    return int(any(missed))


def _measure_photographs(folder: Path, count: int) -> tuple[dict[int, float], float]:
    """Return photographs/s for one and two workers, and CPU time over the plain command's."""
    generator = np.random.default_rng(0)
    (folder / "in").mkdir()
    for i in range(count):
        small = Image.fromarray(generator.integers(0, 256, (9, 12, 3), dtype=np.uint8))
        small.resize(SIZE, Image.Resampling.BICUBIC).save(folder / "in" / f"{i}.jpg", quality=90)
    plain = ["keras_f2a.correct", folder / "in", "--output", folder / "plain"]
    speed, plain_seconds = _measure_command(plain, folder / "plain")
    print(f"plain command: {speed:.2f} photographs/s, {plain_seconds:.3f} processor seconds each")
    speeds, ratio = {}, 0.0
    for workers in (1, 2):
        output = folder / str(workers)
        command = ["keras_f2a.cluster", "correct", folder / "in", "--output", output]
        speeds[workers], seconds = _measure_command([*command, "--workers", workers], output)
        ratio = max(ratio, seconds / plain_seconds)
        print(
            f"{counted(workers, 'worker')}: {speeds[workers]:.2f} photographs/s, {seconds:.3f} "
            "processor seconds each"
        )
    return speeds, ratio


def _measure_command(command: list, output: Path) -> tuple[float, float]:
    """Return a command's photographs/s and CPU seconds per photograph."""
    samples: list[tuple[float, float]] = []
    # The files' times must say when results were written, so they must not copy the photographs'.
    full_command = [sys.executable, "-m", *map(str, command), "--no-keep-time"]
    with subprocess.Popen(full_command, stdout=_DISCARD, stderr=_DISCARD) as process:
        while process.poll() is None:
            samples.append((time.time(), _processor_seconds(process.pid)))
            time.sleep(0.25)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    times = sorted(path.stat().st_mtime for path in output.rglob("*.jpg"))
    first, last = times[0], times[-1]
    clock, spent = np.array(samples).T
    cpu_seconds = np.interp([first, last], clock, spent)
    return (len(times) - 1) / (last - first), float(cpu_seconds[1] - cpu_seconds[0]) / (
        len(times) - 1
    )


def _processor_seconds(root: int) -> float:
    """Return the CPU seconds of a process and its descendants, including reaped ones."""
    parents, cpu_seconds = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
        cpu_seconds[int(stat.parent.name)] = sum(map(int, fields[11:15])) / _TICK
    descendants = {root}
    while children := {p for p, parent in parents.items() if parent in descendants} - descendants:
        descendants |= children
    return sum(cpu_seconds.get(process, 0.0) for process in descendants)


def _run_in_process(cost: Callable[[int], tuple[float, float]], count: int) -> tuple[float, float]:
    """Run a function of this module in a fresh process, so that only it affects the memory."""
    code = f"from benchmarks import cluster; cluster.show(cluster.{cost.__name__}({count}))"
    completed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return tuple(json.loads(completed.stdout.splitlines()[-1]))


def show(figures: tuple[float, float]) -> None:
    """Print figures as JSON for the parent process."""
    print(json.dumps(figures))


def _names(count: int) -> list[str]:
    return [f"{i // 10_000:05}/IMG_{i:09}.jpg" for i in range(count)]


def _plan_cost(count: int) -> tuple[float, float]:
    """Return seconds and bytes per name for planning an archive that is half finished."""
    from keras_f2a.distributed.archive_plan import Listing, Source, plan_archive

    before = resource.getrusage(resource.RUSAGE_SELF)
    listings: list[Listing] = [(_names(count), []), (_names(count)[::2], [])]
    start_time = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    plan = plan_archive([Source("s3://a/in")], "s3://a/out", list_folders=lambda _: listings)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert plan.left == count // 2
    seconds, kilobytes = after.ru_utime - start_time, after.ru_maxrss - before.ru_maxrss
    return seconds / count, kilobytes * 1024 / count


class IdleWorker:
    """A worker that finishes its chunks immediately."""

    def __init__(self, job):
        pass

    def __call__(self, row: dict) -> dict:
        """Return the number of names as the result."""
        names = len(json.loads(row["photos"])[1])
        return {"chunk": row["chunk"], "result": json.dumps([names, [], [], False])}


def _distribution_cost(count: int) -> tuple[float, float]:
    """Return the driver's CPU seconds to distribute a name and collect its result."""
    from keras_f2a.distributed.archive import MAX_CHUNK_SIZE
    from keras_f2a.distributed.archive_worker import ArchiveJob
    from keras_f2a.distributed.chunks import Chunk, correct_chunks
    from keras_f2a.distributed.ray_session import ray_session

    names = _names(count)
    chunks: list[Chunk] = [
        (0, names[start : start + MAX_CHUNK_SIZE], []) for start in range(0, count, MAX_CHUNK_SIZE)
    ]
    with ray_session(cpus=2):
        list(correct_chunks(chunks[:4], ArchiveJob((), ""), 2, worker=IdleWorker))
        start = time.process_time()
        results = list(correct_chunks(chunks, ArchiveJob((), ""), 2, worker=IdleWorker))
        seconds = time.process_time() - start
    assert sum(result.corrected for _, result in results if result is not None) == count
    return seconds / count, 0.0


def _print_estimate(speed: float, listing: float, size: float, distribution: float) -> None:
    work = MANY / (CORES * speed)
    requests = 1.5 * MANY / NAMES_OF_A_REQUEST * SECONDS_OF_A_REQUEST
    print(f"estimate for {MANY:,} photographs like these on {CORES:,} cores:")
    print(f"  {work / 3600:.1f} hours of work at {speed:.2f} photographs/s per core")
    print(f"  {requests / 3600:.1f} hours to list the folders one after another")
    print(f"  {MANY * listing / 3600:.1f} hours and {MANY * size / 1e9:.0f} GB to compare")
    print(f"  {MANY * distribution / 3600:.1f} hours for the driver to hand them out")
    busy_share = MANY * distribution / work
    bottleneck = "the driver's memory" if busy_share < 1 else "the driver's speed at handing out"
    print(f"  the driver is busy {busy_share:.0%} of that time; the first limit: {bottleneck}")


def training_row() -> Row:
    """Return the CPU time per image with two workers over that with one process."""
    from tests.runs.workers.two_workers import environment, free_addresses

    # All 48 bundled pairs make six steps per epoch. With one step, checkpoints would dominate. The
    # numbers of epochs are far apart, because the cost of a start varies by a second.
    epochs, images = (2, 8), 48
    seconds = {}
    for workers in (1, 2):
        cpu_seconds = []
        for epoch_count in epochs:
            with tempfile.TemporaryDirectory() as folder:
                command = [sys.executable, "-m", "keras_f2a.train", "--run-dir", folder]
                command += ["--condition", "guided", "--width", "0.25", "--encoder-weights", "none"]
                command += ["--batch-size", "8", "--limit", str(images), "--crop-size", "224"]
                command += ["--epochs", str(epoch_count), "--validate-every", "100"]
                command += ["--strategy", "multi_worker" if workers > 1 else "single"]
                addresses = free_addresses(workers)
                environments = [os.environ | environment(addresses, i) for i in range(workers)]
                cpu_seconds.append(_measure_cpu_seconds(command, environments))
        seconds[workers] = (cpu_seconds[1] - cpu_seconds[0]) / (images * (epochs[1] - epochs[0]))
    detail = f"{seconds[2]:.3f} processor seconds per image / {seconds[1]:.3f} s"
    ratio = seconds[2] / seconds[1]
    return Row("processor time, two workers / one process", ratio, MAX_TRAINING_TIME, detail=detail)


def _measure_cpu_seconds(command: list[str], environments: list[dict]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    processes = [
        subprocess.Popen(command, env=variables, stdout=_DISCARD, stderr=_DISCARD)
        for variables in environments
    ]
    if any([process.wait() for process in processes]):
        raise SystemExit("training failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
