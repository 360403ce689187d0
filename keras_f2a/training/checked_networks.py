"""Checks the networks and the factors that a training model is made of."""

import math
from numbers import Real
from typing import Any

import keras

from keras_f2a.support.errors import InputError, one_line

# Side of the images used to probe a network, a multiple of most networks' downsampling factors.
_SIDE = 1024


def checked_network(setting: str, network: Any) -> keras.Model:
    """Return a network unchanged after checking its type.

    Args:
        setting: Name of the caller's argument, for error messages.
        network: The argument's value.

    Raises:
        InputError: It is not a `keras.Model`.
    """
    if isinstance(network, keras.Model):
        return network
    kind = "the class" if isinstance(network, type) else "an object of the class"
    name = (network if isinstance(network, type) else type(network)).__name__
    raise InputError(f"must be a `keras.Model`, not {kind} {name}", setting=setting)


def checked_factor(setting: str, value: Any) -> float:
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
    asked, answer = _answer("generator", network, inputs=1)
    if answer is None:
        return
    # A side that the network leaves open is assumed to fit.
    fits = [side in (None, wanted) for side, wanted in zip(answer[1:], asked[1:], strict=False)]
    if len(answer) != len(asked) or not all(fits):
        raise InputError(
            f"must turn images {asked} into images of the same shape, not {answer}",
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
    asked, answer = _answer("discriminator", network, inputs=len(inputs))
    if answer is not None and (len(answer) != 4 or answer[3] != 1):
        raise InputError(
            f"must turn images {asked} into logits (batch, rows, columns, 1), not {answer}",
            setting="discriminator",
        )


def _answer(setting: str, network: keras.Model, *, inputs: int) -> tuple[tuple, tuple | None]:
    """Return the shape of probe images, and that of a network's output or `None` if unknown."""
    if not network.built:
        raise InputError(
            "is not built, so it has no weights yet; call it once on images, or begin it with "
            "`keras.Input((None, None, 3))`",
            setting=setting,
        )
    own = [tuple(each.shape) for each in getattr(network, "inputs", None) or ()]
    for shape in own:
        if len(shape) != 4 or shape[3] not in (None, 3):
            raise InputError(
                f"must take images (batch, height, width, 3), not {shape}", setting=setting
            )
    asked = (1, *(side or _SIDE for side in (own[0][1:3] if own else (None, None))), 3)
    try:
        answer = network.compute_output_shape(asked if inputs == 1 else [asked] * inputs)
    except Exception as error:
        if not own:  # Such a network may learn its shapes only when it runs.
            return asked, None
        raise InputError(
            f"cannot take images {asked}: {one_line(error)}", setting=setting
        ) from None
    if not isinstance(answer, tuple) or not all(isinstance(side, int | None) for side in answer):
        raise InputError(f"must have one output, not {answer}", setting=setting)
    return asked, answer
