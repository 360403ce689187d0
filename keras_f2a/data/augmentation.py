"""Random changes to pairs that help a network generalize beyond its training images.

Each function depends only on its arguments, including a stateless seed of two integers, as in
`keras_f2a.data.pipeline`. Images are float32 RGB in [0, 1], (height, width, 3). `both` is a stack
of two images, (2, height, width, 3).
"""

import tensorflow as tf

from keras_f2a.support.settings import Range
from keras_f2a.support.srgb import from_linear, to_linear

# The ranges follow the differences between photographs and renders. Draws are uniform.
_ZOOM_PROBABILITY, _ZOOM = 0.35, (0.6, 1.0)
_GAMMA = (0.8, 1.25)
_GAIN = (0.85, 1.15)
_CAST = 0.08
_SATURATION = (0.6, 1.25)
_BLUR_PROBABILITY, _NOISE, _JPEG = 0.25, 0.03, (50, 98)


def fold_in(seed, data):
    """Return a new seed, (2,) integers, for a seed of the same shape and an integer."""
    return tf.random.experimental.stateless_fold_in(seed, data)


def draw(seed, index: int, value_range: Range = (0.0, 1.0)):
    """Draw a number in [low, high) that depends only on the seed and on `index`."""
    return tf.random.stateless_uniform((), fold_in(seed, index), *value_range)


def random_crop(pair, seed, *, crop_size: int, crop_scale: Range | None):
    """Return the same random crop of both images.

    `keras_f2a.data.pipeline.training_dataset` explains how it is chosen.
    """
    samples = tf.random.stateless_uniform((4,), seed)
    height, width = tf.shape(pair)[1], tf.shape(pair)[2]
    side = tf.constant(crop_size)
    if crop_scale is not None:
        shorter = tf.cast(tf.minimum(height, width), tf.float32)
        side = tf.cast(tf.round(shorter * _scale_to_range(samples[3], crop_scale)), tf.int32)
        side = tf.maximum(side, 1)
    top = _random_offset(samples[0], height - side)
    left = _random_offset(samples[1], width - side)
    crop = pair[:, top : top + side, left : left + side]
    if crop_scale is not None:
        # Lanczos, as in the authors' code, which uses Pillow. It overshoots [0, 1].
        crop = tf.image.resize(crop, (crop_size, crop_size), "lanczos3", antialias=True)
        crop = tf.clip_by_value(crop, 0.0, 1.0)
    return tf.ensure_shape(crop, (2, crop_size, crop_size, 3))


def random_flip(pair, seed):
    """Flip both images horizontally with a probability of 1/2."""
    samples = tf.random.stateless_uniform((4,), seed)
    return tf.cond(samples[2] < 0.5, lambda: tf.reverse(pair, [2]), lambda: pair)


def random_rotation(pair, seed, probability: float):
    """Rotate portrait images to landscape with the given probability."""
    sample = tf.random.stateless_uniform((), seed)
    is_portrait = tf.shape(pair)[1] > tf.shape(pair)[2]
    return tf.cond(is_portrait & (sample < probability), lambda: tf.image.rot90(pair), lambda: pair)


def add_ambient_light(flash, ambient, seed, *, limits: Range):
    """Add a share of the ambient image to the flash image in linear light, clipped at white."""
    share = _scale_to_range(tf.random.stateless_uniform((), fold_in(seed, 1)), limits)
    light = to_linear(flash, tf.where) + share * to_linear(ambient, tf.where)
    return from_linear(tf.minimum(light, 1.0), tf.where)


def is_unchanged(seed, probability: float):
    """Return whether the ambient image replaces the flash image, as a boolean tensor."""
    return tf.random.stateless_uniform((), fold_in(seed, 3)) < probability


def simulate_photograph(flash, ambient, seed):
    """Simulate another camera, and sometimes enlarge a section of both images.

    Args:
        flash: The flash image.
        ambient: The ambient image.
        seed: Two integers.

    Returns:
        Both images, of the same shape as before.
    """
    seeds = tf.random.experimental.stateless_split(seed, 3)
    return _simulate_camera(_random_zoom(tf.stack([flash, ambient]), seeds[0]), seeds[1:])


def simulate_camera(flash, ambient, seed):
    """Simulate another camera: change tones, and add noise, blur and JPEG artifacts to the flash.

    Tone, color cast and saturation change the same way in both images, so the light to learn stays
    the same. Noise, blur and compression affect only the flash image. Arguments and result are the
    same as for `simulate_photograph`.
    """
    seeds = tf.random.experimental.stateless_split(seed, 3)
    return _simulate_camera(tf.stack([flash, ambient]), seeds[1:])


def _simulate_camera(pair, seeds):
    pair = _jitter_colors(pair, seeds[0])
    return _degrade(pair[0], seeds[1]), pair[1]


def _random_zoom(pair, seed):
    """Sometimes enlarge a section of the same aspect ratio to the images' size."""
    height, width = tf.shape(pair)[1], tf.shape(pair)[2]
    scale = draw(seed, 0, _ZOOM)
    size = tf.cast(tf.round(scale * tf.cast([height, width], tf.float32)), tf.int32)
    max_offset = tf.cast([height - size[0] + 1, width - size[1] + 1], tf.float32)
    offset = tf.cast(tf.stack([draw(seed, 1), draw(seed, 2)]) * max_offset, tf.int32)

    def zoom():
        crop = pair[:, offset[0] : offset[0] + size[0], offset[1] : offset[1] + size[1]]
        return tf.clip_by_value(tf.image.resize(crop, (height, width), "bicubic"), 0.0, 1.0)

    return tf.cond(draw(seed, 3) < _ZOOM_PROBABILITY, zoom, lambda: pair)


def _jitter_colors(pair, seed):
    """Change gain, color cast, saturation and gamma to those of another camera."""
    cast = tf.exp(_CAST * tf.random.stateless_normal((3,), seed)) * draw(seed, 1, _GAIN)
    gray = tf.reduce_mean(pair, axis=-1, keepdims=True)
    pair = (gray + draw(seed, 2, _SATURATION) * (pair - gray)) * cast
    return tf.clip_by_value(pair, 0.0, 1.0) ** draw(seed, 3, _GAMMA)


def _degrade(image, seed):
    """Add noise and JPEG compression of random strength, and sometimes blur."""
    image = tf.cond(draw(seed, 0) < _BLUR_PROBABILITY, lambda: _blur(image), lambda: image)
    # Squared, because most photographs have little noise.
    noise = _NOISE * draw(seed, 1) ** 2 * tf.random.stateless_normal(tf.shape(image), seed)
    image = tf.clip_by_value(image + noise, 0.0, 1.0)
    return tf.image.stateless_random_jpeg_quality(image, *_JPEG, seed=seed)


def _blur(image):
    padded = tf.pad(image, ((1, 1), (1, 1), (0, 0)), mode="SYMMETRIC")
    rows = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    return (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 4


def _random_offset(sample, max_offset):
    """Map a sample in [0, 1) to an integer from 0 to `max_offset`."""
    return tf.minimum(tf.cast(sample * tf.cast(max_offset + 1, tf.float32), tf.int32), max_offset)


def _scale_to_range(sample, value_range: Range):
    return value_range[0] + sample * (value_range[1] - value_range[0])
