"""Pairs of a flash and an ambient photograph in a folder: found, checked and read."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import ImageOps

from keras_f2a.imaging.conversion import UPRIGHT, turned
from keras_f2a.imaging.decoders import open_image
from keras_f2a.imaging.deep_pixels import has_sixteen_bits, read_sixteen_bits
from keras_f2a.imaging.exif import ORIENTATION
from keras_f2a.imaging.file_kind import JPEG, PNG, WEBP
from keras_f2a.imaging.photo import check_size
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


@dataclass
class LoadedPairs:
    """Decoded pairs.

    Attributes:
        names: The pairs' names, sorted.
        flash: Flash images, each (height, width, 3) RGB, uint8 or uint16.
        ambient: Ambient images, each of the same shape and type as its flash image.
        problems: One line for each pair that was left out, with its file name.
    """

    names: list[str] = field(default_factory=list)
    flash: list[np.ndarray] = field(default_factory=list)
    ambient: list[np.ndarray] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.names)

    def first(self, count: int | None) -> "LoadedPairs":
        """The first `count` pairs; all of them for `None`."""
        return LoadedPairs(
            self.names[:count], self.flash[:count], self.ambient[:count], self.problems
        )


def load_pairs(
    directory: str | Path, minimum_size: int = 1, skip_bad_pairs: bool = False
) -> LoadedPairs:
    """Decodes every pair of a folder, and checks each before anything is done with any.

    Args:
        directory: A folder of files `NAME_flash.EXT` and `NAME_ambient.EXT`, png, jpeg or webp;
            other files are passed over.
        minimum_size: The least height and width in pixels, for example the crop size.
        skip_bad_pairs: Leaves bad pairs out and lists them in `problems`, instead of raising.

    Returns:
        The pairs, sorted by name.

    Raises:
        InputError: The folder is missing or holds no pair; files are without partner, unreadable,
            truncated, smaller than `minimum_size` or of unequal size, one line each; or no good
            pair is left.
    """
    pairs, problems = _match(Path(directory))
    loaded = LoadedPairs(problems=problems)
    with ThreadPoolExecutor() as pool:
        reads = pool.map(lambda pair: _read_pair(pair, minimum_size), pairs)
        for pair, (images, found) in zip(pairs, reads, strict=True):
            loaded.problems += found
            if not found:
                loaded.names.append(pair.name)
                loaded.flash.append(images[0])
                loaded.ambient.append(images[1])
    if loaded.problems and not skip_bad_pairs:
        raise InputError(_problem_list(directory, loaded.problems))
    if not loaded.names:
        raise InputError(f"{directory}: every pair has a problem, no pair is left")
    return loaded


def split_folders(directory: str | Path, setting: str) -> tuple[Path, Path]:
    """The two folders of a data set: `train`, and `val` or, where there is none, `test`.

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


def read_image(path: str | Path) -> np.ndarray:
    """Reads an image file as RGB, turned upright by its EXIF orientation.

    Returns:
        (height, width, 3) RGB; uint16 for a 16-bit png, else uint8. Grey becomes RGB, alpha is
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
        raise InputError(
            f"{printable(path)}: cannot be read as an image ({one_line(error)})"
        ) from error


def same_depth(images: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Brings 8-bit images beside a 16-bit one to 16 bits; 255 becomes 65535."""
    if len({image.dtype for image in images}) < 2:
        return list(images)
    return [i if i.dtype == np.uint16 else i.astype(np.uint16) * 257 for i in images]


def describe_pairs(pairs: LoadedPairs) -> dict:
    """The number of pairs and a digest of their names and pixels."""
    digest = hashlib.sha256()
    for name, flash, ambient in zip(pairs.names, pairs.flash, pairs.ambient, strict=True):
        digest.update(name.encode())
        for image in (flash, ambient):
            digest.update(str(image.shape).encode())
            digest.update(image.tobytes())
    return {"pairs": len(pairs), "left_out": pairs.problems, "sha256": digest.hexdigest()}


def _match(directory: Path) -> tuple[list[ImagePair], list[str]]:
    files: dict[str, dict[str, Path]] = {}
    problems = []
    for path in files_below(directory, recursive=False)[0]:
        name, _, role = path.stem.rpartition("_")
        if role not in _ROLES or path.suffix.lower() not in EXTENSIONS:
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
            f"{printable(directory)}: no pair of NAME_flash and NAME_ambient files "
            f"({', '.join(EXTENSIONS)})"
        )
    return pairs, problems


def _read_pair(pair: ImagePair, minimum_size: int) -> tuple[list[np.ndarray], list[str]]:
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


def _problem_list(directory: str | Path, problems: list[str]) -> str:
    if len(problems) == 1:
        return f"{printable(directory)}: {problems[0]}"
    lines = "".join(f"\n  {problem}" for problem in problems)
    return f"{printable(directory)}: {len(problems)} problems; mend or remove these files:{lines}"


def _size(image: np.ndarray) -> str:
    return f"{image.shape[1]}×{image.shape[0]}"
