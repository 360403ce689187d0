"""Represents the cost of a layer, and reads values of its configuration within safe limits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from keras_f2a.model_files.archive import RefusedError

Shape = tuple[int, ...]
"""(height, width, channels), all known. The batch is left out."""
_LARGEST_NUMBER = 2**24


@dataclass(frozen=True)
class Cost:
    """The cost of a layer for given inputs.

    Attributes:
        output: The shape of its output.
        variables: The shapes of its variables.
        products: Number of multiplications.
        workspace: Number of values that it holds besides its output while it runs.
    """

    output: Shape
    variables: tuple[Shape, ...] = ()
    products: int = 0
    workspace: int = 0


Rule = Callable[[dict, list[Shape]], Cost]


def whole(config: dict, name: str, *, otherwise: int = 1, least: int = 1) -> int:
    """Return an integer from a configuration, within safe limits."""
    value = config.get(name, otherwise)
    if type(value) is not int or not least <= value <= _LARGEST_NUMBER:
        raise RefusedError(f"a layer's {name} is {ascii(value)[:60]}")
    return value


def pair(config: dict, name: str, *, otherwise: int = 1, least: int = 1) -> tuple[int, int]:
    """Return two integers from a configuration, in which one may stand for both."""
    value = config.get(name)
    values = [otherwise if value is None else value] * 2 if not isinstance(value, list) else value
    if len(values) != 2:
        raise RefusedError(f"a layer's {name} is {ascii(value)[:60]}")
    high, wide = (whole({name: side}, name, least=least) for side in values)
    return high, wide


def image(shapes: list[Shape]) -> Shape:
    """Return the height, width and channels of the only input."""
    if len(shapes) != 1 or len(shapes[0]) != 3:
        raise RefusedError("a layer's input is not an image")
    return shapes[0]


def windows(
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
    reach = [(size - 1) * far + 1 for size, far in zip(kernel, dilation, strict=True)]
    return tuple(
        (side - size) // step + 1 for side, size, step in zip(sides, reach, strides, strict=True)
    )


def only(shapes: list[Shape]) -> Shape:
    """Return the shape of the only input.

    Raises:
        RefusedError: There is no input, or more than one.
    """
    if len(shapes) != 1 or not shapes[0]:
        raise RefusedError("a layer does not have exactly one input")
    return shapes[0]
