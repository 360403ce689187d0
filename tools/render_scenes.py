"""Command: render scenes and make photograph pairs of them. See `--help`."""

import argparse
import multiprocessing
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from keras_f2a.support.progress import print_above_the_bar, progress_bar
from tools.scenes import collection
from tools.scenes.layouts.furnished import KINDS
from tools.scenes.scene import SPLITS

Place = tuple[str, int]
"""Split and index of a scene."""


def render_one(options: argparse.Namespace, place: Place) -> None:
    """Render the light pictures and the geometry of one scene."""
    pictures, maps = collection.render_lights(
        options.seed,
        *place,
        options.size,
        options.samples,
        kind=options.kind,
        assets=options.assets,
    )
    collection.save_geometry(collection.geometry_path(options.lights, *place), maps)
    collection.save_lights(collection.lights_path(options.lights, *place), pictures)


def develop_one(options: argparse.Namespace, place: Place) -> None:
    """Make the missing pairs of a scene whose light pictures exist.

    For a test scene, also save the flash's shadows beside each pair, because the scores need them.
    """
    pictures = collection.load_lights(collection.lights_path(options.lights, *place))
    for variant in range(options.variants):
        paths = collection.pair_paths(options.output, *place, variant)
        if not all(path.is_file() for path in paths):
            photographs = collection.develop_pair(pictures, options.seed, *place, variant)
            # Save the pair last, because the next run skips pairs that exist.
            if place[0] == "test":
                maps = collection.load_geometry(collection.geometry_path(options.lights, *place))
                collection.save_shadow(paths[0], maps)
            collection.save_pair(paths, photographs, options.quality)


def unrendered(options: argparse.Namespace) -> list[Place]:
    """Return the scenes that have no light pictures yet."""
    wanted = _places(options)
    return [
        place for place in wanted if not collection.lights_path(options.lights, *place).is_file()
    ]


def render_all(options: argparse.Namespace) -> None:
    """Render the missing scenes, then make the missing pairs."""
    _in_parallel("rendered", partial(render_one, options), unrendered(options), options.processes)
    _in_parallel("developed", partial(develop_one, options), _places(options), options.processes)


def _places(options: argparse.Namespace) -> list[Place]:
    counts = {"train": options.train, "test": options.test}
    return [(split, index) for split in SPLITS for index in range(counts[split])]


def _in_parallel(
    done: str, work: Callable[[Place], None], places: list[Place], processes: int
) -> None:
    """Run `work` on several scenes in parallel, with a progress bar and a line for each scene."""
    # Spawn, because forked workers would inherit Mitsuba's threads in a stopped state.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context)
    with pool, progress_bar(len(places), "scene") as bar:
        futures = {pool.submit(work, place): place for place in places}
        try:
            for count, future in enumerate(as_completed(futures), start=1):
                future.result()
                split, index = futures[future]
                print_above_the_bar(f"{done} {count}/{len(places)}  {split} {index}", sys.stderr)
                bar.update()
        except BaseException:
            # Otherwise the pool would render all queued scenes before the command exits.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _size(text: str) -> tuple[int, int]:
    """Parse WIDTHxHEIGHT in pixels."""
    width, separator, height = text.partition("x")
    if not (separator and width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT, such as 320x240")
    return int(width), int(height)


def _count(text: str) -> int:
    """Parse an integer of at least 0."""
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 0")
    return int(text)


def _positive(text: str) -> int:
    """Parse an integer of at least 1."""
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.render_scenes",
        description="Renders made-up scenes under each of their lights and makes pairs of "
        "photographs of them. Finished files are kept, so run the same command again to continue.",
    )
    add = parser.add_argument
    add("--output", type=Path, required=True, metavar="DIR", help="folder for the pairs")
    add(
        "--lights",
        type=Path,
        metavar="DIR",
        help="folder for the renderings, about 1.5 MB per scene (default: OUTPUT/lights)",
    )
    add(
        "--kind",
        choices=KINDS,
        default="procedural",
        help="what the scenes show (default: procedural); every other kind needs --assets",
    )
    add("--assets", type=Path, metavar="DIR", help="output folder of tools.scene_assets")
    add("--train", type=_count, default=420, metavar="N", help="training scenes (default: 420)")
    add("--test", type=_count, default=40, metavar="N", help="test scenes (default: 40)")
    add("--variants", type=_positive, default=1, metavar="N", help="pairs per scene (default: 1)")
    add(
        "--quality",
        type=_positive,
        default=90,
        metavar="Q",
        help="quality of the WebP files (default: 90)",
    )
    add("--seed", type=_count, default=0, metavar="N", help="seed of the collection (default: 0)")
    add("--samples", type=_positive, default=12, metavar="N", help="paths per pixel (default: 12)")
    add(
        "--size",
        type=_size,
        default=(320, 240),
        metavar="WxH",
        help="size in pixels (default: 320x240)",
    )
    add(
        "--processes",
        type=_positive,
        default=2,
        metavar="N",
        help="scenes rendered at a time (default: 2)",
    )
    options = parser.parse_args(arguments)
    if options.kind != "procedural" and options.assets is None:
        parser.error(f"--kind {options.kind} needs --assets, the cache of tools.scene_assets")
    if options.lights is None:
        options.lights = options.output / "lights"
    return options


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = parse_arguments(arguments)
    try:
        render_all(options)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        print(f"render_scenes: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
