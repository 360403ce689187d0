"""What a training step takes: a batch of pairs, checked before anything is computed from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from keras_f2a.support.errors import InputError

SMALLEST_SIDE = 7
"""In pixels: the window of SSIM, which every step logs."""
# Resizing overshoots [0, 1] by a tenth at most; [-1, 1] and [0, 255] go far beyond.
_LEAST, _MOST = -0.25, 1.25
_NOT_ONE_WEIGHT = "sample_weight: must be one number for each pair, (batch,)"
_NOT_UNIT_RANGE = "flash and ambient images must be RGB in [0, 1]; divide 8-bit values by 255"


class Pairs(NamedTuple):
    """A checked batch.

    Attributes:
        flash: Flash images, floats, (batch, height, width, channels).
        ambient: Ambient images, likewise.
        weights: One weight for each pair, (batch,), or `None`.
    """

    flash: Any
    ambient: Any
    weights: Any

    def weighted(self, per_image: Any) -> Any:
        """The losses of each image times its weight, as Keras weighs them."""
        return per_image if self.weights is None else per_image * self.weights


def checked_pairs(data: Any, channels: int = 3) -> Pairs:
    """Unpacks and checks what Keras hands to a step.

    Shapes and types are checked at once; values where the step runs, unless XLA compiles it.

    Args:
        data: (flash, ambient) or (flash, ambient, sample_weight).
        channels: Of each image.

    Raises:
        InputError: It is no batch of pairs.
    """
    flash, ambient, weights = keras.utils.unpack_x_y_sample_weight(data)
    if ambient is None:
        raise InputError(
            "training takes batches of (flash, ambient); the ambient images are missing"
        )
    for name, images in (("flash", flash), ("ambient", ambient)):
        check_images(name, images, channels)
    if not flash.shape.is_compatible_with(ambient.shape):
        raise InputError(
            f"flash images {_shape(flash)} and ambient images {_shape(ambient)} differ in shape"
        )
    if any(side is not None and side < SMALLEST_SIDE for side in flash.shape[1:3]):
        raise InputError(
            f"flash images {_shape(flash)}: height and width must be at least {SMALLEST_SIDE}"
        )
    for images in (flash, ambient):
        inside = (tf.reduce_min(images) >= _LEAST) & (tf.reduce_max(images) <= _MOST)
        tf.debugging.Assert(inside, [_NOT_UNIT_RANGE])
    return Pairs(flash, ambient, _checked_weights(weights, flash))


def check_images(name: str, images: Any, channels: int = 3) -> None:
    """Checks the type and the shape of a batch of images.

    Args:
        name: What the images are, for the message.
        images: A tensor.
        channels: Of each image.

    Raises:
        InputError: They are no floats of shape (batch, height, width, channels).
    """
    # A dataset's tensors may have no known shape; then the networks will tell.
    shape = getattr(images, "shape", None)
    dtype = keras.backend.standardize_dtype(images.dtype) if shape is not None else "no tensor"
    if "float" not in dtype:
        raise InputError(
            f"{name} images must be floats in [0, 1], not {dtype}; divide 8-bit values by 255"
        )
    if getattr(shape, "rank", 0) is None:
        return
    if len(shape) != 4 or shape[3] not in (None, channels):
        raise InputError(
            f"{name} images must be (batch, height, width, {channels}), not {_shape(images)}"
        )


@contextmanager
def wrong_values_in_one_line() -> Iterator[None]:
    """Turns the failed check of a batch's values into an `InputError`."""
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        for message in (_NOT_UNIT_RANGE, _NOT_ONE_WEIGHT):
            if message in str(error):
                raise InputError(message) from None
        raise


def _checked_weights(weights: Any, flash: Any) -> Any:
    if weights is None:
        return None
    # Keras's own tensors of weights have no known shape before the step runs.
    weights, count = tf.convert_to_tensor(weights), tf.shape(flash)[0]
    if weights.shape.rank is not None and weights.shape[1:].num_elements() not in (None, 1):
        raise InputError(f"{_NOT_ONE_WEIGHT}, not {_shape(weights)}")
    with tf.control_dependencies(
        [tf.debugging.Assert(tf.size(weights) == count, [_NOT_ONE_WEIGHT])]
    ):
        return tf.cast(tf.reshape(weights, (count,)), tf.float32)


def _shape(tensor: Any) -> str:
    return f"({', '.join(map(str, tensor.shape))})"
