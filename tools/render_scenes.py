"""Command: render the bundled scenes (`python -m tools.render_scenes --help`)."""

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tools.scenes.scene import SPLITS


def _size(text: str) -> tuple[int, int]:
    """Parse WIDTHxHEIGHT in pixels."""
    width, separator, height = text.partition("x")
    if not (separator and width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT, such as 320x240")
    return int(width), int(height)


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.render_scenes", description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="folder for train/ and test/")
    parser.add_argument("--train", type=int, default=48, help="number of training pairs")
    parser.add_argument("--test", type=int, default=8, help="number of test pairs")
    parser.add_argument("--seed", type=int, default=0, help="seed of the collection")
    parser.add_argument("--samples", type=int, default=48, help="light paths per pixel")
    parser.add_argument("--size", type=_size, default=(320, 240), help="WIDTHxHEIGHT in pixels")
    parser.add_argument("--processes", type=int, default=2, help="scenes rendered at a time")
    return parser.parse_args(arguments)


def render_one(
    output: Path, seed: int, split: str, index: int, size: tuple[int, int], samples: int
) -> None:
    """Render and store one pair."""
    # Mitsuba is imported here so that parsing and its errors do not need it.
    from tools.scenes.pairs import render_pair, save_pair

    save_pair(output, split, index, render_pair(seed, split, index, size, samples))


def unfinished(output: Path, counts: dict[str, int]) -> list[tuple[str, int]]:
    """Scenes (split, index) whose pair of files is not complete."""
    from tools.scenes.pairs import is_finished

    scenes = [(split, index) for split in SPLITS for index in range(counts[split])]
    return [(split, index) for split, index in scenes if not is_finished(output, split, index)]


def render_all(options: argparse.Namespace) -> None:
    """Render what is missing, several scenes at a time, and print the progress."""
    todo = unfinished(options.output, {"train": options.train, "test": options.test})
    start = time.monotonic()
    # Forked children would inherit Mitsuba's stopped threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.processes, mp_context=context) as pool:
        futures = {}
        for split, index in todo:
            place = (options.output, options.seed, split, index)
            futures[pool.submit(render_one, *place, options.size, options.samples)] = (split, index)
        for count, future in enumerate(as_completed(futures), start=1):
            future.result()
            split, index = futures[future]
            left = (time.monotonic() - start) / count * (len(todo) - count)
            print(f"{count}/{len(todo)}  {split} {index:03d}  {left / 60:.1f} min left", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = parse_arguments(arguments)
    try:
        render_all(options)
    except (ImportError, OSError, RuntimeError) as error:
        print(f"render_scenes: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
