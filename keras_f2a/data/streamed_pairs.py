"""Pairs that stay on disk: each is decoded anew whenever it is asked for.

What a run does with them is the same as with pairs in memory, to the last bit.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from keras_f2a.data.pair_files import ImagePair, read_pair
from keras_f2a.data.pairs import LoadedPairs, add_to_digest, checked_pairs
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

_BYTES = 1e9  # of a gigabyte


@dataclass
class StreamedPairs:
    """Pairs whose pixels are read from their files.

    Attributes:
        names: The pairs' names, sorted.
        files: Where each lies.
        shapes: (height, width, 3) of each pair's images.
        sha256: Digest of names and pixels, as `LoadedPairs` takes it.
        problems: One line for each pair that was left out, with its file name.
        failure: Why a pair could not be read later on; TensorFlow's own error does not tell.
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
            InputError: A file is not any more what it was when the pairs were checked.
        """
        pair = self.files[index]
        try:
            images, problems = read_pair(pair, minimum_size=1)
            if problems or images[0].shape != tuple(self.shapes[index]):
                problem = problems[0] if problems else f"{printable(pair.flash.name)}: another size"
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
    """Decode and check every pair of a folder, and keep in memory what fits.

    Args:
        directory: As for `keras_f2a.data.pairs.load_pairs`.
        minimum_size: Likewise.
        skip_bad_pairs: Likewise.
        limit: How many pairs are wanted, the first ones by name; all are checked.
        memory_limit: The most that the decoded pairs may take, in gigabytes. Beyond it none stays
            in memory.

    Raises:
        InputError: As `load_pairs` does.
    """
    loaded, streamed, digest = LoadedPairs(), StreamedPairs(), hashlib.sha256()
    problems: list[str] = []
    kept = 0
    for pair, images in checked_pairs(
        directory, minimum_size, skip_bad_pairs=skip_bad_pairs, problems=problems
    ):
        if limit is not None and len(streamed) >= limit:
            continue
        streamed.names.append(pair.name)
        streamed.files.append(pair)
        streamed.shapes.append(images[0].shape)
        add_to_digest(digest, pair.name, images)
        kept += sum(image.nbytes for image in images)
        if kept <= memory_limit * _BYTES:
            loaded.names.append(pair.name)
            loaded.flash.append(images[0])
            loaded.ambient.append(images[1])
        else:
            loaded = LoadedPairs()  # Never complete; its pixels are let go.
    loaded.problems = streamed.problems = problems
    streamed.sha256 = digest.hexdigest()
    return loaded if len(loaded) == len(streamed) else streamed
