"""`python -m keras_f2a.correct`: corrects photographs at their full size."""

import argparse
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from keras_f2a.correction.corrector import DEFAULT_WORKING_SIZE, RESOLUTIONS, Corrector
from keras_f2a.correction.engines import needs_tensorflow
from keras_f2a.correction.photo_batch import correct_photos
from keras_f2a.correction.photo_plan import plan_photos
from keras_f2a.correction.tone import LARGEST_BRIGHTNESS, LARGEST_WARMTH
from keras_f2a.imaging.photo import DEFAULT_MAX_MEGAPIXELS
from keras_f2a.support.command_line import EXIT_DONE, EXIT_WORK_FAILED, ArgumentParser, run_command
from keras_f2a.support.printable import printable

PAGE_NAME = "comparison.html"


def main(arguments: Sequence[str] | None = None) -> int:
    """Corrects what the command line names and prints a summary; returns the exit code."""
    options = _parser().parse_args(arguments)
    # Pillow warns about oddities of a file's metadata, which no user can act on.
    warnings.filterwarnings("ignore", module="PIL")
    start = time.perf_counter()
    tasks = plan_photos(options.photos, options.output, options.recursive)
    corrector = partial(
        Corrector,
        options.model,
        resolution=options.resolution,
        working_size=options.working_size,
        strength=options.strength,
        brightness=options.brightness,
        warmth=options.warmth,
    )
    if needs_tensorflow(options.model):
        corrector = corrector()
    page = Path(options.output) / PAGE_NAME if options.page else None
    outcome = correct_photos(
        corrector,
        tasks,
        force=options.force,
        quality=options.quality,
        max_megapixels=options.max_megapixels,
        compare=options.compare,
        page=page,
    )
    seconds = time.perf_counter() - start
    done = f"corrected {len(outcome.corrected)} of {len(tasks)}"
    done += f", skipped {len(outcome.failures)}" if outcome.failures else ""
    done += f", did not try {len(outcome.not_tried)}" if outcome.not_tried else ""
    print(f"{done} in {seconds:.1f} s; results: {printable(options.output)}")
    if page is not None:
        print(f"page: {printable(page)}")
    if options.timings:
        stages = (f"{stage} {seconds:.3f} s" for stage, seconds in outcome.seconds.items())
        print(f"time: {', '.join(stages)}")
    return EXIT_WORK_FAILED if outcome.failures else EXIT_DONE


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="keras_f2a.correct",
        description="Turns flash photographs into ones that look lit by ambient light, at their "
        "full size and with their metadata. Files that cannot be read are reported and skipped.",
    )
    add = parser.add_argument
    add("photos", nargs="+", metavar="PHOTO_OR_FOLDER", help="photographs, folders or patterns")
    add("--model", metavar="FILE", help=".tflite, .keras or run directory (default: ours)")
    add("--output", metavar="DIR", required=True, help="folder for the results")
    add("--recursive", action="store_true", help="search the folders inside the folders too")
    add("--force", action="store_true", help="replace results that exist already")
    add("--strength", type=_share, default=1.0, metavar="S", help="0 (original) to 1 (default)")
    add(
        "--brightness",
        type=_within(LARGEST_BRIGHTNESS),
        default=0.0,
        metavar="EV",
        help=f"stops brighter, or darker, up to {LARGEST_BRIGHTNESS:g}; white stays (default: 0)",
    )
    add(
        "--warmth",
        type=_within(LARGEST_WARMTH),
        default=0.0,
        metavar="W",
        help=f"{-LARGEST_WARMTH:g} (cooler) to {LARGEST_WARMTH:g} (warmer) (default: 0)",
    )
    add(
        "--resolution",
        choices=RESOLUTIONS,
        default="full",
        help="full (default): the model sees a small copy, its effect is carried to every pixel; "
        "network: the model sees the whole photograph in tiles, which is slow",
    )
    add(
        "--working-size",
        type=_count,
        metavar="N",
        help=f"long side of the small copy (default: {DEFAULT_WORKING_SIZE}, or the model's own)",
    )
    add("--quality", type=_quality, metavar="Q", help="1 to 100 (default: the photograph's own)")
    add("--compare", action="store_true", help="write a before/after picture beside each result")
    add("--page", action="store_true", help=f"write {PAGE_NAME}, with a divider to drag")
    add(
        "--max-megapixels",
        type=_positive,
        default=DEFAULT_MAX_MEGAPIXELS,
        metavar="N",
        help=f"refuse larger photographs (default: {DEFAULT_MAX_MEGAPIXELS:g})",
    )
    add("--timings", action="store_true", help="print where the time went")
    return parser


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _within(largest: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        value = float(text)
        if not -largest <= value <= largest:
            raise argparse.ArgumentTypeError(f"{text} is not between {-largest:g} and {largest:g}")
        return value

    return parse


def _quality(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 100:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and 100")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


if __name__ == "__main__":
    run_command(main, _parser())
