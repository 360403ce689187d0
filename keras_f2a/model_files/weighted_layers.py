"""Computes the cost of layers with weights: convolutions, dense layers and normalizations."""

import math

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.layer_cost import (
    Cost,
    Shape,
    image_shape,
    read_int,
    read_pair,
    single_shape,
    window_output,
)


def _bias(config: dict, channels: int) -> tuple[Shape, ...]:
    return ((channels,),) if config.get("use_bias", True) else ()


def convolution(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `Conv2D`."""
    *sides, channels = image_shape(shapes)
    kernel, filters = read_pair(config, "kernel_size"), read_int(config, "filters")
    groups = read_int(config, "groups")
    if channels % groups or filters % groups:
        raise RefusedError("a layer's groups do not divide its channels")
    weights = (*kernel, channels // groups, filters)
    strides, dilation = read_pair(config, "strides"), read_pair(config, "dilation_rate")
    out = window_output(config, sides, kernel=kernel, strides=strides, dilation=dilation)
    return Cost(
        (*out, filters), (weights, *_bias(config, filters)), math.prod(out) * math.prod(weights)
    )


def depthwise(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `DepthwiseConv2D`."""
    *sides, channels = image_shape(shapes)
    kernel = read_pair(config, "kernel_size")
    weights = (*kernel, channels, read_int(config, "depth_multiplier"))
    filters = channels * weights[3]
    strides, dilation = read_pair(config, "strides"), read_pair(config, "dilation_rate")
    out = window_output(config, sides, kernel=kernel, strides=strides, dilation=dilation)
    return Cost(
        (*out, filters), (weights, *_bias(config, filters)), math.prod(out) * math.prod(weights)
    )


def separable(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `SeparableConv2D`."""
    depthwise_cost = depthwise({**config, "use_bias": False}, shapes)
    *sides, channels = depthwise_cost.output
    filters = read_int(config, "filters")
    weights = (1, 1, channels, filters)
    return Cost(
        (*sides, filters),
        (*depthwise_cost.variables, weights, *_bias(config, filters)),
        depthwise_cost.multiplications + math.prod(sides) * math.prod(weights),
        math.prod(depthwise_cost.output),
    )


def transposed_convolution(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `Conv2DTranspose`."""
    *sides, channels = image_shape(shapes)
    kernel, filters = read_pair(config, "kernel_size"), read_int(config, "filters")
    strides, same = read_pair(config, "strides"), config.get("padding") == "same"
    if config.get("output_padding") is not None or read_pair(config, "dilation_rate") != (1, 1):
        raise RefusedError("a transposed convolution has output padding or dilation")
    out = tuple(
        side * step + (0 if same else max(size - step, 0))
        for side, step, size in zip(sides, strides, kernel, strict=True)
    )
    weights = (*kernel, filters, channels)
    multiplications = math.prod(sides) * math.prod(weights)
    return Cost(
        (*out, filters),
        (weights, *_bias(config, filters)),
        multiplications,
        multiplications // channels,
    )


def dense(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `Dense`, which is applied to the channels."""
    *sides, channels = single_shape(shapes)
    units = read_int(config, "units")
    out = (*sides, units)
    return Cost(out, ((channels, units), *_bias(config, units)), math.prod(out) * channels)


def normalization(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of batch, layer or group normalization over the channels.

    Only batch normalization stores moving averages.
    """
    shape = single_shape(shapes)
    if config.get("axis", -1) not in (-1, len(shape), [-1], [len(shape)]) or config.get("renorm"):
        raise RefusedError("a normalization is not over the channels")
    variable_count = sum(bool(config.get(name, True)) for name in ("scale", "center"))
    variable_count += 2 * ("momentum" in config)
    return Cost(shape, ((shape[-1],),) * variable_count, math.prod(shape))


def parametric_relu(config: dict, shapes: list[Shape]) -> Cost:
    """Return the cost of `PReLU`."""
    shape = single_shape(shapes)
    shared = config.get("shared_axes") or []
    if not isinstance(shared, list) or any(axis not in range(1, len(shape) + 1) for axis in shared):
        raise RefusedError("a layer's shared_axes are not axes")
    sides = (1 if i in shared else side for i, side in enumerate(shape, start=1))
    return Cost(shape, (tuple(sides),))
