"""Brings an ambient photograph to the exposure and the white balance of its flash photograph.

How bright and how warm an ambient photograph was developed cannot be seen in the flash photograph.
A network that is to match both learns their mean and greys what it corrects; one whose targets have
the flash photograph's exposure learns how the light is distributed, and nothing else.
"""

import tensorflow as tf

from keras_f2a.support.srgb import from_linear, to_linear

# Above it, in linear light, a channel may have been clipped and says nothing of exposure.
_UNCLIPPED = 0.955
_LEAST, _MOST = 0.2, 5.0


def match_exposure(ambient: tf.Tensor, flash: tf.Tensor) -> tf.Tensor:
    """The ambient image with one factor for each channel, in linear light.

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
