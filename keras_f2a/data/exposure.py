"""How bright and how warm the ambient photographs are that a network is trained toward.

How bright and how warm an ambient photograph was developed cannot be seen in the flash photograph.
A network that is to match both learns their mean and grays what it corrects; one whose targets have
the flash photograph's exposure learns how the light is distributed, and nothing else. What can be
seen in the flash photograph is whether it is dark or bright itself, and a camera's automatic
exposure makes good for a part of that.
"""

import math

import tensorflow as tf

from keras_f2a.support.srgb import from_linear, to_linear

# Above it, in linear light, a channel may have been clipped and says nothing of exposure.
_UNCLIPPED = 0.955
_LEAST, _MOST = 0.2, 5.0
# What light meters take a scene's mean for, in linear light.
_MIDDLE_GRAY = 0.18
# A wrong guess that darkens is worse than one that brightens; docs/notes/bundled_model.md shows
# how much (How bright?).
_DARKER, _BRIGHTER = 0.05, 1.0


def match_exposure(ambient: tf.Tensor, flash: tf.Tensor) -> tf.Tensor:
    """Return the ambient image with one factor for each channel, in linear light.

    The factor is the ratio of the sums over the pixels that are below 0.98 in both images, limited
    to 0.2 to 5: both images then have the same mean.

    Args:
        ambient: float32 RGB in [0, 1], sRGB values, (…, height, width, 3).
        flash: The flash image, of the same shape.

    Returns:
        The ambient image, clipped at white, of the same shape.
    """
    light, reference = to_linear(ambient, tf.where), to_linear(flash, tf.where)
    counts = tf.cast((light < _UNCLIPPED) & (reference < _UNCLIPPED), light.dtype)
    sums = [
        tf.reduce_sum(image * counts, axis=(-3, -2), keepdims=True) for image in (reference, light)
    ]
    gain = tf.clip_by_value(tf.math.divide_no_nan(sums[0], sums[1]), _LEAST, _MOST)
    # A channel that is black or clipped everywhere tells nothing and stays.
    gain = tf.where((sums[0] > 0) & (sums[1] > 0), gain, 1.0)
    return from_linear(tf.minimum(light * gain, 1.0), tf.where)


def auto_exposed(image: tf.Tensor, share: float) -> tf.Tensor:
    """Return the image nearer to the exposure that a camera would choose.

    Its mean in linear light is n stops from 18 % gray. `share` times n, at most one stop brighter
    and a twentieth of one darker, is what its shadows and middle tones change by, on the curve of
    `keras_f2a.correction.tone`: black and white stay.

    Args:
        image: float32 RGB in [0, 1], sRGB values, (…, height, width, 3).
        share: In [0, 1]; 0 changes nothing.

    Returns:
        The image of the same shape.
    """
    light = to_linear(image, tf.where)
    mean = tf.reduce_mean(light, axis=(-3, -2, -1), keepdims=True)
    # A black image has no number of stops; the limit holds for it too.
    stops = share * tf.math.log(_MIDDLE_GRAY / tf.maximum(mean, 1e-6)) / math.log(2)
    gain = 2.0 ** tf.clip_by_value(stops, -_DARKER, _BRIGHTER)
    return from_linear(gain * light / (1 + (gain - 1) * light), tf.where)
