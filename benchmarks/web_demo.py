"""Compares the web demo in headless Chromium with the Python package.

    python -m benchmarks.web_demo

Run it from the project's folder with Node.js, npm and Chromium installed. It builds the page. The
photographs are enlarged rendered scenes with noise.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.options import at_least
from benchmarks.photographs import write_photograph
from benchmarks.rows import Row
from keras_f2a.correction.corrector import Corrector

DEMO = Path("web_demo")
MAX_RATIO = 2.5
MAX_FIRST_USE_SECONDS = 4.0
MAX_LOAD = 12e6
MAX_GROWTH = 1.3
FEW, MANY = 5, 50
SLIDER_MOVES = 20
LIGHT_MOVES = 40
MAX_LIGHT_MILLISECONDS = 30.0


class MeasuredPage:
    """The built page in a separate browser, which `web_demo/tools/measure.mjs` controls."""

    def __init__(self, dist: Path, chromium: str):
        self._process = subprocess.Popen(
            ["node", "tools/measure.mjs", dist, shutil.which(chromium) or chromium],
            cwd=DEMO,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, order: str, **argument) -> dict:
        """Send an order and return its answer. Exit if the order failed."""
        commands, responses = self._process.stdin, self._process.stdout
        assert commands is not None and responses is not None
        commands.write(json.dumps({"order": order, **argument}) + "\n")
        commands.flush()
        line = responses.readline()
        response = json.loads(line) if line else {"error": "the browser exited"}
        if "error" in response:
            raise SystemExit(f"{order}: {response['error']}")
        return response

    def close(self) -> None:
        """Close the browser."""
        self._process.communicate()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print the measurements. Return 0 if every target was met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--chromium", default="chromium", help="the browser (default: %(default)s)")
    add("--repeats", type=at_least(1), default=5, help="timed runs of each kind")
    add(
        "--photographs",
        type=at_least(FEW + 1),
        default=MANY,
        help="number of photographs for the memory measurement at the end",
    )
    options = parser.parse_args(arguments)
    check_programs(parser, options.chromium)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dist = folder / "dist"
        _build(dist)
        photo = write_photograph(folder / "12.jpg", 4000, 3000)
        large = write_photograph(folder / "48.jpg", 8000, 6000)
        page = MeasuredPage(dist, options.chromium)
        try:
            met = [_first_use(page), _speed(page, photo, options.repeats), _light(page)]
            response = page.ask("photo", path=str(large), drop=True)
            print(
                f"48 Mpx: shown after {_s(response['shown'])}, saved after {_s(response['saved'])}"
            )
            met.append(_memory(page, photo, options.photographs))
        finally:
            page.close()
    print("all targets met" if all(met) else "TARGETS MISSED")
    return 0 if all(met) else 1


def check_programs(parser: argparse.ArgumentParser, chromium: str = "chromium") -> None:
    """Exit with a message if a program that the measurements need is missing."""
    for program in ("node", "npm", chromium):
        if shutil.which(program) is None:
            parser.error(f"{program} is not installed; the page needs Node.js, npm and Chromium")


def browser_row(repeats: int = 5) -> Row:
    """Return the page's time for 12 megapixels over the command's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _build(folder / "dist")
        photo = write_photograph(folder / "12.jpg", 4000, 3000)
        page = MeasuredPage(folder / "dist", "chromium")
        try:
            page.ask("firstUse")
            page_seconds, command_seconds = _page_and_command(page, photo, repeats)
        finally:
            page.close()
    detail = f"{page_seconds:.2f} s / {command_seconds:.2f} s"
    return Row(
        "time of the page / the command, 12 Mpx",
        page_seconds / command_seconds,
        MAX_RATIO,
        detail=detail,
    )


def _page_and_command(page: MeasuredPage, photo: Path, repeats: int) -> tuple[float, float]:
    """Return the page's seconds to the finished file and the command's, in alternation."""
    output = photo.parent / "corrected"
    command = [sys.executable, "-m", "keras_f2a.correct", str(photo)]
    command += ["--output", str(output), "--force"]
    responses, commands = [], []
    for _ in range(repeats + 1):  # The first of each warms up.
        responses.append(page.ask("photo", path=str(photo), drop=True))
        commands.append(_seconds(lambda: subprocess.run(command, check=True, capture_output=True)))
    return _median(responses[1:], "saved"), statistics.median(commands[1:])


def _build(dist: Path) -> None:
    if not (DEMO / "node_modules/vite").is_dir():
        subprocess.run(["npm", "ci"], cwd=DEMO, check=True, stdout=subprocess.DEVNULL)
    command = ["npx", "vite", "build", "--logLevel", "error", "--outDir", str(dist)]
    command += ["--emptyOutDir"]
    subprocess.run(command, cwd=DEMO, check=True)


def _first_use(page: MeasuredPage) -> bool:
    response = page.ask("firstUse")
    seconds, size = response["milliseconds"] / 1000, response["bytes"]
    met = seconds <= MAX_FIRST_USE_SECONDS and size <= MAX_LOAD
    print(f"first use, empty cache: {seconds:.2f} s, {size / 1e6:.2f} MB loaded")
    print(f"the sample: {response['runner']}")
    print(f"targets {MAX_FIRST_USE_SECONDS:g} s and {MAX_LOAD / 1e6:g} MB: {_verdict(met)}")
    return met


def _speed(page: MeasuredPage, photo: Path, repeats: int) -> bool:
    """Time the page, the command and the package in alternation after warm-up. Print medians."""
    corrector = Corrector()
    output = photo.parent / "corrected"
    command = [sys.executable, "-m", "keras_f2a.correct", str(photo)]
    command += ["--output", str(output), "--force"]
    responses, commands, package = [], [], []
    for repeat in range(repeats + 1):
        response = page.ask("photo", path=str(photo), drop=repeat < repeats)
        by_command = _seconds(lambda: subprocess.run(command, check=True, capture_output=True))
        in_process = _seconds(lambda: corrector.correct_file(photo, output / "a.jpg", force=True))
        if repeat:  # The first of each warms up.
            responses.append(response)
            commands.append(by_command)
            package.append(in_process)
    seconds = {name: _median(responses, name) for name in ("inWorker", "shown", "writing", "saved")}
    command_seconds, package_seconds = statistics.median(commands), statistics.median(package)
    sliders = page.ask("sliders", moves=SLIDER_MOVES)
    met = seconds["saved"] <= MAX_RATIO * command_seconds
    print(
        f"12 Mpx: the command takes {command_seconds:.2f} s, and the loaded package "
        f"alone {package_seconds:.2f} s"
    )
    for name, milestone in (("shown", "the picture on the screen"), ("saved", "the finished file")):
        print(
            f"12 Mpx: the page, from the picked file to {milestone}: {seconds[name]:.2f} s, ratio "
            f"{seconds[name] / command_seconds:.2f} to the command, "
            f"{seconds[name] / package_seconds:.2f} to the package"
        )
    print(f"  its worker's part: {seconds['inWorker']:.2f} s and {seconds['writing']:.2f} s")
    print(f"12 Mpx: moving a slider and redrawing takes {sliders['milliseconds']:.0f} ms")
    print(f"longest task of the page's main thread: {sliders['longestTask']:.0f} ms")
    print(f"target {MAX_RATIO} times the command, to the finished file: {_verdict(met)}")
    return met


def _light(page: MeasuredPage) -> bool:
    """Time moving a light over the last photograph."""
    response = page.ask("lights", moves=LIGHT_MOVES)
    # Skip the first two, which warm up.
    worker, drawing = (statistics.median(response[name][2:]) for name in ("inWorker", "drawn"))
    met = drawing <= MAX_LIGHT_MILLISECONDS
    print(
        f"12 Mpx: moving a light and redrawing takes {drawing:.0f} ms, {worker:.0f} ms of it in "
        "the worker"
    )
    print(f"target {MAX_LIGHT_MILLISECONDS:g} ms: {_verdict(met)}")
    return met


def _seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def _memory(page: MeasuredPage, photo: Path, photographs: int) -> bool:
    """Measure memory while photographs are added one by one and all stay in the queue."""
    sizes = {}
    for count in range(1, photographs + 1):
        page.ask("photo", path=str(photo), drop=False)
        if count in (FEW, photographs):
            sizes[count] = page.ask("memory")["megabytes"]
    growth = sizes[photographs] / sizes[FEW]
    met = growth <= MAX_GROWTH
    print(
        f"memory of all processes: {sizes[FEW]:.0f} MB after {FEW} photographs of 12 Mpx, "
        f"{sizes[photographs]:.0f} MB after {photographs}: {growth:.2f} times"
    )
    print(f"target {MAX_GROWTH}: {_verdict(met)}")
    return met


def _median(responses: list[dict], name: str) -> float:
    return statistics.median(response[name] for response in responses) / 1000


def _s(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.2f} s"


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


if __name__ == "__main__":
    sys.exit(main())
