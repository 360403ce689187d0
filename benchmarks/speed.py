"""Measures this project's speed and compares it with its targets.

    python -m benchmarks.speed                 # start-up, one photograph, a folder
    python -m benchmarks.speed --training      # and the training steps (minutes)
    python -m benchmarks.speed --workers       # and two training processes (minutes)
    python -m benchmarks.speed --browser       # and the web demo in Chromium (minutes)
    python -m benchmarks.speed --package DIR   # correct photographs with a checkout's package

Most numbers are ratios of two times of the same run, because machines differ in speed and load.
Exits with code 1 if a target is missed. Run it from the project's folder.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.options import at_least
from benchmarks.photo_speed import photo_rows
from benchmarks.rows import Row, print_rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the results and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--repeats", type=at_least(1), default=7, help="runs of each kind")
    add("--training", action="store_true", help="also measure training steps")
    add("--workers", action="store_true", help="also measure two processes that train together")
    add("--browser", action="store_true", help="also measure the page")
    add("--package", type=Path, help="checkout whose package corrects the photographs")
    options = parser.parse_args(arguments)
    if options.browser:
        from benchmarks.web_demo import check_programs

        check_programs(parser)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    return 0 if print_rows(_rows(options)) else 1


def _rows(options: argparse.Namespace) -> Iterator[Row]:
    yield from photo_rows(options.repeats, options.package)
    if options.training:
        from benchmarks.train_step import training_rows

        yield from training_rows()
    if options.workers:
        from benchmarks.cluster import training_row

        yield training_row()
    if options.browser:
        from benchmarks.web_demo import browser_row

        yield browser_row()


if __name__ == "__main__":
    sys.exit(main())
