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
        own: How many of them are the user's; the bundled scenes come after.
    """

    flash: np.ndarray
    ambient: np.ndarray
    reference: np.ndarray
    seconds: float
    own: int

    def compare(self, outputs: np.ndarray) -> Parity:
        """Compare outputs of the user's flash images with the reference and the ambient images."""
        return self._compare(outputs, slice(self.own))

    def compare_scenes(self, outputs: np.ndarray) -> Parity | None:
        """Return the same on the bundled scenes; `None` where the user's are those."""
        scenes = slice(self.own, None)
        return self._compare(outputs, scenes) if len(self.flash) > self.own else None

    def _compare(self, outputs: np.ndarray, part: slice) -> Parity:
        return compare(
            outputs[part], self.reference[part], self.ambient[part], flash=self.flash[part]
        )


def held_out(
    model: keras.Model, pairs: LoadedPairs, size: ImageSize, *, scenes: LoadedPairs | None = None
) -> HeldOut:
    """Run the Keras model on the flash images of pairs, brought to a size.

    Args:
        model: The float model, for images of any size.
        pairs: Decoded pairs, the user's.
        size: The size to bring them to.
        scenes: The bundled scenes to measure on beside them.
    """
    fitted = [*fitted_pairs(pairs, size), *fitted_pairs(scenes or LoadedPairs(), size)]
    flash, ambient = map(np.stack, zip(*fitted, strict=True))
    forward = tf.function(lambda image: model(image, training=False))
    forward(tf.constant(flash[:1]))
    outputs, seconds = [], []
    for i in range(max(len(flash), _TIMED_RUNS)):
        start = time.perf_counter()
        output = forward(tf.constant(flash[i % len(flash)][np.newaxis])).numpy()
        seconds.append(time.perf_counter() - start)
        if i < len(flash):
            outputs.append(output[0])
    return HeldOut(flash, ambient, np.stack(outputs), statistics.median(seconds), len(pairs))
