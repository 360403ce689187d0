"""Converts pictures for walls, books and packaging: public-domain drawings and free photographs."""

import random
from math import prod
from pathlib import Path

from PIL import Image

from tools.assets.credits import Credit

DRAWINGS = (
    *("animals", "food", "plants", "decorations", "buildings/homes", "special/patterns"),
    *("recreation/music", "recreation/sports", "recreation/toys", "recreation/holiday"),
    *("recreation/party", "transportation/vehicles", "transportation/boating", "geography"),
    *("signs_and_symbols/weather", "shapes/jigsaw", "people/clothing", "tools"),
)
"""Folders of Debian's package `openclipart-png` that hold no people, flags or signs."""
UNWANTED = ("flag", "logo", "tux", "cross", "pistol", "gun", "sword", "weapon", "cigar", "beer")
MOST_DRAWINGS = 700
MOST_PIXELS = 20_000_000
"""Larger drawings are slow to read and look no better."""
DRAWING_SIZE, PHOTOGRAPH_SIZE = 192, 640

PHOTOGRAPHS = {
    "Picture_0B_by_freespace.jpg": ("Trevor “Freespace”", "CC BY 4.0"),
    "Picture_1A_by_freespace.jpg": ("Trevor “Freespace”", "CC BY 4.0"),
    "Wine_by_Jakkub_Mede.jpg": ("Jakub Mede", "CC BY 4.0"),
    "aitzgorri_by_Aitzol_Berasategi.jpg": ("Aitzol Berasategi", "CC BY 4.0"),
    "friends_by_Aitzol_Berasategi.jpg": ("Aitzol Berasategi", "CC BY 4.0"),
    "life_by_Aitzol_Berasategi.jpg": ("Aitzol Berasategi", "CC BY 4.0"),
    "picosdeeuropa_by_Aitzol_Berasategi.jpg": ("Aitzol Berasategi", "CC BY 4.0"),
    "seeding_by_Clements_Engelhardt.jpg": ("Clemens Engelhardt", "CC0 1.0"),
    "sunset_by_Aitzol_Berasategi.jpg": ("Aitzol Berasategi", "CC BY 4.0"),
    "umang_by_Abhishek_Mudgal.jpg": ("Abhishek Mudgal", "CC BY 4.0"),
}
"""Author and license of the free photographs in Debian's package `lomiri-wallpapers-16.04`."""


def convert_drawings(source: Path, output: Path) -> list[Credit]:
    """Downscale a sample of the drawings to PNG files in `output`."""
    output.mkdir(parents=True, exist_ok=True)
    found = [path for folder in DRAWINGS for path in sorted((source / folder).rglob("*.png"))]
    wanted = [path for path in found if not any(word in path.name for word in UNWANTED)]
    small = [path for path in wanted if prod(_size(path)) <= MOST_PIXELS]
    chosen = random.Random(0).sample(small, min(MOST_DRAWINGS, len(small)))
    for path in chosen:
        target = output / f"{path.parent.name}-{path.name}"
        with Image.open(path) as image:
            _save_small(image.convert("RGBA"), DRAWING_SIZE, target)
    title = f"{len(chosen)} drawings"
    return [Credit(title, "contributors", "public domain", "Open Clip Art Library 0.18")]


def convert_photographs(source: Path, output: Path) -> list[Credit]:
    """Downscale the free photographs to JPEG files in `output`."""
    output.mkdir(parents=True, exist_ok=True)
    credits = []
    for name, (author, license) in PHOTOGRAPHS.items():
        with Image.open(source / name) as image:
            _save_small(image.convert("RGB"), PHOTOGRAPH_SIZE, output / name)
        title = name.split("_by_")[0]
        credits.append(Credit(title, author, license, "Lomiri wallpapers 16.04"))
    return credits


def _size(path: Path) -> tuple[int, int]:
    """Read width and height from a PNG header, because Pillow warns on opening large pictures."""
    with path.open("rb") as file:
        head = file.read(24)[16:]
    return int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")


def _save_small(image: Image.Image, side: int, target: Path) -> None:
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    image.save(target, quality=92)
