"""PSNR and SSIM of a batch inside the TensorFlow graph, in the protocol of the authors' code.

Training reports these scores. The tables of `keras-f2a evaluate` follow the same protocol with
scikit-image, and a test checks that both agree. They differ for 16-bit ambient images: the tables
take the upper 8 bits, as Pillow does, but here images are rounded to 8 bits.

To add a score, add an entry to `SCORES`. Every step then logs it, and runs compare it with the
score of the flash photographs. Outside the package, `register` does the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf

SSIM_WINDOW = 7
"""Side of SSIM's window in pixels, scikit-image's default. No image may be smaller."""
_SAMPLE_COVARIANCE = SSIM_WINDOW**2 / (SSIM_WINDOW**2 - 1)
# PSNR that equal images count as, in decibels. Otherwise the mean would stay infinite, and no epoch
# would be the best. Images that differ stay below it up to 500 million pixels.
_MAX_PSNR = 140.0
# Pillow's "L": ITU-R 601 luma in 16-bit fixed point.
_LUMA_WEIGHTS = (19595.0, 38470.0, 7471.0)


def psnr(ambient: tf.Tensor, generated: tf.Tensor) -> tf.Tensor:
    """Return the peak signal-to-noise ratio of each image over all RGB values.

    As in the authors' code, the generated image is truncated to 8 bits.

    Args:
        ambient: Real ambient images, RGB in [0, 1], (batch, height, width, 3).
        generated: Generated images, the same shape and range.

    Returns:
        Decibels, (batch,), infinite where both images are equal.
    """
    return tf.image.psnr(_round_to_8_bits(ambient), _truncate_to_8_bits(generated), max_val=255.0)


def ssim(ambient: tf.Tensor, generated: tf.Tensor) -> tf.Tensor:
    """Return the structural similarity of each image's luma, with scikit-image's defaults.

    It uses a uniform 7×7 window and sample covariance, and leaves out a border of 3 pixels.

    Args:
        ambient: Real ambient images, RGB in [0, 1], (batch, height, width, 3), sides at least 7.
        generated: Generated images, the same shape and range.

    Returns:
        Similarities up to 1, (batch,).
    """
    x, y = _luma(_round_to_8_bits(ambient)), _luma(_truncate_to_8_bits(generated))
    mean_x, mean_y = _window_mean(x), _window_mean(y)
    variance_x = _SAMPLE_COVARIANCE * (_window_mean(x * x) - mean_x**2)
    variance_y = _SAMPLE_COVARIANCE * (_window_mean(y * y) - mean_y**2)
    covariance = _SAMPLE_COVARIANCE * (_window_mean(x * y) - mean_x * mean_y)
    c1, c2 = (0.01 * 255.0) ** 2, (0.03 * 255.0) ** 2
    similarity = ((2 * mean_x * mean_y + c1) * (2 * covariance + c2)) / (
        (mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)
    )
    return tf.reduce_mean(similarity, axis=(1, 2, 3))


def _round_to_8_bits(images):
    return tf.round(tf.clip_by_value(images, 0.0, 1.0) * 255.0)


def _truncate_to_8_bits(images):
    # The margin keeps k/255 at k, because in float32 it can fall just below.
    return tf.floor(tf.clip_by_value(images, 0.0, 1.0) * 255.0 + 1e-3)


def _luma(images):
    weighted = tf.reduce_sum(images * _LUMA_WEIGHTS, axis=-1, keepdims=True)
    return tf.floor((weighted + 32768.0) / 65536.0)


def _window_mean(images):
    return tf.nn.avg_pool2d(images, SSIM_WINDOW, strides=1, padding="VALID")


@dataclass(frozen=True)
class Score:
    """A metric of generated images, for which higher is better.

    Attributes:
        name: Its name in logs.
        heading: Its name in sentences.
        unit: Its unit, with a leading space.
        digits: Decimal places in a run's output.
        compute: Function from real and generated ambient images, RGB in [0, 1], (batch, height,
            width, 3), to one number per image, (batch,).
    """

    name: str
    heading: str
    unit: str
    digits: int
    compute: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]

    def written(self, value: float, sign: str = "") -> str:
        """Format a value, for example `PSNR 15.67 dB`. For a difference, pass `+` as the sign."""
        return f"{self.heading} {value:{sign}.{self.digits}f}{self.unit}"


def _limited_psnr(ambient, generated):
    return tf.minimum(psnr(ambient, generated), _MAX_PSNR)


SCORES = {
    score.name: score
    for score in (
        Score("psnr", "PSNR", " dB", 2, _limited_psnr),
        Score("ssim", "SSIM", "", 4, ssim),
    )
}
"""Every score by its name."""


def register(score: Score) -> None:
    """Add a score after the others, or replace the one of the same name."""
    SCORES[score.name] = score
