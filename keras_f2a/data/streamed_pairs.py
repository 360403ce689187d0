"""Pairs that stay on disk and are decoded each time they are read.

A run gives bit-identical results with them and with pairs in memory.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from keras_f2a.data.pair_files import ImagePair, read_pair
from keras_f2a.data.pairs import LoadedPairs, add_to_digest, checked_pairs
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

_BYTES_PER_GIGABYTE = 1e9


@dataclass
class StreamedPairs:
    """Pairs whose pixels are read from their files.

    Attributes:
        names: The pairs' names, sorted.
        files: The files of each pair.
        shapes: (height, width, 3) of each pair's images.
        sha256: Digest of names and pixels, the same as for `LoadedPairs`.
        problems: One line for each problem of the pairs that were left out, with its file name.
        failure: Why a pair could not be read later. TensorFlow's own error does not say so.
    """

    names: list[str] = field(default_factory=list)
    files: list[ImagePair] = field(default_factory=list)
    shapes: list[tuple[int, ...]] = field(default_factory=list)
    sha256: str = ""
    problems: list[str] = field(default_factory=list)
    failure: InputError | None = None

    def __len__(self) -> int:
        return len(self.names)

    def description(self) -> dict:
        """Return the number of pairs and a digest of their names and pixels."""
        return {"pairs": len(self), "left_out": self.problems, "sha256": self.sha256}

    def read(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Decode one pair.

        Returns:
            Flash and ambient image, float32 RGB in [0, 1], (height, width, 3) each.

        Raises:
            InputError: A file has changed since the pairs were checked, or cannot be read.
        """
        pair = self.files[index]
        try:
            images, problems = read_pair(pair, minimum_size=1)
            if problems or images[0].shape != tuple(self.shapes[index]):
                problem = (
                    problems[0] if problems else f"{printable(pair.flash.name)}: its size differs"
                )
                raise InputError(f"{problem}; it was changed since the pairs were checked")
        except InputError as error:
            self.failure = error
            raise
        flash, ambient = (image.astype(np.float32) / np.iinfo(image.dtype).max for image in images)
        return flash, ambient


def open_pairs(
    directory: str | Path,
    minimum_size: int = 1,
    *,
    skip_bad_pairs: bool = False,
    limit: int | None = None,
    memory_limit: float = float("inf"),
) -> LoadedPairs | StreamedPairs:
    """Decode and check every pair in a folder, and keep them in memory if they fit.

    Args:
        directory: Same as for `keras_f2a.data.pairs.load_pairs`.
        minimum_size: Same as for `load_pairs`.
        skip_bad_pairs: Same as for `load_pairs`.
        limit: Number of pairs to return, the first ones by name. All pairs are checked.
        memory_limit: Memory for the decoded pairs in gigabytes. If they need more, none of them
            stays in memory.

    Raises:
        InputError: Same as for `load_pairs`.
    """
    loaded, streamed, digest = LoadedPairs(), StreamedPairs(), hashlib.sha256()
    problems: list[str] = []
    total_bytes = 0
    for pair, images in checked_pairs(
        directory, minimum_size, skip_bad_pairs=skip_bad_pairs, problems=problems
    ):
        if limit is not None and len(streamed) >= limit:
            continue
        streamed.names.append(pair.name)
        streamed.files.append(pair)
        streamed.shapes.append(images[0].shape)
        add_to_digest(digest, pair.name, images)
        total_bytes += sum(image.nbytes for image in images)
        if total_bytes <= memory_limit * _BYTES_PER_GIGABYTE:
            loaded.names.append(pair.name)
            loaded.flash.append(images[0])
            loaded.ambient.append(images[1])
        else:
            loaded = LoadedPairs()  # They do not all fit, so free the memory.
    loaded.problems = streamed.problems = problems
    streamed.sha256 = digest.hexdigest()
    return loaded if len(loaded) == len(streamed) else streamed
