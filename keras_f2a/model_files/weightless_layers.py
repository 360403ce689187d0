"""Computes the cost of layers without weights, which resize, join, crop and combine images."""

import math
from typing import Any

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.layer_cost import Cost, Rule, Shape, image, only, pair, whole, windows


def pooling(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `MaxPooling2D` or `AveragePooling2D`."""
    *sides, channels = image(shapes)
    size = pair(config, "pool_size", otherwise=2)
    strides = size if config.get("strides") is None else pair(config, "strides")
    left = windows(config, sides, kernel=size, strides=strides, dilation=(1, 1))
    out = (*left, channels)
    return Cost(out, products=math.prod(out) * math.prod(size))


def global_pooling(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of global pooling, whose output is one value per channel."""
    *_, channels = image(shapes)
    return Cost((1, 1, channels) if config.get("keepdims") else (channels,))


def enlarging(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `UpSampling2D` or this package's `Enlarge`."""
    *sides, channels = image(shapes)
    factors = pair(config, "size", otherwise=2)
    return Cost((*(side * by for side, by in zip(sides, factors, strict=True)), channels))


def bordering(sign: int, name: str) -> Rule:
    """Return the rule for `ZeroPadding2D` (sign 1) or `Cropping2D` (sign −1)."""

    def rule(config: dict, shapes: list[Shape]) -> Cost:
        *sides, channels = image(shapes)
        value = config.get(name)
        borders = value if isinstance(value, list) and len(value) == 2 else [value, value]
        both = (pair({name: border}, name, least=0) for border in borders)
        out = (side + sign * sum(border) for side, border in zip(sides, both, strict=True))
        return Cost((*out, channels))

    return rule


def joining(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `Concatenate`, which joins channels."""
    if config.get("axis", -1) not in (-1, 3) or not shapes or len({s[:-1] for s in shapes}) != 1:
        raise RefusedError("it joins images whose sizes do not match")
    return Cost((*shapes[0][:-1], sum(shape[-1] for shape in shapes)))


def elementwise(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of an element-wise layer, whose inputs are broadcast to one shape."""
    length = max(map(len, shapes), default=0)
    if not length:
        raise RefusedError("a layer has no input")
    padded = [(1,) * (length - len(shape)) + shape for shape in shapes]
    out = tuple(map(max, zip(*padded, strict=True)))
    if any(
        side not in (1, most) for shape in padded for side, most in zip(shape, out, strict=True)
    ):
        raise RefusedError("it combines layers whose sizes do not match")
    return Cost(out)


def padded(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of this package's `PadToMultiple`."""
    multiple = whole(config, "multiple")
    *sides, channels = image(shapes)
    return Cost((*(-(-side // multiple) * multiple for side in sides), channels))


def cropped(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of this package's `CropToMatch`."""
    if len(shapes) != 2:
        raise RefusedError("a crop does not have two inputs")
    return Cost((*shapes[1][:2], shapes[0][-1]))


def first(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of a layer whose output has the shape of its first input."""
    if not shapes:
        raise RefusedError("a layer has no input")
    return Cost(shapes[0])


def slicing(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `x[..., :3]`, with the slices as `config["index"]`."""
    index, length = config.get("index"), len(only(shapes)) + 1
    if not isinstance(index, list) or len(index) > length + 1:
        raise RefusedError("a layer takes a slice that no image has")
    found = [_as_slice(part) for part in index]
    whole_side = [slice(None)]
    if None in found:
        place = found.index(None)
        found[place : place + 1] = whole_side * (length + 1 - len(found))
    slices = [part for part in found if part is not None]
    slices += whole_side * (length - len(slices))
    if len(slices) != length or slices[0] != slice(None):
        raise RefusedError("a layer takes a slice that no image has")
    sides = zip(shapes[0], slices[1:], strict=True)
    return Cost(tuple(len(range(*part.indices(side))) for side, part in sides))


def _as_slice(part: Any) -> slice | None:
    """Return a slice from a configuration, or `None` for an ellipsis."""
    config = part.get("config") if isinstance(part, dict) else None
    if isinstance(config, dict) and part.get("class_name") == "__ellipsis__":
        return None
    ends = (
        [config.get(end) for end in ("start", "stop", "step")] if isinstance(config, dict) else []
    )
    if not ends or any(end is not None and type(end) is not int for end in ends) or ends[2] == 0:
        raise RefusedError("a layer takes a slice that no image has")
    return slice(*ends)
