"""The files of a pair of a flash and an ambient photograph: found, and decoded."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ImageOps

from keras_f2a.imaging.conversion import UPRIGHT, turned
from keras_f2a.imaging.decoders import open_image
from keras_f2a.imaging.deep_pixels import has_sixteen_bits, read_sixteen_bits, same_depth
from keras_f2a.imaging.exif import ORIENTATION
from keras_f2a.imaging.file_kind import JPEG, PNG, WEBP
from keras_f2a.imaging.photo_limits import check_size
from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.input_files import check_file, files_below
from keras_f2a.support.printable import is_text, printable

EXTENSIONS = (".png", ".jpg", ".jpeg", ".webp")
_ROLES = ("flash", "ambient")


@dataclass(frozen=True)
class ImagePair:
    """One scene's two files.

    Attributes:
        name: What both file names share, for example `"People_150"`.
        flash: The file `NAME_flash.EXTENSION`.
        ambient: The file `NAME_ambient.EXTENSION`.
    """

    name: str
    flash: Path
    ambient: Path


def split_folders(directory: str | Path, setting: str) -> tuple[Path, Path]:
    """Return the two folders of a data set: `train`, and `val` or, where there is none, `test`.

    Args:
        directory: The data set.
        setting: Which setting named it, for messages.

    Raises:
        InputError: The data set or one of the folders is missing.
    """
    directory = Path(directory)
    if not directory.is_dir():
        raise InputError("no such folder", setting=setting, value=directory)
    held_out = directory / ("val" if (directory / "val").is_dir() else "test")
    for folder in (directory / "train", held_out):
        if not folder.is_dir():
            raise InputError(
                f"has no folder {folder.name}/; it needs train/ and test/ with NAME_flash and "
                "NAME_ambient files",
                setting=setting,
                value=directory,
            )
    return directory / "train", held_out


def find_pairs(directory: Path) -> tuple[list[ImagePair], list[str]]:
    """Find the pairs of a folder, sorted by name, and what is wrong with other files of it.

    Hidden files are ignored, such as `._NAME_flash.png`, which macOS writes onto other disks.

    Raises:
        InputError: The folder is missing or holds no pair.
    """
    files: dict[str, dict[str, Path]] = {}
    problems = []
    for path in files_below(directory, recursive=False)[0]:
        name, _, role = path.stem.rpartition("_")
        if role not in _ROLES or path.suffix.lower() not in EXTENSIONS:
            continue
        if path.name.startswith("."):
            continue
        if not is_text(path.name):
            problems.append(f"{printable(path.name)}: its name is not UTF-8; rename it")
            continue
        earlier = files.setdefault(name, {}).setdefault(role, path)
        if earlier != path:
            problems.append(
                f"{printable(path.name)}: the same picture as {printable(earlier.name)} by name"
            )
    pairs = []
    for name, roles in files.items():
        missing = [role for role in _ROLES if role not in roles]
        for role in missing:
            present = next(iter(roles.values())).name
            partner = printable(f"{name}_{role}")
            problems.append(f"{printable(present)}: its partner {partner} is missing")
        if not missing:
            pairs.append(ImagePair(name, roles["flash"], roles["ambient"]))
    if not files and not problems:
        raise InputError(
            f"no pair of NAME_flash and NAME_ambient files ({', '.join(EXTENSIONS)})",
            file=directory,
        )
    return pairs, problems


def read_pair(pair: ImagePair, minimum_size: int) -> tuple[list[np.ndarray], list[str]]:
    """Decode a pair's two images, and say what is wrong with them."""
    images, problems = [], []
    for path in (pair.flash, pair.ambient):
        try:
            image = read_image(path)
        except InputError as error:
            problems.append(str(error).replace(printable(path), printable(path.name)))
            continue
        if min(image.shape[:2]) < minimum_size:
            problems.append(
                f"{printable(path.name)}: {_size(image)} is smaller than the crop of "
                f"{minimum_size} pixels"
            )
        images.append(image)
    if len(images) == 2 and images[0].shape != images[1].shape:
        problems.append(
            f"{printable(pair.flash.name)}: {_size(images[0])} differs from "
            f"{printable(pair.ambient.name)}'s {_size(images[1])}"
        )
    return same_depth(images), problems


def read_image(path: str | Path) -> np.ndarray:
    """Read an image file as RGB, turned upright by its EXIF orientation.

    Returns:
        (height, width, 3) RGB; uint16 for a 16-bit png, else uint8. Gray becomes RGB, alpha is
        dropped.

    Raises:
        InputError: The file is missing, truncated, too large or, by its content, no JPEG, PNG or
            WebP file.
    """
    check_file(path)
    try:
        with open_image(Path(path), (JPEG, PNG, WEBP)) as image:
            check_size(path, image.size, smallest=1)
            if has_sixteen_bits(image, image.format):
                turn = UPRIGHT.get(image.getexif().get(ORIENTATION, 1))
                return turned(read_sixteen_bits(Path(path), PNG)[0], turn)
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"cannot be read as an image ({one_line(error)})", file=path) from error


def _size(image: np.ndarray) -> str:
    return f"{image.shape[1]}×{image.shape[0]}"
