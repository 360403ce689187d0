"""What each layer that a generator may have costs, computed from its configuration alone."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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


def _windows(
    config: dict, sides: Sequence[int], kernel: Shape, strides: Shape, dilation: Shape
) -> Shape:
    if config.get("padding", "valid") not in ("same", "valid"):
        raise RefusedError(f"a layer's padding is {ascii(config.get('padding'))[:60]}")
    if config.get("padding") == "same":
        return tuple(-(-side // step) for side, step in zip(sides, strides, strict=True))
    reach = [(size - 1) * far + 1 for size, far in zip(kernel, dilation, strict=True)]
    return tuple(
        (side - size) // step + 1 for side, size, step in zip(sides, reach, strides, strict=True)
    )


def _bias(config: dict, channels: int) -> tuple[Shape, ...]:
    return ((channels,),) if config.get("use_bias", True) else ()


def convolution(config: dict, shapes: list[Shape]) -> Cost:
    """Check `Conv2D`."""
    *sides, channels = image(shapes)
    kernel, filters = pair(config, "kernel_size"), whole(config, "filters")
    groups = whole(config, "groups")
    if channels % groups or filters % groups:
        raise RefusedError("a layer's groups do not divide its channels")
    weights = (*kernel, channels // groups, filters)
    dilation = pair(config, "dilation_rate")
    out = _windows(config, sides, kernel, pair(config, "strides"), dilation)
    return Cost(
        (*out, filters), (weights, *_bias(config, filters)), math.prod(out) * math.prod(weights)
    )


def depthwise(config: dict, shapes: list[Shape]) -> Cost:
    """Check `DepthwiseConv2D`."""
    *sides, channels = image(shapes)
    kernel = pair(config, "kernel_size")
    weights = (*kernel, channels, whole(config, "depth_multiplier"))
    filters = channels * weights[3]
    dilation = pair(config, "dilation_rate")
    out = _windows(config, sides, kernel, pair(config, "strides"), dilation)
    return Cost(
        (*out, filters), (weights, *_bias(config, filters)), math.prod(out) * math.prod(weights)
    )


def separable(config: dict, shapes: list[Shape]) -> Cost:
    """Check `SeparableConv2D`."""
    first = depthwise({**config, "use_bias": False}, shapes)
    *sides, channels = first.output
    filters = whole(config, "filters")
    weights = (1, 1, channels, filters)
    return Cost(
        (*sides, filters),
        (*first.variables, weights, *_bias(config, filters)),
        first.products + math.prod(sides) * math.prod(weights),
        math.prod(first.output),
    )


def transposed(config: dict, shapes: list[Shape]) -> Cost:
    """Check `Conv2DTranspose`."""
    *sides, channels = image(shapes)
    kernel, filters = pair(config, "kernel_size"), whole(config, "filters")
    strides, same = pair(config, "strides"), config.get("padding") == "same"
    if config.get("output_padding") is not None or pair(config, "dilation_rate") != (1, 1):
        raise RefusedError("a transposed convolution has output padding or dilation")
    out = tuple(
        side * step + (0 if same else max(size - step, 0))
        for side, step, size in zip(sides, strides, kernel, strict=True)
    )
    weights = (*kernel, filters, channels)
    products = math.prod(sides) * math.prod(weights)
    return Cost((*out, filters), (weights, *_bias(config, filters)), products, products // channels)


def dense(config: dict, shapes: list[Shape]) -> Cost:
    """Check `Dense`, on the channels."""
    *sides, channels = _only(shapes)
    units = whole(config, "units")
    out = (*sides, units)
    return Cost(out, ((channels, units), *_bias(config, units)), math.prod(out) * channels)


def normalization(config: dict, shapes: list[Shape]) -> Cost:
    """Check batch, layer and group normalization over the channels; the last needs no mean."""
    shape = _only(shapes)
    if config.get("axis", -1) not in (-1, len(shape), [-1], [len(shape)]) or config.get("renorm"):
        raise RefusedError("a normalization is over something else than channels")
    count = sum(bool(config.get(name, True)) for name in ("scale", "center"))
    count += 2 * ("momentum" in config)
    return Cost(shape, ((shape[-1],),) * count, math.prod(shape))


def parametric_relu(config: dict, shapes: list[Shape]) -> Cost:
    """Check `PReLU`."""
    shape = _only(shapes)
    shared = config.get("shared_axes") or []
    if not isinstance(shared, list) or any(axis not in range(1, len(shape) + 1) for axis in shared):
        raise RefusedError("a layer's shared_axes are not axes")
    sides = (1 if i in shared else side for i, side in enumerate(shape, start=1))
    return Cost(shape, (tuple(sides),))


def pooling(config: dict, shapes: list[Shape]) -> Cost:
    """Check `MaxPooling2D` and `AveragePooling2D`."""
    *sides, channels = image(shapes)
    size = pair(config, "pool_size", otherwise=2)
    strides = size if config.get("strides") is None else pair(config, "strides")
    out = (*_windows(config, sides, size, strides, (1, 1)), channels)
    return Cost(out, products=math.prod(out) * math.prod(size))


def global_pooling(config: dict, shapes: list[Shape]) -> Cost:
    """Return one value for each channel."""
    *_, channels = image(shapes)
    return Cost((1, 1, channels) if config.get("keepdims") else (channels,))


def enlarging(config: dict, shapes: list[Shape]) -> Cost:
    """Check `UpSampling2D` and this package's `Enlarge`."""
    *sides, channels = image(shapes)
    factors = pair(config, "size", otherwise=2)
    return Cost((*(side * by for side, by in zip(sides, factors, strict=True)), channels))


def bordering(sign: int, name: str) -> Rule:
    """Check `ZeroPadding2D` (sign 1) and `Cropping2D` (sign −1)."""

    def rule(config: dict, shapes: list[Shape]) -> Cost:
        *sides, channels = image(shapes)
        value = config.get(name)
        borders = value if isinstance(value, list) and len(value) == 2 else [value, value]
        both = (pair({name: border}, name, least=0) for border in borders)
        out = (side + sign * sum(border) for side, border in zip(sides, both, strict=True))
        return Cost((*out, channels))

    return rule


def joining(config: dict, shapes: list[Shape]) -> Cost:
    """Check `Concatenate`, of channels."""
    if config.get("axis", -1) not in (-1, 3) or not shapes or len({s[:-1] for s in shapes}) != 1:
        raise RefusedError("images are joined that do not fit")
    return Cost((*shapes[0][:-1], sum(shape[-1] for shape in shapes)))


def elementwise(config: dict, shapes: list[Shape]) -> Cost:
    """Return what keeps the size, of one input or of several that are spread to one size."""
    length = max(map(len, shapes), default=0)
    if not length:
        raise RefusedError("a layer has no input")
    padded = [(1,) * (length - len(shape)) + shape for shape in shapes]
    out = tuple(map(max, zip(*padded, strict=True)))
    if any(
        side not in (1, most) for shape in padded for side, most in zip(shape, out, strict=True)
    ):
        raise RefusedError("layers are combined whose sizes do not fit")
    return Cost(out)


def padded(config: dict, shapes: list[Shape]) -> Cost:
    """Check this package's `PadToMultiple`."""
    multiple = whole(config, "multiple")
    *sides, channels = image(shapes)
    return Cost((*(-(-side // multiple) * multiple for side in sides), channels))


def cropped(config: dict, shapes: list[Shape]) -> Cost:
    """Check this package's `CropToMatch`."""
    if len(shapes) != 2:
        raise RefusedError("a crop has not two inputs")
    return Cost((*shapes[1][:2], shapes[0][-1]))


def first(config: dict, shapes: list[Shape]) -> Cost:
    """Return what has the size of its first input."""
    if not shapes:
        raise RefusedError("a layer has no input")
    return Cost(shapes[0])


def slicing(config: dict, shapes: list[Shape]) -> Cost:
    """Check `x[..., :3]`, with the slices as `config["index"]`."""
    index, length = config.get("index"), len(_only(shapes)) + 1
    if not isinstance(index, list) or len(index) > length + 1:
        raise RefusedError("a layer takes a part that no image has")
    found = [_as_slice(part) for part in index]
    whole_side = [slice(None)]
    if None in found:
        place = found.index(None)
        found[place : place + 1] = whole_side * (length + 1 - len(found))
    slices = [part for part in found if part is not None]
    slices += whole_side * (length - len(slices))
    if len(slices) != length or slices[0] != slice(None):
        raise RefusedError("a layer takes a part that no image has")
    sides = zip(shapes[0], slices[1:], strict=True)
    return Cost(tuple(len(range(*part.indices(side))) for side, part in sides))


def _as_slice(part: Any) -> slice | None:
    """Return a slice of a configuration; `None` for an ellipsis."""
    config = part.get("config") if isinstance(part, dict) else None
    if isinstance(config, dict) and part.get("class_name") == "__ellipsis__":
        return None
    ends = (
        [config.get(end) for end in ("start", "stop", "step")] if isinstance(config, dict) else []
    )
    if not ends or any(end is not None and type(end) is not int for end in ends) or ends[2] == 0:
        raise RefusedError("a layer takes a part that no image has")
    return slice(*ends)


def _only(shapes: list[Shape]) -> Shape:
    if len(shapes) != 1 or not shapes[0]:
        raise RefusedError("a layer has not one input")
    return shapes[0]


_KERAS = {
    **dict.fromkeys(("MaxPooling2D", "AveragePooling2D"), pooling),
    **dict.fromkeys(("GlobalMaxPooling2D", "GlobalAveragePooling2D"), global_pooling),
    **dict.fromkeys(
        ("BatchNormalization", "LayerNormalization", "GroupNormalization"), normalization
    ),
    **dict.fromkeys(
        ("Activation", "ReLU", "LeakyReLU", "ELU", "Rescaling", "Identity", "Dropout")
        + ("SpatialDropout2D", "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"),
        elementwise,
    ),
    "Conv2D": convolution,
    "DepthwiseConv2D": depthwise,
    "SeparableConv2D": separable,
    "Conv2DTranspose": transposed,
    "Dense": dense,
    "PReLU": parametric_relu,
    "UpSampling2D": enlarging,
    "ZeroPadding2D": bordering(1, "padding"),
    "Cropping2D": bordering(-1, "cropping"),
    "Concatenate": joining,
}
_OURS = {
    "PadToMultiple": padded,
    "CropToMatch": cropped,
    "Enlarge": lambda config, shapes: enlarging({}, shapes),
    "ImageNetPreprocessing": first,
    "Relight": first,
    "KeepWhite": first,
}
_OPERATIONS = {
    "keras.src.ops.numpy": ("Add", "Subtract", "Multiply", "Divide", "Maximum", "Minimum", "Clip"),
    "keras.src.ops.nn": ("Relu", "Relu6", "Sigmoid", "Tanh"),
}
RULES: dict[tuple[str | None, str], Rule] = {
    **{("keras.layers", name): rule for name, rule in _KERAS.items()},
    **{("keras_f2a", name): rule for name, rule in _OURS.items()},
    ("keras.src.ops.numpy", "GetItem"): slicing,
    **{(room, name): elementwise for room, names in _OPERATIONS.items() for name in names},
}
"""The rule of each class that a generator may have, by where it is from and its name."""
