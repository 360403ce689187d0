"""What a layer costs, and the values of its configuration within sound limits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from keras_f2a.model_files.archive import RefusedError

Shape = tuple[int, ...]
"""Without the batch, all sides known: (height, width, channels)."""
_LARGEST_NUMBER = 2**24


@dataclass(frozen=True)
class Cost:
    """What a layer makes of its inputs.

    Attributes:
        output: The shape of its output.
        variables: The shapes of its variables.
        products: How many multiplications it takes.
        workspace: How many numbers it holds beside its output while it runs.
    """

    output: Shape
    variables: tuple[Shape, ...] = ()
    products: int = 0
    workspace: int = 0


Rule = Callable[[dict, list[Shape]], Cost]


def whole(config: dict, name: str, *, otherwise: int = 1, least: int = 1) -> int:
    """Return a whole number of a configuration within sound limits."""
    value = config.get(name, otherwise)
    if type(value) is not int or not least <= value <= _LARGEST_NUMBER:
        raise RefusedError(f"a layer's {name} is {ascii(value)[:60]}")
    return value


def pair(config: dict, name: str, *, otherwise: int = 1, least: int = 1) -> tuple[int, int]:
    """Return two whole numbers, or one that stands for both."""
    value = config.get(name)
    values = [otherwise if value is None else value] * 2 if not isinstance(value, list) else value
    if len(values) != 2:
        raise RefusedError(f"a layer's {name} is {ascii(value)[:60]}")
    high, wide = (whole({name: side}, name, least=least) for side in values)
    return high, wide


def image(shapes: list[Shape]) -> Shape:
    """Return the only input's height, width and channels."""
    if len(shapes) != 1 or len(shapes[0]) != 3:
        raise RefusedError("a layer takes no image where a generator's would")
    return shapes[0]


def windows(
    config: dict, sides: Sequence[int], *, kernel: Shape, strides: Shape, dilation: Shape
) -> Shape:
    """Return the sides that are left where a kernel moves over an image by strides.

    Raises:
        RefusedError: The padding is none of Keras's.
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
    """Return the only input's shape.

    Raises:
        RefusedError: There is no input, or more than one.
    """
    if len(shapes) != 1 or not shapes[0]:
        raise RefusedError("a layer does not have exactly one input")
    return shapes[0]
