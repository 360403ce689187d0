"""Pairs of a flash and an ambient photograph, all checked and held in memory."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from keras_f2a.data.pair_files import ImagePair, find_pairs, read_pair
from keras_f2a.support.counting import first_few
from keras_f2a.support.errors import InputError
from keras_f2a.support.folders import check_not_empty
from keras_f2a.support.printable import printable

_PREFETCH = 2 * (os.cpu_count() or 1)


@dataclass
class LoadedPairs:
    """Decoded pairs in memory.

    Attributes:
        names: The pairs' names, sorted.
        flash: Flash images, each (height, width, 3) RGB, uint8 or uint16.
        ambient: Ambient images, each of the same shape and type as its flash image.
        problems: One line for each problem of the pairs that were left out, with its file name.
    """

    names: list[str] = field(default_factory=list)
    flash: list[np.ndarray] = field(default_factory=list)
    ambient: list[np.ndarray] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.names)

    def first(self, count: int | None) -> "LoadedPairs":
        """Return the first `count` pairs, or all of them for `None`."""
        return LoadedPairs(
            self.names[:count], self.flash[:count], self.ambient[:count], self.problems
        )

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """(height, width, 3) of each pair's images."""
        return [image.shape for image in self.flash]

    def description(self) -> dict:
        """Return the number of pairs and a digest of their names and pixels."""
        digest = hashlib.sha256()
        for name, flash, ambient in zip(self.names, self.flash, self.ambient, strict=True):
            add_to_digest(digest, name, (flash, ambient))
        return {"pairs": len(self), "left_out": self.problems, "sha256": digest.hexdigest()}


def load_pairs(
    directory: str | Path, minimum_size: int = 1, skip_bad_pairs: bool = False
) -> LoadedPairs:
    """Decode and check every pair in a folder, before any of them is used.

    Args:
        directory: Folder of files `NAME_flash.EXT` and `NAME_ambient.EXT`, PNG, JPEG or WebP. Other
            files are skipped.
        minimum_size: Smallest height and width in pixels, for example the crop size.
        skip_bad_pairs: Whether to leave bad pairs out and list them in `problems`, instead of
            raising.

    Returns:
        The pairs, sorted by name.

    Raises:
        InputError: The folder is missing, it holds no pair, or no good pair is left. Or files lack
            a partner, are unreadable, truncated or smaller than `minimum_size`, or differ in size
            from their partner. The message then counts all problems and names the first six.
    """
    problems: list[str] = []
    loaded = LoadedPairs(problems=problems)
    pairs = checked_pairs(directory, minimum_size, skip_bad_pairs=skip_bad_pairs, problems=problems)
    for pair, (flash, ambient) in pairs:
        loaded.names.append(pair.name)
        loaded.flash.append(flash)
        loaded.ambient.append(ambient)
    return loaded


def checked_pairs(
    directory: str | Path, minimum_size: int, *, skip_bad_pairs: bool, problems: list[str]
) -> Iterator[tuple[ImagePair, list[np.ndarray]]]:
    """Find the pairs in a folder, and decode and check them one by one.

    A few pairs are decoded ahead in parallel. No more than that are in memory at a time.

    Args:
        directory: Same as for `load_pairs`.
        minimum_size: Same as for `load_pairs`.
        skip_bad_pairs: Same as for `load_pairs`.
        problems: List that receives a line for each problem.

    Yields:
        The good pairs and their two images.

    Raises:
        InputError: Same as for `load_pairs`. Bad pairs raise it after the last pair, when all of
            them are known.
    """
    check_not_empty(directory)
    pairs, file_problems = find_pairs(Path(directory))
    problems += file_problems
    good = 0
    with ThreadPoolExecutor(_PREFETCH) as pool:
        for start in range(0, len(pairs), _PREFETCH):
            chunk = pairs[start : start + _PREFETCH]
            reads = pool.map(lambda pair: read_pair(pair, minimum_size), chunk)
            for pair, (images, pair_problems) in zip(chunk, reads, strict=True):
                problems += pair_problems
                if not pair_problems:
                    good += 1
                    yield pair, images
    if problems and not skip_bad_pairs:
        raise InputError(_format_problems(directory, problems))
    if not good:
        raise InputError(f"{directory}: every pair has a problem, so no pair is left")


def add_to_digest(digest, name: str, images: Sequence[np.ndarray]) -> None:
    """Add the name and the pixels of one pair to a SHA-256 digest."""
    digest.update(name.encode())
    for image in images:
        digest.update(str(image.shape).encode())
        digest.update(image.tobytes())


def _format_problems(directory: str | Path, problems: list[str]) -> str:
    if len(problems) == 1:
        return f"{printable(directory)}: {problems[0]}"
    return (
        f"{printable(directory)}: {len(problems):,} problems; fix or remove these files: "
        f"{first_few(problems, '; ')}"
    )
