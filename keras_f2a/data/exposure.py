"""Sets the exposure and white balance of the ambient photographs that a network learns from.

The flash photograph does not show how bright and how warm the ambient photograph was developed. A
network that has to match both learns their mean and makes its results gray. If its targets have the
flash photograph's exposure, it learns only how the light is distributed. The flash photograph does
show whether it is itself dark or bright, and a camera's automatic exposure corrects part of that.
"""

import math

import tensorflow as tf

from keras_f2a.support.srgb import from_linear, to_linear

# A channel above this value, in linear light, may be clipped and says nothing about exposure.
_UNCLIPPED = 0.955
_MIN_GAIN, _MAX_GAIN = 0.2, 5.0
# The mean that light meters assume for a scene, in linear light.
_MIDDLE_GRAY = 0.18
# A wrong guess that darkens is worse than one that brightens. Under "How bright?",
# docs/notes/bundled_model.md shows how much.
_MAX_STOPS_DARKER, _MAX_STOPS_BRIGHTER = 0.05, 1.0


def match_exposure(ambient: tf.Tensor, flash: tf.Tensor) -> tf.Tensor:
    """Scale each channel of the ambient image to the flash image's mean, in linear light.

    The factor is the ratio of the sums over the pixels that are below 0.98 in both images, limited
    to [0.2, 5]. Both images then have the same mean.

    Args:
        ambient: float32 RGB in [0, 1], sRGB values, (…, height, width, 3).
        flash: The flash image, of the same shape.

    Returns:
        The ambient image, clipped at white, of the same shape.
    """
    light, reference = to_linear(ambient, tf.where), to_linear(flash, tf.where)
    mask = tf.cast((light < _UNCLIPPED) & (reference < _UNCLIPPED), light.dtype)
    sums = [
        tf.reduce_sum(image * mask, axis=(-3, -2), keepdims=True) for image in (reference, light)
    ]
    gain = tf.clip_by_value(tf.math.divide_no_nan(sums[0], sums[1]), _MIN_GAIN, _MAX_GAIN)
    # A channel that is black or clipped everywhere carries no information and stays unchanged.
    gain = tf.where((sums[0] > 0) & (sums[1] > 0), gain, 1.0)
    return from_linear(tf.minimum(light * gain, 1.0), tf.where)


def auto_expose(image: tf.Tensor, share: float) -> tf.Tensor:
    """Move an image's exposure toward the one that a camera would choose.

    The image's mean in linear light is n stops from 18% gray. Its shadows and midtones change by
    `share` times n stops, limited to one stop brighter and a twentieth of a stop darker. They
    follow the curve of `keras_f2a.correction.tone`, so black and white stay.

    Args:
        image: float32 RGB in [0, 1], sRGB values, (…, height, width, 3).
        share: Share of the stops, in [0, 1]. 0 changes nothing.

    Returns:
        The image of the same shape.
    """
    light = to_linear(image, tf.where)
    mean = tf.reduce_mean(light, axis=(-3, -2, -1), keepdims=True)
    # A black image is infinitely many stops away, so its mean is limited.
    stops = share * tf.math.log(_MIDDLE_GRAY / tf.maximum(mean, 1e-6)) / math.log(2)
    gain = 2.0 ** tf.clip_by_value(stops, -_MAX_STOPS_DARKER, _MAX_STOPS_BRIGHTER)
    return from_linear(gain * light / (1 + (gain - 1) * light), tf.where)
