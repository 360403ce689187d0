"""Computes the cost of layers with weights: convolutions, dense layers and normalizations."""

import math

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.layer_cost import Cost, Shape, image, only, pair, whole, windows


def _bias(config: dict, channels: int) -> tuple[Shape, ...]:
    return ((channels,),) if config.get("use_bias", True) else ()


def convolution(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `Conv2D`."""
    *sides, channels = image(shapes)
    kernel, filters = pair(config, "kernel_size"), whole(config, "filters")
    groups = whole(config, "groups")
    if channels % groups or filters % groups:
        raise RefusedError("a layer's groups do not divide its channels")
    weights = (*kernel, channels // groups, filters)
    strides, dilation = pair(config, "strides"), pair(config, "dilation_rate")
    out = windows(config, sides, kernel=kernel, strides=strides, dilation=dilation)
    return Cost(
        (*out, filters), (weights, *_bias(config, filters)), math.prod(out) * math.prod(weights)
    )


def depthwise(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `DepthwiseConv2D`."""
    *sides, channels = image(shapes)
    kernel = pair(config, "kernel_size")
    weights = (*kernel, channels, whole(config, "depth_multiplier"))
    filters = channels * weights[3]
    strides, dilation = pair(config, "strides"), pair(config, "dilation_rate")
    out = windows(config, sides, kernel=kernel, strides=strides, dilation=dilation)
    return Cost(
        (*out, filters), (weights, *_bias(config, filters)), math.prod(out) * math.prod(weights)
    )


def separable(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `SeparableConv2D`."""
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
    """Return the cost of `Conv2DTranspose`."""
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
    """Return the cost of `Dense`, which is applied to the channels."""
    *sides, channels = only(shapes)
    units = whole(config, "units")
    out = (*sides, units)
    return Cost(out, ((channels, units), *_bias(config, units)), math.prod(out) * channels)


def normalization(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of batch, layer or group normalization over the channels.

    Only batch normalization stores moving averages.
    """
    shape = only(shapes)
    if config.get("axis", -1) not in (-1, len(shape), [-1], [len(shape)]) or config.get("renorm"):
        raise RefusedError("a normalization is not over the channels")
    count = sum(bool(config.get(name, True)) for name in ("scale", "center"))
    count += 2 * ("momentum" in config)
    return Cost(shape, ((shape[-1],),) * count, math.prod(shape))


def parametric_relu(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `PReLU`."""
    shape = only(shapes)
    shared = config.get("shared_axes") or []
    if not isinstance(shared, list) or any(axis not in range(1, len(shape) + 1) for axis in shared):
        raise RefusedError("a layer's shared_axes are not axes")
    sides = (1 if i in shared else side for i, side in enumerate(shape, start=1))
    return Cost(shape, (tuple(sides),))
