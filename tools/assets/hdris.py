"""Converts HDR panoramas to NumPy files, for the view from windows and the light of other rooms."""

import base64
import re
import tarfile
from pathlib import Path

import numpy as np

from tools.assets.credits import Credit

OUTDOORS = (
    *("blender_city", "blender_courtyard", "blender_forest", "blender_sunrise", "blender_sunset"),
    *("blender_night", "bridge", "city", "dawn", "forest", "night", "park", "sky", "sunrise"),
    *("sunset", "venice"),
)
INDOORS = ("apartment", "hall", "lab", "lobby", "warehouse", "workshop", "blender_interior")
TEST = ("blender_courtyard", "dawn", "bridge", "hall", "blender_interior")
"""Panoramas that only test scenes show."""
_MEMBER = re.compile(r"package/hdri/(\w+)\.exr\.js")


def convert_blender(source: Path, output: Path) -> list[Credit]:
    """Convert the panoramas of Debian's package `blender-data`, all CC0."""
    credits = []
    for path in sorted(source.glob("*.exr")):
        if (name := f"blender_{path.stem}") in OUTDOORS + INDOORS:
            _save(path, output / f"{name}.npy")
            credits.append(Credit(f"panorama {path.stem}", "Greg Zaal", "CC0 1.0", "Blender 3.4"))
    return credits


def convert_pmndrs(archive: Path, output: Path) -> list[Credit]:
    """Convert the panoramas of the npm package `@pmndrs/assets` (from Poly Haven, all CC0).

    Args:
        archive: Archive that `npm pack @pmndrs/assets` downloads.
        output: Folder for the NumPy files.
    """
    credits = []
    with tarfile.open(archive) as package:
        for member in package.getmembers():
            match = _MEMBER.fullmatch(member.name)
            if match and match[1] in OUTDOORS + INDOORS:
                exr = output / f"{match[1]}.exr"
                exr.write_bytes(_picture_of(package, member))
                _save(exr, output / f"{match[1]}.npy")
                exr.unlink()
                title = f"panorama {match[1]}"
                credits.append(Credit(title, "Poly Haven", "CC0 1.0", "@pmndrs/assets 1.7.0"))
    return credits


def _picture_of(package: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    """Decode the picture that a script holds in base64.

    Raises:
        ValueError: If the script holds no base64 data.
    """
    script = package.extractfile(member)
    packed = script and re.search(rb"base64,([^'\"]+)", script.read())
    if not packed:
        raise ValueError(f"{member.name}: contains no picture")
    return base64.b64decode(packed[1])


def _save(exr: Path, target: Path) -> None:
    """Save an EXR panorama as float16, shape (height, width, 3), first row at the zenith."""
    import mitsuba

    # The compiled variants hang here when they are limited to one thread.
    mitsuba.set_variant("scalar_rgb")
    format_ = mitsuba.Bitmap.PixelFormat.RGB
    bitmap = mitsuba.Bitmap(str(exr)).convert(format_, mitsuba.Struct.Type.Float32, False)
    target.parent.mkdir(parents=True, exist_ok=True)
    np.save(target, np.clip(np.array(bitmap), 0, 6e4).astype(np.float16))
