"""Command: turn freely licensed models, panoramas and pictures into a cache for scenes."""

import argparse
import sys
from pathlib import Path

import numpy as np

from tools.assets import hdris, pictures
from tools.assets.credits import Credit, credits_text
from tools.assets.models import convert
from tools.assets.sweethome import LICENCES, Library
from tools.assets.whitelist import read_whitelist


def convert_models(source: Path, output: Path) -> list[Credit]:
    """Convert all models of the whitelist that are not in `output` yet.

    Raises:
        KeyError: If the whitelist names a model that no library has.
    """
    kinds, _ = read_whitelist()
    wanted = {key for keys in kinds.values() for key in keys}
    credits = []
    for name in LICENCES:
        library = Library(source / f"{name}.sh3f")
        for key in sorted(key for key in wanted if key.startswith(f"{name}/")):
            entry = library.entries[key]
            _store(output / f"{key}.npz", library, entry)
            package = f"sweethome3d-furniture 1.8, {name}"
            credits.append(Credit(entry.title, entry.creator, entry.licence, package))
    return credits


def _store(target: Path, library: Library, entry) -> None:
    if target.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    with partial.open("wb") as file:
        np.savez_compressed(file, **convert(library, entry))
    partial.replace(target)
    print(entry.key, flush=True)


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.scene_assets",
        description="Converts what scenes show from the packages that carry it to a cache. "
        "What is there already is kept.",
    )
    share = Path("/usr/share")
    add = parser.add_argument
    add("--output", type=Path, required=True, metavar="DIR", help="the cache, about 120 MB")
    add(
        "--furniture",
        type=Path,
        default=share / "sweethome3d/furniture",
        metavar="DIR",
        help="Debian: sweethome3d-furniture (default: %(default)s)",
    )
    add(
        "--panoramas",
        type=Path,
        default=share / "blender/datafiles/studiolights/world",
        metavar="DIR",
        help="Debian: blender-data (default: %(default)s)",
    )
    add("--pmndrs", type=Path, required=True, metavar="TGZ", help="npm pack @pmndrs/assets@1.7.0")
    add(
        "--drawings",
        type=Path,
        default=share / "openclipart/png",
        metavar="DIR",
        help="Debian: openclipart-png (default: %(default)s)",
    )
    add(
        "--photographs",
        type=Path,
        default=share / "backgrounds",
        metavar="DIR",
        help="Debian: lomiri-wallpapers-16.04 (default: %(default)s)",
    )
    return parser.parse_args(arguments)


def convert_all(options: argparse.Namespace) -> None:
    """Convert everything and write the credits."""
    output = options.output
    credits = convert_models(options.furniture, output / "models")
    credits += hdris.convert_blender(options.panoramas, output / "panoramas")
    credits += hdris.convert_pmndrs(options.pmndrs, output / "panoramas")
    credits += pictures.convert_drawings(options.drawings, output / "drawings")
    credits += pictures.convert_photographs(options.photographs, output / "photographs")
    (output / "CREDITS.md").write_text(credits_text(credits), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = parse_arguments(arguments)
    try:
        convert_all(options)
    except (ImportError, KeyError, OSError, ValueError) as error:
        print(f"scene_assets: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
