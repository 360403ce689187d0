"""Runs the Keras model on the held-out pairs at one size."""

import statistics
import time
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from keras_f2a.data.pairs import LoadedPairs

from .pairs import fit_pairs
from .parity import Parity, compare
from .settings import ImageSize

_TIMED_RUNS = 8


@dataclass(frozen=True)
class HeldOut:
    """The data that exported files of one size are measured on.

    Attributes:
        flash: Flash images, float32 RGB in [0, 1], (number, height, width, 3).
        ambient: Ambient images in the same format.
        reference: The Keras model's outputs in the same format.
        seconds: Median wall-clock seconds of the Keras model for an image.
        user_count: How many of the images are the user's. Those of the bundled scenes follow.
    """

    flash: np.ndarray
    ambient: np.ndarray
    reference: np.ndarray
    seconds: float
    user_count: int

    def compare(self, outputs: np.ndarray) -> Parity:
        """Compare outputs for the user's images with the reference and the ambient images."""
        return self._compare(outputs, slice(self.user_count))

    def compare_scenes(self, outputs: np.ndarray) -> Parity | None:
        """Compare outputs for the bundled scenes, or return `None` if there are no scenes."""
        scenes = slice(self.user_count, None)
        return self._compare(outputs, scenes) if len(self.flash) > self.user_count else None

    def _compare(self, outputs: np.ndarray, selection: slice) -> Parity:
        return compare(
            outputs[selection],
            self.reference[selection],
            self.ambient[selection],
            flash=self.flash[selection],
        )


def held_out(
    model: keras.Model, pairs: LoadedPairs, size: ImageSize, *, scenes: LoadedPairs | None = None
) -> HeldOut:
    """Run the Keras model on the flash images of pairs, resized to one size.

    Args:
        model: The float model, for images of any size.
        pairs: The user's decoded pairs.
        size: The size of the images.
        scenes: The bundled scenes to measure on in addition.
    """
    image_pairs = [*fit_pairs(pairs, size), *fit_pairs(scenes or LoadedPairs(), size)]
    flash, ambient = map(np.stack, zip(*image_pairs, strict=True))
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
