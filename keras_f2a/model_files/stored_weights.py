"""Checks what the HDF5 file of a model's weights really stores."""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import IO

from keras_f2a.model_files.archive import RefusedError

_MOST_OBJECTS = 20_000
_LONGEST_NAME = 200


@dataclass
class StoredWeights:
    """The arrays of a file, or of a part of it.

    Attributes:
        shapes: Number of arrays of each shape.
        numbers: Number of values in all arrays together.
        widest: The largest side of any array.
    """

    shapes: Counter = field(default_factory=Counter)
    numbers: int = 0
    widest: int = 0


def read_stored(weights: IO[bytes], part: str = "") -> StoredWeights:
    """Check an HDF5 file and return what it stores.

    Every array must be contiguous in the file, as Keras writes it. An array that is compressed, in
    another file or only declared can demand any memory.

    Args:
        weights: The open file.
        part: The group whose arrays count. All arrays are checked.

    Raises:
        RefusedError: The file holds something else.
        OSError: The file is damaged, and HDF5 cannot read it.
    """
    # Imported here, because a `.tflite` file needs no HDF5.
    import h5py

    size = weights.seek(0, 2)
    weights.seek(0)
    stored, declared, seen = StoredWeights(), 0, 0
    with h5py.File(weights, "r") as file:
        waiting = [("", file)]
        while waiting:
            path, group = waiting.pop()
            for name in group:
                seen += 1
                inside = f"{path}/{name}".lstrip("/")
                if seen > _MOST_OBJECTS or len(inside) > _LONGEST_NAME:
                    raise RefusedError("its weights have more parts than any network's")
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise RefusedError(f"its weights link to {ascii(name)[:100]} elsewhere")
                item = group[name]
                if isinstance(item, h5py.Group):
                    waiting.append((inside, item))
                    continue
                declared += _checked_bytes(item)
                if declared > size:
                    raise RefusedError("its weights declare more than the file stores")
                if f"{inside}/".startswith(f"{part}/" if part else ""):
                    stored.shapes[item.shape] += 1
                    stored.numbers += math.prod(item.shape)
                    stored.widest = max(stored.widest, *item.shape, 0)
    return stored


def _checked_bytes(item: object) -> int:
    """Check that an array is contiguous in the file, and return its size in bytes."""
    import h5py

    if not isinstance(item, h5py.Dataset) or item.shape is None:
        raise RefusedError("its weights contain something that is not an array")
    layout = item.id.get_create_plist().get_layout()
    if layout not in (h5py.h5d.CONTIGUOUS, h5py.h5d.COMPACT) or item.external:
        raise RefusedError("its weights are not each stored in one piece")
    numbers = item.dtype.kind in "biuf" or item.dtype.str == "|V2"  # `|V2` is bfloat16.
    if not numbers or item.dtype.itemsize > 8:
        raise RefusedError("its weights are not numbers")
    size = math.prod(item.shape) * item.dtype.itemsize
    if size > item.id.get_storage_size():
        raise RefusedError("its weights declare more than the file stores")
    return size
