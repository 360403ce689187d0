"""Finds and decodes the files of pairs, each a flash and an ambient photograph."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ImageOps

from keras_f2a.imaging.conversion import UPRIGHT, transpose
from keras_f2a.imaging.decoders import open_image
from keras_f2a.imaging.deep_pixels import has_sixteen_bits, match_depths, read_sixteen_bits
from keras_f2a.imaging.exif import ORIENTATION
from keras_f2a.imaging.file_kind import JPEG, JPEG_SUFFIXES, PNG, WEBP
from keras_f2a.imaging.photo_limits import check_size
from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.input_files import check_file, files_below
from keras_f2a.support.printable import is_text, printable

EXTENSIONS = (".png", *JPEG_SUFFIXES, ".webp")
_ROLES = ("flash", "ambient")


@dataclass(frozen=True)
class ImagePair:
    """The two files of one scene.

    Attributes:
        name: The part that both file names share, for example `"People_150"`.
        flash: The file `NAME_flash.EXTENSION`.
        ambient: The file `NAME_ambient.EXTENSION`.
    """

    name: str
    flash: Path
    ambient: Path


def split_folders(directory: str | Path, setting: str) -> tuple[Path, Path]:
    """Return the training and validation folders of a data set.

    They are `train` and `val`, or `train` and `test` if there is no `val`.

    Args:
        directory: The data set.
        setting: Name of the setting that gave it, for error messages.

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
    """Return the pairs in a folder, sorted by name, and the problems of its other files.

    Hidden files are ignored, such as `._NAME_flash.png`, which macOS writes to foreign disks.

    Raises:
        InputError: The folder is missing, or it holds no flash or ambient file at all.
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
        first = files.setdefault(name, {}).setdefault(role, path)
        if first != path:
            problems.append(
                f"{printable(path.name)}: has the same name as {printable(first.name)}, but "
                "another suffix"
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
    """Decode a pair's two images, and return them with a list of their problems."""
    images, problems = [], []
    for path in (pair.flash, pair.ambient):
        try:
            image = read_image(path)
        except InputError as error:
            problems.append(str(error).replace(printable(path), printable(path.name)))
            continue
        if min(image.shape[:2]) < minimum_size:
            problems.append(
                f"{printable(path.name)}: {_format_size(image)} is smaller than the crop of "
                f"{minimum_size} pixels"
            )
        images.append(image)
    if len(images) == 2 and images[0].shape != images[1].shape:
        problems.append(
            f"{printable(pair.flash.name)}: {_format_size(images[0])} differs from "
            f"{printable(pair.ambient.name)}'s {_format_size(images[1])}"
        )
    return match_depths(images), problems


def read_image(path: str | Path) -> np.ndarray:
    """Decode an image file as RGB and rotate it upright by its EXIF orientation.

    Returns:
        RGB, (height, width, 3), uint16 for a 16-bit PNG, otherwise uint8. Gray becomes RGB and
        alpha is dropped.

    Raises:
        InputError: The file is missing, truncated or too large, or its content is not JPEG, PNG or
            WebP.
    """
    check_file(path)
    try:
        with open_image(Path(path), (JPEG, PNG, WEBP)) as image:
            check_size(path, image.size, smallest=1)
            if has_sixteen_bits(image, image.format):
                turn = UPRIGHT.get(image.getexif().get(ORIENTATION, 1))
                return transpose(read_sixteen_bits(Path(path), PNG)[0], turn)
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"cannot be read as an image ({one_line(error)})", file=path) from error


def _format_size(image: np.ndarray) -> str:
    return f"{image.shape[1]}×{image.shape[0]}"
