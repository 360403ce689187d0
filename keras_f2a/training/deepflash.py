"""DeepFlash (Capece et al. 2019), as the paper compares it in Table 1.

The network sees the bilateral-filtered flash image and predicts half of how much darker the
filtered ambient image is. Twice the prediction is subtracted from the unfiltered flash image, which
keeps its detail. As in the paper, the encoder is pretrained on ImageNet instead of faces.
Everything else is trained like the paper's own method, with the L1 loss.

The filter has the window of 7 pixels and the σ of 7 pixels and 102 gray levels of the authors'
code. The OpenCV filter used here weights a pixel by its color distance over all channels, in a
round window. The authors' own loop filters each channel separately, in a square window.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_f2a.training.base_model import PairModel
from keras_f2a.training.batches import Pairs

_WINDOW = 7
_SIGMA_SPACE = 7.0
_SIGMA_COLOR = 102 / 255
# Arguments in older files, for which DeepFlash was a `FlashToAmbient`.
_REMOVED_ARGUMENTS = {"discriminator", "adversarial_weight", "guided", "saturating", "features"}
_REMOVED_ARGUMENTS |= {"perceptual_weight"}


def bilateral_filter(image: np.ndarray) -> np.ndarray:
    """Remove an image's detail and keep its edges.

    Args:
        image: RGB, float32 in [0, 1], (height, width, 3).

    Returns:
        The filtered image, the same shape, type and range.
    """
    import cv2  # Imported here, because loading a model does not need the filter.

    return cv2.bilateralFilter(image, _WINDOW, _SIGMA_COLOR, _SIGMA_SPACE)


def apply(network: Callable[[np.ndarray], np.ndarray], flash: np.ndarray) -> np.ndarray:
    """Correct one flash image with a trained DeepFlash network.

    Args:
        network: Function from a filtered flash image, RGB in [0, 1], (height, width, 3), to half
            the difference to the ambient image, in [−1, 1], the same shape.
        flash: Flash image, RGB, float32 in [0, 1], (height, width, 3).

    Returns:
        The generated ambient image, the same shape and range.
    """
    return np.clip(flash - 2.0 * network(bilateral_filter(flash)), 0.0, 1.0)


@keras.saving.register_keras_serializable(package="keras_f2a")
class DeepFlash(PairModel):
    """Trains a generator to predict half the difference of filtered flash and ambient images.

    `fit` takes batches (flash, ambient) of six channels each, as `prepared` makes them. Calling the
    model on six-channel flash images returns three-channel ambient images. The model logs
    `reconstruction` (the L1 loss of the difference), the same value as `generator` and `loss`, and
    `psnr` and `ssim`.

    Args:
        generator: Model from filtered flash images to half differences, which ends in a tanh.
    """

    CHANNELS = 6

    def __init__(self, generator: keras.Model, **kwargs):
        kwargs = {name: value for name, value in kwargs.items() if name not in _REMOVED_ARGUMENTS}
        super().__init__(generator, logged=(), **kwargs)

    def prepared(self, batches: tf.data.Dataset) -> tf.data.Dataset:
        """Append the filtered image to each image of the batches, as channels 3 to 5.

        Filtering comes after cropping and augmentation. So the filter does not see beyond the crop,
        and it also filters what augmentation adds.

        Args:
            batches: (flash, ambient) of RGB in [0, 1], (batch, height, width, 3), with or without
                weights.

        Returns:
            The same batches, (batch, height, width, 6).
        """
        return batches.map(
            lambda flash, ambient, *weights: (
                _append_filtered(flash),
                _append_filtered(ambient),
                *weights,
            ),
            num_parallel_calls=tf.data.AUTOTUNE,
        ).prefetch(tf.data.AUTOTUNE)

    def generated(self, flash, training: bool):
        """Generate ambient images, (batch, height, width, 3), from six-channel flash images."""
        image, filtered = _split(flash)
        return _subtract(image, self.predicted(filtered, training))

    def losses_of(self, pairs: Pairs, tape: tf.GradientTape | None) -> tuple[dict, Any]:
        """Compute the L1 loss of the half differences, and the generated images."""
        (flash, filtered), (_, filtered_ambient) = _split(pairs.flash), _split(pairs.ambient)
        predicted = self.predicted(filtered, training=tape is not None)
        target = (filtered - filtered_ambient) / 2.0
        per_image = tf.reduce_mean(tf.abs(target - predicted), axis=(1, 2, 3))
        logged = {"reconstruction": per_image, "generator": per_image}
        return logged, _subtract(flash, predicted)

    def as_functional(self) -> keras.Model:
        """Return a functional model from six-channel flash images of any size to ambient images."""
        inputs = keras.Input((None, None, self.CHANNELS), name="flash")
        return keras.Model(inputs, self(inputs))


def _append_filtered(images):
    """Append the filtered images as three more channels."""
    filtered = tf.numpy_function(_filter_batch, [images], tf.float32)
    return tf.concat([images, tf.ensure_shape(filtered, images.shape)], axis=-1)


def _filter_batch(images: np.ndarray) -> np.ndarray:
    return np.stack([bilateral_filter(image) for image in images])


def _split(images):
    """Return the images and their filtered versions."""
    return images[..., :3], images[..., 3:]


def _subtract(image, predicted):
    return tf.clip_by_value(image - 2.0 * predicted, 0.0, 1.0)
