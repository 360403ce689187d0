"""Reads and scores the shadows that the flash casts, which are known only for rendered scenes.

A pair may come with a file `NAME_shadow.png`, which `tools.render_scenes` writes. It is gray and
has the photographs' size. It is 255 where the flash does not reach the visible surface, and 0
elsewhere.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from keras_f2a.data.pair_files import read_image
from keras_f2a.evaluation.protocol import file_values_as_8_bit
from keras_f2a.evaluation.result import LUMA, Result
from keras_f2a.support.errors import InputError

SHADOW_THRESHOLD = 128


def load_shadows(
    directory: str | Path, names: Sequence[str], shapes: Sequence[tuple[int, ...]]
) -> dict[str, np.ndarray]:
    """Read the flash shadows in a folder of pairs.

    Args:
        directory: The folder of the pairs.
        names: The pairs' names.
        shapes: The shape of each pair's photographs, (height, width, 3).

    Returns:
        The shadow masks by name, bool, (height, width), for the pairs that have a file.

    Raises:
        InputError: A file is not an image, or its size differs from its pair's.
    """
    shadows = {}
    for name, shape in zip(names, shapes, strict=True):
        path = Path(directory) / f"{name}_shadow.png"
        if path.is_file():
            shadow = file_values_as_8_bit(read_image(path))[..., 0] >= SHADOW_THRESHOLD
            if shadow.shape != shape[:2]:
                raise InputError(
                    f"{path}: {shadow.shape[1]}×{shadow.shape[0]} pixels, but its pair "
                    f"has {shape[1]}×{shape[0]}; create it again or move it away"
                )
            shadows[name] = shadow
    return shadows


def shadow_error(result: Result) -> float:
    """Return the mean absolute difference of luma, in 8-bit levels, in the flash's shadows.

    As for the aligned scores, the result is first aligned to the ambient photograph's exposure and
    white balance.

    Returns:
        The difference, or nan if no shadow is known.
    """
    shadow = result.pair.shadow
    if shadow is None or not shadow.any():
        return float("nan")
    difference = result.aligned[shadow] @ LUMA - result.pair.target[shadow] @ LUMA
    return float(np.abs(difference).mean())
