"""Checks that a model's input and output are images, so that it can correct photographs."""

from pathlib import Path
from typing import Any

from keras_f2a.support.errors import InputError

DEFAULT_WORKING_SIZE = 320
"""Long side in pixels of the downscaled photograph that a model with a flexible size sees."""
SMALLEST_INPUT = 16
"""In pixels. The networks halve their input four times."""


def check_image_to_image(path: str | Path, inputs: Any, outputs: Any) -> None:
    """Check the shapes of a model's input and output. `None` is an open side.

    Args:
        path: The model's file, or another name for error messages.
        inputs: Shape of the input. Should be (batch, height, width, 3).
        outputs: Shape of the output. Should be the same.

    Raises:
        InputError: They are not images of the same size, are smaller than `SMALLEST_INPUT`, or
            have a fixed batch size other than 1.
    """
    for name, shape in (("input", inputs), ("output", outputs)):
        if not isinstance(shape, tuple) or len(shape) != 4 or shape[3] != 3:
            raise InputError(
                f"not a generator: its {name} must be (batch, height, width, 3)", file=path
            )
    if inputs[0] not in (None, 1):
        raise InputError(
            f"not a generator: it accepts only batches of {inputs[0]} images", file=path
        )
    too_small = [side for side in inputs[1:3] if side is not None and side < SMALLEST_INPUT]
    if too_small:
        raise InputError(
            f"not a generator: it accepts only images of {too_small[0]} pixels on a side; "
            f"the minimum is {SMALLEST_INPUT}",
            file=path,
        )
    if any(a != b for a, b in zip(inputs[1:3], outputs[1:3], strict=True) if None not in (a, b)):
        raise InputError("not a generator: its output and its input differ in size", file=path)
