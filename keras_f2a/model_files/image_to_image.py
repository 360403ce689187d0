"""What a model's input and output must be so that it turns photographs into photographs."""

from pathlib import Path
from typing import Any

from keras_f2a.support.errors import InputError

DEFAULT_WORKING_SIZE = 320
"""Long side in pixels of the small copy of a photograph that a model of any size sees."""
SMALLEST_INPUT = 16
"""In pixels. The networks halve their input four times."""


def check_image_to_image(path: str | Path, inputs: Any, outputs: Any) -> None:
    """Check the shapes of a model's input and output; `None` is an open side.

    Args:
        path: The model's file, or what else messages call it.
        inputs: Should be (batch, height, width, 3).
        outputs: The same.

    Raises:
        InputError: They are no images, or images that are too small to be photographs.
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
