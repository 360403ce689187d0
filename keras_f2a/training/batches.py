"""What a training step takes: a batch of pairs, checked before anything is computed from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from keras_f2a.support.errors import InputError
from keras_f2a.training.metrics import SSIM_WINDOW

# Resizing overshoots [0, 1] by a tenth at most; [-1, 1] and [0, 255] go far beyond.
_LEAST, _MOST = -0.25, 1.25
_NOT_ONE_WEIGHT = "sample_weight: must be one number for each pair, (batch,)"
_NOT_UNIT_RANGE = "flash and ambient images must be RGB in [0, 1]; divide 8-bit values by 255"


class Pairs(NamedTuple):
    """A checked batch.

    Attributes:
        flash: Flash images, floats, (batch, height, width, channels).
        ambient: Ambient images, in the same form.
        weights: One weight for each pair, (batch,), or `None`.
    """

    flash: Any
    ambient: Any
    weights: Any

    def weighted(self, per_image: Any) -> Any:
        """Return the losses of each image times its weight, as Keras weighs them."""
        return per_image if self.weights is None else per_image * self.weights


def checked_pairs(data: Any, channels: int = 3) -> Pairs:
    """Unpack and check what Keras hands to a step.

    Shapes and types are checked first. Values are checked where the step runs, unless XLA
    compiles it.

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
    # Run eagerly, a batch may come as NumPy's arrays.
    flash, ambient = tf.convert_to_tensor(flash), tf.convert_to_tensor(ambient)
    if not flash.shape.is_compatible_with(ambient.shape):
        raise InputError(
            f"flash images {_shape(flash)} and ambient images {_shape(ambient)} differ in shape"
        )
    sides = (_known_shape(flash) or ())[1:3]
    if any(side is not None and side < SSIM_WINDOW for side in sides):
        raise InputError(
            f"flash images {_shape(flash)}: height and width must be at least {SSIM_WINDOW}"
        )
    weights = _checked_weights(weights, flash)
    checks = [
        tf.debugging.Assert(
            (tf.reduce_min(images) >= _LEAST) & (tf.reduce_max(images) <= _MOST), [_NOT_UNIT_RANGE]
        )
        for images in (flash, ambient)
    ]
    # What is computed from the images waits for the checks; else weights might move before.
    with tf.control_dependencies(checks):
        shape = (None, None, None, channels)
        return Pairs(tf.ensure_shape(flash, shape), tf.ensure_shape(ambient, shape), weights)


def check_images(name: str, images: Any, channels: int = 3) -> None:
    """Check the type and the shape of a batch of images.

    Args:
        name: What the images are, for the message.
        images: A tensor.
        channels: Of each image.

    Raises:
        InputError: They are no floats of shape (batch, height, width, channels).
    """
    if not hasattr(images, "shape"):
        raise InputError(f"{name} images must be one array, not a {type(images).__name__}")
    dtype = keras.backend.standardize_dtype(images.dtype)
    if "float" not in dtype:
        raise InputError(
            f"{name} images must be floats in [0, 1], not {dtype}; divide 8-bit values by 255"
        )
    shape = _known_shape(images)
    if shape is not None and (len(shape) != 4 or shape[3] not in (None, channels)):
        raise InputError(
            f"{name} images must be (batch, height, width, {channels}), not {_shape(images)}"
        )


@contextmanager
def wrong_values_in_one_line() -> Iterator[None]:
    """Turn the failed check of a batch's values into an `InputError`."""
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


def _known_shape(tensor: Any) -> tuple[int | None, ...] | None:
    """Return the shape as a graph knows it, `None` for an open side; `None` if it knows none."""
    return None if getattr(tensor.shape, "rank", 0) is None else tuple(tensor.shape)


def _shape(tensor: Any) -> str:
    return f"({', '.join(map(str, tensor.shape))})"
