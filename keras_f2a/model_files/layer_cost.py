"""Represents the cost of a layer, and reads values of its configuration within safe limits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from keras_f2a.model_files.archive import RefusedError

Shape = tuple[int, ...]
"""(height, width, channels), all known. The batch is left out."""
_MAX_INTEGER = 2**24


@dataclass(frozen=True)
class Cost:
    """The cost of a layer for given inputs.

    Attributes:
        output: The shape of its output.
        variables: The shapes of its variables.
        multiplications: Number of multiplications.
        workspace: Number of values that it holds besides its output while it runs.
    """

    output: Shape
    variables: tuple[Shape, ...] = ()
    multiplications: int = 0
    workspace: int = 0


Rule = Callable[[dict, list[Shape]], Cost]


def read_int(config: dict, name: str, *, default: int = 1, minimum: int = 1) -> int:
    """Return an integer from a configuration, within safe limits."""
    value = config.get(name, default)
    if type(value) is not int or not minimum <= value <= _MAX_INTEGER:
        raise RefusedError(f"a layer's {name} is {ascii(value)[:60]}")
    return value


def read_pair(config: dict, name: str, *, default: int = 1, minimum: int = 1) -> tuple[int, int]:
    """Return two integers from a configuration, in which one may stand for both."""
    value = config.get(name)
    values = [default if value is None else value] * 2 if not isinstance(value, list) else value
    if len(values) != 2:
        raise RefusedError(f"a layer's {name} is {ascii(value)[:60]}")
    height, width = (read_int({name: side}, name, minimum=minimum) for side in values)
    return height, width


def image_shape(shapes: list[Shape]) -> Shape:
    """Return the height, width and channels of the only input."""
    if len(shapes) != 1 or len(shapes[0]) != 3:
        raise RefusedError("a layer's input is not an image")
    return shapes[0]


def window_output(
    config: dict, sides: Sequence[int], *, kernel: Shape, strides: Shape, dilation: Shape
) -> Shape:
    """Return the sides of the output of a kernel that moves over an image by strides.

    Raises:
        RefusedError: Keras has no such padding.
    """
    if config.get("padding", "valid") not in ("same", "valid"):
        raise RefusedError(f"a layer's padding is {ascii(config.get('padding'))[:60]}")
    if config.get("padding") == "same":
        return tuple(-(-side // step) for side, step in zip(sides, strides, strict=True))
    extents = [(size - 1) * rate + 1 for size, rate in zip(kernel, dilation, strict=True)]
    return tuple(
        (side - size) // step + 1 for side, size, step in zip(sides, extents, strides, strict=True)
    )


def single_shape(shapes: list[Shape]) -> Shape:
    """Return the shape of the only input.

    Raises:
        RefusedError: There is no input, or more than one.
    """
    if len(shapes) != 1 or not shapes[0]:
        raise RefusedError("a layer does not have exactly one input")
    return shapes[0]
