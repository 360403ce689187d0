"""Measures exactness, quality, speed and memory of the correction of a photograph.

    python -m benchmarks.correct_photo --photos DIR                        # exactness and quality
    python -m benchmarks.correct_photo --photos DIR --model int8.tflite    # and speed and memory

Run it from the project's folder. DIR has flash/ambient pairs of photographs, named
`NAME_flash.jpg` and `NAME_ambient.jpg`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.correct_photo_exactness import measure_exactness
from benchmarks.correct_photo_quality import measure_quality
from benchmarks.correct_photo_speed import measure_speed
from benchmarks.options import at_least


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print the measurements. Return 0 if every target was met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--photos", type=Path, required=True, metavar="DIR", help="folder of pairs")
    add("--model", type=Path, help="trained generator: .tflite, .keras or run directory")
    add("--output", type=Path, help="folder for pictures to look at (default: none)")
    add(
        "--megapixels",
        type=at_least(1),
        nargs="+",
        default=[1, 3, 12, 24, 48],
        help="sizes to time",
    )
    add("--grain", type=float, default=0.0, help="noise of the enlargements, in 1/255")
    add("--repeats", type=at_least(1), default=5, help="timed runs of each kind")
    options = parser.parse_args(arguments)
    flashes = sorted(options.photos.glob("*_flash.jpg"))
    if not flashes:
        parser.error(f"--photos {options.photos} has no *_flash.jpg; name a folder of pairs")
    if options.output is not None:
        options.output.mkdir(parents=True, exist_ok=True)
    met = [measure_exactness(flashes, options.output)]
    met.append(measure_quality(flashes, options.model, options.output))
    if options.model is None:
        print("\n## Speed and memory\nSKIPPED: no generator; name one with --model")
    else:
        met.append(
            measure_speed(
                flashes[0], options.model, options.megapixels, options.grain, options.repeats
            )
        )
    print(f"\n{'all targets met' if all(met) else 'TARGETS MISSED'}")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
