"""Checks the networks and the factors that a training model is made of."""

import math
from numbers import Real
from typing import Any

import keras

from keras_f2a.support.errors import InputError, one_line

# Side of the images used to probe a network, a multiple of most networks' downsampling factors.
_PROBE_SIDE = 1024


def validate_network(setting: str, network: Any) -> keras.Model:
    """Return a network unchanged after checking its type.

    Args:
        setting: Name of the caller's argument, for error messages.
        network: The argument's value.

    Raises:
        InputError: It is not a `keras.Model`.
    """
    if isinstance(network, keras.Model):
        return network
    if isinstance(network, type):
        given = f"the class {network.__name__}"
    else:
        given = f"an object of the class {type(network).__name__}"
    raise InputError(f"must be a `keras.Model`, not {given}", setting=setting)


def validate_factor(setting: str, value: Any) -> float:
    """Return a loss's factor as a float after checking it.

    Args:
        setting: Name of the caller's argument, for error messages.
        value: The argument's value.

    Raises:
        InputError: It is not a finite number of at least 0.
    """
    if isinstance(value, Real) and math.isfinite(value) and float(value) >= 0:
        return float(value)
    raise InputError("must be a finite number of at least 0", setting=setting, value=repr(value))


def check_generator(network: keras.Model) -> None:
    """Check that a network can be trained to turn images into images.

    Raises:
        InputError: It is not built, or it does not return RGB images of the same size.
    """
    input_shape, output_shape = _probe("generator", network, inputs=1)
    if output_shape is None:
        return
    # A side that the network leaves open is assumed to fit.
    sides = zip(output_shape[1:], input_shape[1:], strict=False)
    fits = all(side in (None, expected) for side, expected in sides)
    if len(output_shape) != len(input_shape) or not fits:
        raise InputError(
            f"must turn images {input_shape} into images of the same shape, not {output_shape}",
            setting="generator",
        )


def check_discriminator(network: keras.Model) -> None:
    """Check that a network can judge images.

    Raises:
        InputError: It is not built, is not a functional model of one or two images, or does not
            return logits of patches.
    """
    inputs = getattr(network, "inputs", None) or ()
    if network.built and len(inputs) not in (1, 2):
        raise InputError(
            "must be a functional model of an image, or of an image and the flash image",
            setting="discriminator",
        )
    input_shape, output_shape = _probe("discriminator", network, inputs=len(inputs))
    if output_shape is not None and (len(output_shape) != 4 or output_shape[3] != 1):
        raise InputError(
            f"must turn images {input_shape} into logits (batch, rows, columns, 1), not "
            f"{output_shape}",
            setting="discriminator",
        )


def _probe(setting: str, network: keras.Model, *, inputs: int) -> tuple[tuple, tuple | None]:
    """Return the shape of probe images, and that of a network's output or `None` if unknown."""
    if not network.built:
        raise InputError(
            "is not built, so it has no weights yet; call it once on images, or begin it with "
            "`keras.Input((None, None, 3))`",
            setting=setting,
        )
    input_shapes = [tuple(tensor.shape) for tensor in getattr(network, "inputs", None) or ()]
    for shape in input_shapes:
        if len(shape) != 4 or shape[3] not in (None, 3):
            raise InputError(
                f"must take images (batch, height, width, 3), not {shape}", setting=setting
            )
    height, width = input_shapes[0][1:3] if input_shapes else (None, None)
    probe_shape = (1, height or _PROBE_SIDE, width or _PROBE_SIDE, 3)
    try:
        output_shape = network.compute_output_shape(
            probe_shape if inputs == 1 else [probe_shape] * inputs
        )
    except Exception as error:
        if not input_shapes:  # Such a network may learn its shapes only when it runs.
            return probe_shape, None
        raise InputError(
            f"cannot take images {probe_shape}: {one_line(error)}", setting=setting
        ) from None
    is_shape = isinstance(output_shape, tuple)
    if not is_shape or not all(isinstance(side, int | None) for side in output_shape):
        raise InputError(f"must have one output, not {output_shape}", setting=setting)
    return probe_shape, output_shape
