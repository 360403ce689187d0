"""The held-out pairs at one size, with what the Keras model makes of them."""

import statistics
import time
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from keras_f2a.data.pairs import LoadedPairs

from .pairs import fitted_pairs
from .parity import Parity, compare
from .settings import ImageSize

_TIMED_RUNS = 8


@dataclass(frozen=True)
class HeldOut:
    """What exported files of one size are measured on.

    Attributes:
        flash: float32 RGB in [0, 1], (number, height, width, 3).
        ambient: The same.
        reference: The Keras model's outputs, the same.
        seconds: Median wall-clock seconds of the Keras model for an image.
    """

    flash: np.ndarray
    ambient: np.ndarray
    reference: np.ndarray
    seconds: float

    def compare(self, outputs: np.ndarray) -> Parity:
        """Compares outputs of the flash images with the reference and the ambient images."""
        return compare(outputs, self.reference, self.ambient)


def held_out(model: keras.Model, pairs: LoadedPairs, size: ImageSize) -> HeldOut:
    """Runs the Keras model on the flash images of pairs, brought to a size.

    Args:
        model: The float model, for images of any size.
        pairs: Decoded pairs.
        size: The size to bring them to.
    """
    flash, ambient = map(np.stack, zip(*fitted_pairs(pairs, size), strict=True))
    forward = tf.function(lambda image: model(image, training=False))
    forward(tf.constant(flash[:1]))
    outputs, seconds = [], []
    for i in range(max(len(flash), _TIMED_RUNS)):
        start = time.perf_counter()
        output = forward(tf.constant(flash[i % len(flash)][np.newaxis])).numpy()
        seconds.append(time.perf_counter() - start)
        if i < len(flash):
            outputs.append(output[0])
    return HeldOut(flash, ambient, np.stack(outputs), statistics.median(seconds))
