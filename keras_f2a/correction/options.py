"""The options of every command that corrects photographs."""

import argparse
from collections.abc import Callable

from keras_f2a.correction.corrector import DEFAULT_WORKING_SIZE, RESOLUTIONS
from keras_f2a.correction.tone import LARGEST_BRIGHTNESS, LARGEST_WARMTH
from keras_f2a.imaging.photo import DEFAULT_MAX_MEGAPIXELS

CORRECTOR_OPTIONS = ("resolution", "working_size", "strength", "brightness", "warmth")
"""Those that `keras_f2a.Corrector` takes beside the model, by the same names."""


def add_correction_options(parser: argparse.ArgumentParser) -> None:
    """Adds the model, what it is asked for, and how results are written."""
    add = parser.add_argument
    add("--model", metavar="FILE", help=".tflite, .keras or run directory (default: ours)")
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
    add(
        "--max-megapixels",
        type=_positive,
        default=DEFAULT_MAX_MEGAPIXELS,
        metavar="N",
        help=f"refuse larger photographs (default: {DEFAULT_MAX_MEGAPIXELS:g})",
    )


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
