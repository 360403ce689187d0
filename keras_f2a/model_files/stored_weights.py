"""Checks what the HDF5 file of a model's weights really stores."""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import IO

from keras_f2a.model_files.archive import RefusedError

_MAX_OBJECTS = 20_000
_MAX_NAME_LENGTH = 200


@dataclass
class StoredWeights:
    """The arrays of a file, or of a part of it.

    Attributes:
        shapes: Number of arrays of each shape.
        value_count: Number of values in all arrays together.
        largest_side: The largest side of any array.
    """

    shapes: Counter = field(default_factory=Counter)
    value_count: int = 0
    largest_side: int = 0


def read_stored_weights(weights: IO[bytes], part: str = "") -> StoredWeights:
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
    stored, declared_size, object_count = StoredWeights(), 0, 0
    with h5py.File(weights, "r") as file:
        pending = [("", file)]
        while pending:
            path, group = pending.pop()
            for name in group:
                object_count += 1
                item_path = f"{path}/{name}".lstrip("/")
                if object_count > _MAX_OBJECTS or len(item_path) > _MAX_NAME_LENGTH:
                    raise RefusedError("its weights have more parts than any network's")
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise RefusedError(f"its weights link to {ascii(name)[:100]} elsewhere")
                item = group[name]
                if isinstance(item, h5py.Group):
                    pending.append((item_path, item))
                    continue
                declared_size += _check_array(item)
                if declared_size > size:
                    raise RefusedError("its weights declare more than the file stores")
                if f"{item_path}/".startswith(f"{part}/" if part else ""):
                    stored.shapes[item.shape] += 1
                    stored.value_count += math.prod(item.shape)
                    stored.largest_side = max(stored.largest_side, *item.shape, 0)
    return stored


def _check_array(item: object) -> int:
    """Check that an array is contiguous in the file, and return its size in bytes."""
    import h5py

    if not isinstance(item, h5py.Dataset) or item.shape is None:
        raise RefusedError("its weights contain something that is not an array")
    layout = item.id.get_create_plist().get_layout()
    if layout not in (h5py.h5d.CONTIGUOUS, h5py.h5d.COMPACT) or item.external:
        raise RefusedError("its weights are not each stored in one piece")
    is_numeric = item.dtype.kind in "biuf" or item.dtype.str == "|V2"  # `|V2` is bfloat16.
    if not is_numeric or item.dtype.itemsize > 8:
        raise RefusedError("its weights are not numbers")
    size = math.prod(item.shape) * item.dtype.itemsize
    if size > item.id.get_storage_size():
        raise RefusedError("its weights declare more than the file stores")
    return size
