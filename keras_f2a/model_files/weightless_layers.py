"""Computes the cost of layers without weights, which resize, join, crop and combine images."""

import math
from typing import Any

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.layer_cost import (
    Cost,
    Rule,
    Shape,
    image_shape,
    read_int,
    read_pair,
    single_shape,
    window_output,
)


def pooling(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `MaxPooling2D` or `AveragePooling2D`."""
    *sides, channels = image_shape(shapes)
    size = read_pair(config, "pool_size", default=2)
    strides = size if config.get("strides") is None else read_pair(config, "strides")
    pooled = window_output(config, sides, kernel=size, strides=strides, dilation=(1, 1))
    out = (*pooled, channels)
    return Cost(out, multiplications=math.prod(out) * math.prod(size))


def global_pooling(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of global pooling, whose output is one value per channel."""
    *_, channels = image_shape(shapes)
    return Cost((1, 1, channels) if config.get("keepdims") else (channels,))


def upsampling(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `UpSampling2D` or this package's `Enlarge`."""
    *sides, channels = image_shape(shapes)
    factors = read_pair(config, "size", default=2)
    return Cost((*(side * factor for side, factor in zip(sides, factors, strict=True)), channels))


def border_rule(sign: int, name: str) -> Rule:
    """Return the rule for `ZeroPadding2D` (sign 1) or `Cropping2D` (sign −1)."""

    def rule(config: dict, shapes: list[Shape]) -> Cost:
        *sides, channels = image_shape(shapes)
        value = config.get(name)
        borders = value if isinstance(value, list) and len(value) == 2 else [value, value]
        pairs = (read_pair({name: border}, name, minimum=0) for border in borders)
        out = (side + sign * sum(border) for side, border in zip(sides, pairs, strict=True))
        return Cost((*out, channels))

    return rule


def concatenation(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `Concatenate`, which joins channels."""
    if config.get("axis", -1) not in (-1, 3) or not shapes or len({s[:-1] for s in shapes}) != 1:
        raise RefusedError("it joins images whose sizes do not match")
    return Cost((*shapes[0][:-1], sum(shape[-1] for shape in shapes)))


def elementwise(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of an element-wise layer, whose inputs are broadcast to one shape."""
    length = max(map(len, shapes), default=0)
    if not length:
        raise RefusedError("a layer has no input")
    expanded = [(1,) * (length - len(shape)) + shape for shape in shapes]
    out = tuple(map(max, zip(*expanded, strict=True)))
    for shape in expanded:
        if any(side not in (1, largest) for side, largest in zip(shape, out, strict=True)):
            raise RefusedError("it combines layers whose sizes do not match")
    return Cost(out)


def pad_to_multiple(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of this package's `PadToMultiple`."""
    multiple = read_int(config, "multiple")
    *sides, channels = image_shape(shapes)
    return Cost((*(-(-side // multiple) * multiple for side in sides), channels))


def crop_to_match(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of this package's `CropToMatch`."""
    if len(shapes) != 2:
        raise RefusedError("a crop does not have two inputs")
    return Cost((*shapes[1][:2], shapes[0][-1]))


def same_as_first(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of a layer whose output has the shape of its first input."""
    if not shapes:
        raise RefusedError("a layer has no input")
    return Cost(shapes[0])


def slicing(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `x[..., :3]`, with the slices as `config["index"]`."""
    index, length = config.get("index"), len(single_shape(shapes)) + 1
    if not isinstance(index, list) or len(index) > length + 1:
        raise RefusedError("a layer takes a slice that no image has")
    parts = [_as_slice(part) for part in index]
    full_slice = [slice(None)]
    if None in parts:
        ellipsis = parts.index(None)
        parts[ellipsis : ellipsis + 1] = full_slice * (length + 1 - len(parts))
    slices = [part for part in parts if part is not None]
    slices += full_slice * (length - len(slices))
    if len(slices) != length or slices[0] != slice(None):
        raise RefusedError("a layer takes a slice that no image has")
    sides = zip(shapes[0], slices[1:], strict=True)
    return Cost(tuple(len(range(*part.indices(side))) for side, part in sides))


def _as_slice(part: Any) -> slice | None:
    """Return a slice from a configuration, or `None` for an ellipsis."""
    config = part.get("config") if isinstance(part, dict) else None
    if isinstance(config, dict) and part.get("class_name") == "__ellipsis__":
        return None
    bounds = (
        [config.get(bound) for bound in ("start", "stop", "step")]
        if isinstance(config, dict)
        else []
    )
    if (
        not bounds
        or any(bound is not None and type(bound) is not int for bound in bounds)
        or bounds[2] == 0
    ):
        raise RefusedError("a layer takes a slice that no image has")
    return slice(*bounds)
