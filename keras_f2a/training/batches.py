"""Batches of pairs, which are checked before a training step computes anything from them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras
import tensorflow as tf

from keras_f2a.support.errors import InputError
from keras_f2a.training.metrics import SSIM_WINDOW

# Resizing overshoots [0, 1] by at most 0.1. [-1, 1] and [0, 255] go far beyond.
_MIN_VALUE, _MAX_VALUE = -0.25, 1.25
_WRONG_WEIGHT_SHAPE = "sample_weight: must be one number for each pair, (batch,)"
_INVALID_WEIGHTS = "sample_weight: must be finite numbers of at least 0"
# Matches the message, and the shape if any, that a failed TensorFlow check quotes.
_FAILED_CHECK = re.compile(r"<<(.*?)>>(?:\] \[([\d ]*)\])?")


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
        """Return each image's loss times its weight, as Keras weights losses."""
        return per_image if self.weights is None else per_image * self.weights


def unpack_pairs(
    data: Any, channels: int = 3, *, dtype: str = "float32", least_side: int = SSIM_WINDOW
) -> Pairs:
    """Unpack and check the data that Keras passes to a step.

    Properties that are unknown when a graph is traced are checked when it runs, unless XLA compiles
    it.

    Args:
        data: (flash, ambient) or (flash, ambient, sample_weight), of any float dtype.
        channels: Number of channels of each image.
        dtype: dtype to cast the images to.
        least_side: Smallest height and width of an image, in pixels.

    Raises:
        InputError: The data is not a batch of pairs.
    """
    flash, ambient, weights = keras.utils.unpack_x_y_sample_weight(data)
    if ambient is None:
        raise InputError(
            "training takes batches of (flash, ambient); the ambient images are missing"
        )
    flash = to_image_tensor("flash", flash, channels, dtype=dtype)
    ambient = to_image_tensor("ambient", ambient, channels, dtype=dtype)
    if not flash.shape.is_compatible_with(ambient.shape):
        raise InputError(
            f"flash images {_format_shape(flash)} and ambient images {_format_shape(ambient)} "
            "differ in shape"
        )
    limit = f"height and width must be at least {least_side}"
    if any(side is not None and side < least_side for side in flash.shape[1:3]):
        raise InputError(f"flash images {_format_shape(flash)}: {limit}")
    weights, checks = _flatten_weights(weights, flash)
    if not flash.shape.is_fully_defined() or not ambient.shape.is_fully_defined():
        flash_shape, ambient_shape = tf.shape(flash), tf.shape(ambient)
        same_shape = tf.reduce_all(flash_shape == ambient_shape)
        large_enough = tf.reduce_all(flash_shape[1:3] >= least_side)
        checks += [
            _assert(same_shape, "flash and ambient images differ in shape"),
            _assert(large_enough, f"flash images: {limit}"),
        ]
    # Computations wait for the checks. Otherwise the weights might be updated before a check fails.
    with tf.control_dependencies(checks):
        return Pairs(tf.identity(flash), tf.identity(ambient), weights)


def to_image_tensor(name: str, images: Any, channels: int = 3, *, dtype: str = "float32") -> Any:
    """Check the type, the shape and the values of a batch of images.

    Args:
        name: Name of the images, for error messages.
        images: A tensor or an array of floats.
        channels: Number of channels of each image.
        dtype: dtype to cast the images to.

    Returns:
        The images as a tensor of `dtype`, (batch, height, width, channels).

    Raises:
        InputError: They are not such images.
    """
    check_images(name, images, channels)
    images = _ensure_image_shape(name, tf.cast(tf.convert_to_tensor(images), dtype), channels)
    minimum, maximum = tf.reduce_min(images), tf.reduce_max(images)
    # NaN is neither below nor above the limits, so it gets its own message.
    checks = [
        _assert(~tf.math.is_nan(minimum), f"{name} images contain NaN; they must be RGB in [0, 1]"),
        _assert(
            ~((minimum < _MIN_VALUE) | (maximum > _MAX_VALUE)),
            f"{name} images must be RGB in [0, 1]; divide 8-bit values by 255",
        ),
    ]
    with tf.control_dependencies(checks):
        return tf.identity(images)


def check_images(name: str, images: Any, channels: int = 3) -> None:
    """Check the type and, as far as a graph knows it, the shape of a batch of images.

    Args:
        name: Name of the images, for error messages.
        images: A tensor.
        channels: Number of channels of each image.

    Raises:
        InputError: They are not floats of shape (batch, height, width, channels).
    """
    if not hasattr(images, "shape"):
        raise InputError(f"{name} images must be one array, not a {type(images).__name__}")
    dtype = keras.backend.standardize_dtype(images.dtype)
    if "float" not in dtype:
        raise InputError(
            f"{name} images must be floats in [0, 1], not {dtype}; divide 8-bit values by 255"
        )
    if getattr(images.shape, "rank", 0) is None:
        return
    shape = tuple(images.shape)
    if len(shape) != 4 or shape[3] not in (None, channels):
        raise InputError(f"{_expected_shape(name, channels)}, not {_format_shape(images)}")


@contextmanager
def batch_errors_in_one_line() -> Iterator[None]:
    """Turn a failed check of a batch into an `InputError`."""
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        failed = _FAILED_CHECK.search(str(error))
        if failed is None:
            raise
        message, actual_shape = failed.groups()
        shape = f", not ({', '.join(actual_shape.split())})" if actual_shape else ""
        raise InputError(f"{message}{shape}") from None


def _assert(condition: Any, message: str, *values: Any) -> Any:
    """Return the check of a condition, whose failure `batch_errors_in_one_line` can read."""
    return tf.debugging.Assert(condition, [f"<<{message}>>", *values], summarize=8)


def _ensure_image_shape(name: str, images: Any, channels: int) -> Any:
    """Return the images as (batch, height, width, channels), checked when the graph runs."""
    checks = []
    if images.shape.rank is None or images.shape[-1] is None:
        shape = tf.shape(images)
        is_image_batch = (tf.size(shape) == 4) & tf.reduce_all(shape[-1:] == channels)
        checks = [_assert(is_image_batch, _expected_shape(name, channels), shape)]
    with tf.control_dependencies(checks):
        return tf.ensure_shape(images, (None, None, None, channels))


def _flatten_weights(weights: Any, flash: Any) -> tuple[Any, list]:
    """Return the weights, (batch,), and the checks of their number and their values."""
    if weights is None:
        return None, []
    # Keras's own weight tensors have no known shape before the step runs.
    weights, count = tf.cast(tf.convert_to_tensor(weights), flash.dtype), tf.shape(flash)[0]
    if weights.shape.rank is not None and weights.shape[1:].num_elements() not in (None, 1):
        raise InputError(f"{_WRONG_WEIGHT_SHAPE}, not {_format_shape(weights)}")
    are_valid = tf.reduce_all(tf.math.is_finite(weights) & (weights >= 0))
    checks = [
        _assert(tf.size(weights) == count, _WRONG_WEIGHT_SHAPE),
        _assert(are_valid, _INVALID_WEIGHTS),
    ]
    with tf.control_dependencies(checks):
        return tf.reshape(weights, (count,)), checks


def _expected_shape(name: str, channels: int) -> str:
    return f"{name} images must be (batch, height, width, {channels})"


def _format_shape(tensor: Any) -> str:
    return f"({', '.join(map(str, tensor.shape))})"
