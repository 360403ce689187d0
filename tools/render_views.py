"""Command: render views of generated scenes under described lights. See `--help`."""

import argparse
import json
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from keras_f2a.data.light_shards import write_shard
from keras_f2a.support.atomic_file import write_text
from keras_f2a.support.errors import InputError
from keras_f2a.support.progress import duration
from tools.render_scenes import _positive, _size
from tools.scenes.views.view_pictures import render_views

SETTINGS = ("seed", "views", "samples", "size", "shard_scenes")
"""Settings that all shards of a folder share."""


def shard_path(folder: Path, number: int) -> Path:
    """Return the path of a shard."""
    return folder / f"views_{number:05d}.npz"


def check_settings(options: argparse.Namespace) -> None:
    """Record a folder's settings, or compare them with the recorded ones.

    Raises:
        InputError: If the folder was started with other settings, or its settings file is damaged.
    """
    path = options.output / "settings.json"
    wanted = {name: getattr(options, name) for name in SETTINGS}
    wanted["size"] = list(wanted["size"])
    if not path.is_file():
        options.output.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(wanted))
        return
    try:
        noted = dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{path}: is damaged; choose another --output") from error
    for name, value in wanted.items():
        if noted.get(name) != value:
            option = "--" + name.replace("_", "-")
            raise InputError(
                f"{options.output}: was started with {option} {noted.get(name)}; "
                "use the same value, or choose another --output"
            )


def render_shard(options: argparse.Namespace, number: int) -> tuple[int, float]:
    """Render the scenes of one shard and return its number of views and the CPU-seconds spent."""
    before = time.process_time()
    first = number * options.shard_scenes
    views = []
    # Fill the shard even past the last requested scene. A later run with more scenes keeps it.
    for index in range(first, first + options.shard_scenes):
        try:
            views += render_views(
                options.seed,
                index,
                views=options.views,
                size=options.size,
                samples=options.samples,
                assets=options.assets,
            )
        except RuntimeError as error:
            if "no clear view" not in str(error):
                raise
            print(f"left out: {error}", file=sys.stderr, flush=True)
    write_shard(shard_path(options.output, number), views)
    return len(views), time.process_time() - before


def missing_shards(options: argparse.Namespace) -> list[int]:
    """Return the numbers of the shards that the scenes need and that do not exist yet."""
    total = -(-options.scenes // options.shard_scenes)
    return [i for i in range(total) if not shard_path(options.output, i).is_file()]


def render_all(options: argparse.Namespace) -> None:
    """Render the missing shards and print a line for each."""
    check_settings(options)
    missing = missing_shards(options)
    started = time.monotonic()
    # Spawn, because forked workers would inherit the renderer's threads in a stopped state.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.processes, mp_context=context) as pool:
        futures = {pool.submit(render_shard, options, number): number for number in missing}
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                count, spent = future.result()
                number = futures[future]
                size = shard_path(options.output, number).stat().st_size
                left = (time.monotonic() - started) / done * (len(missing) - done)
                print(
                    f"shard {number} ({done}/{len(missing)}): {count} views, "
                    f"{spent / max(count, 1):.2f} CPU-seconds and "
                    f"{size / max(count, 1) / 1000:.1f} kB per view, {duration(left)} left",
                    file=sys.stderr,
                    flush=True,
                )
        except BaseException:
            # Otherwise the queued shards would keep the command busy for minutes.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.render_views",
        description="Renders views of made-up scenes under the flash and under each of their "
        "lights, with normals, depth and a description of every light. Finished shards are kept, "
        "so run the same command again to continue. Run only one command per folder at a time.",
    )
    add = parser.add_argument
    add("--output", type=Path, required=True, metavar="DIR", help="folder for the shards")
    add(
        "--assets",
        type=Path,
        required=True,
        metavar="DIR",
        help="output folder of tools.scene_assets",
    )
    add(
        "--scenes",
        type=_positive,
        default=3000,
        metavar="N",
        help="scenes, rounded up to whole shards (default: 3000)",
    )
    add("--views", type=_positive, default=4, metavar="N", help="maximum per scene (default: 4)")
    add(
        "--shard-scenes",
        type=_positive,
        default=10,
        metavar="N",
        help="scenes per shard (default: 10)",
    )
    add(
        "--processes",
        type=_positive,
        default=2,
        metavar="N",
        help="shards rendered at once (default: 2)",
    )
    add("--samples", type=_positive, default=6, metavar="N", help="paths per pixel (default: 6)")
    add(
        "--size",
        type=_size,
        default=(160, 120),
        metavar="WxH",
        help="size in pixels (default: 160x120)",
    )
    add("--seed", type=int, default=0, metavar="N", help="seed of all randomness (default: 0)")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = parse_arguments(arguments)
    try:
        render_all(options)
    except InputError as error:
        print(f"render_views: {error}", file=sys.stderr)
        return 2
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        print(f"render_views: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
