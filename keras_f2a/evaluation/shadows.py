"""Where the flash cast shadows: known of rendered scenes alone.

Beside a pair may lie `NAME_shadow.png`, gray, of the photographs' size: 255 where the flash does
not reach what is seen, 0 where it does. `tools.render_scenes` writes it.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from keras_f2a.data.pair_files import read_image
from keras_f2a.evaluation.protocol import file_values_as_8_bit
from keras_f2a.evaluation.result import LUMA, Result
from keras_f2a.support.errors import InputError

IN_SHADOW = 128


def load_shadows(
    directory: str | Path, names: Sequence[str], shapes: Sequence[tuple[int, ...]]
) -> dict[str, np.ndarray]:
    """Read the flash shadows that lie beside pairs.

    Args:
        directory: The folder of the pairs.
        names: The pairs' names.
        shapes: The shape of each pair's photographs, (height, width, 3).

    Returns:
        By name, where there is a file: whether the pixel is in shadow, bool, (height, width).

    Raises:
        InputError: A file is not a picture or of another size than its pair.
    """
    shadows = {}
    for name, shape in zip(names, shapes, strict=True):
        path = Path(directory) / f"{name}_shadow.png"
        if path.is_file():
            shadow = file_values_as_8_bit(read_image(path))[..., 0] >= IN_SHADOW
            if shadow.shape != shape[:2]:
                raise InputError(
                    f"{path}: {shadow.shape[1]}×{shadow.shape[0]} pixels, its pair has "
                    f"{shape[1]}×{shape[0]}; make it again or move it away"
                )
            shadows[name] = shadow
    return shadows


def shadow_error(result: Result) -> float:
    """Measure the mean absolute difference of luma, in 8-bit levels, in the flash's cast shadows.

    The result is brought to the ambient photograph's exposure and white balance first, as for the
    aligned scores.

    Returns:
        The difference; nan where no shadow is known.
    """
    shadow = result.pair.shadow
    if shadow is None or not shadow.any():
        return float("nan")
    difference = result.aligned[shadow] @ LUMA - result.pair.target[shadow] @ LUMA
    return float(np.abs(difference).mean())
