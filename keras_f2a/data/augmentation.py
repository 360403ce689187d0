"""Random changes to pairs that help a network from the images it is trained on to others.

All are functions of a stateless seed, two integers, as in `keras_f2a.data.pipeline`. Images are
float32 RGB in [0, 1], (height, width, 3); `both` are two of them, (2, height, width, 3).
"""

import tensorflow as tf

from keras_f2a.support.settings import Range
from keras_f2a.support.srgb import from_linear, to_linear

# Each range was set by what photographs differ in from renders; factors are drawn evenly.
_ZOOM_SHARE, _ZOOM = 0.35, (0.6, 1.0)
_GAMMA = (0.8, 1.25)
_GAIN = (0.85, 1.15)
_CAST = 0.08
_SATURATION = (0.6, 1.25)
_BLUR_SHARE, _NOISE, _JPEG = 0.25, 0.03, (50, 98)


def fold_in(seed, number):
    """Return another seed for each number, (2,) integers from (2,) integers."""
    return tf.random.experimental.stateless_fold_in(seed, number)


def draw(seed, number: int, limits: Range = (0.0, 1.0)):
    """Return one number in [low, high), a function of the seed and of its own number."""
    return tf.random.stateless_uniform((), fold_in(seed, number), *limits)


def cropped(both, seed, *, crop_size: int, crop_scale: Range | None):
    """Return the same random crop of both images.

    `keras_f2a.data.pipeline.training_dataset` says how it is chosen.
    """
    draws = tf.random.stateless_uniform((4,), seed)
    height, width = tf.shape(both)[1], tf.shape(both)[2]
    side = tf.constant(crop_size)
    if crop_scale is not None:
        shorter = tf.cast(tf.minimum(height, width), tf.float32)
        side = tf.cast(tf.round(shorter * _between(draws[3], crop_scale)), tf.int32)
    top = _random_offset(draws[0], height - side)
    left = _random_offset(draws[1], width - side)
    crop = both[:, top : top + side, left : left + side]
    if crop_scale is not None:
        # Lanczos, what the authors' code asks of Pillow; its overshoot leaves [0, 1].
        crop = tf.image.resize(crop, (crop_size, crop_size), "lanczos3", antialias=True)
        crop = tf.clip_by_value(crop, 0.0, 1.0)
    return tf.ensure_shape(crop, (2, crop_size, crop_size, 3))


def flipped(both, seed):
    """Return both images, mirrored in half of the cases."""
    draws = tf.random.stateless_uniform((4,), seed)
    return tf.cond(draws[2] < 0.5, lambda: tf.reverse(both, [2]), lambda: both)


def sometimes_rotated(both, seed, share: float):
    """Return both images, portrait ones rotated to landscape in a share of the cases."""
    draws = tf.random.stateless_uniform((), seed)
    is_portrait = tf.shape(both)[1] > tf.shape(both)[2]
    return tf.cond(is_portrait & (draws < share), lambda: tf.image.rot90(both), lambda: both)


def with_ambient_light(flash, ambient, seed, *, limits: Range):
    """Add a share of the ambient image to the flash image, in linear light and clipped at white."""
    share = _between(tf.random.stateless_uniform((), fold_in(seed, 1)), limits)
    light = to_linear(flash, tf.where) + share * to_linear(ambient, tf.where)
    return from_linear(tf.minimum(light, 1.0), tf.where)


def is_unchanged(seed, share: float):
    """Return whether an ambient image takes the flash image's place, a boolean tensor."""
    return tf.random.stateless_uniform((), fold_in(seed, 3)) < share


def photographic(flash, ambient, seed):
    """Return another section in some of the cases, and another camera.

    Args:
        flash: The flash image.
        ambient: The ambient image.
        seed: Two integers.

    Returns:
        Both images, of the same shape as before.
    """
    seeds = tf.random.experimental.stateless_split(seed, 3)
    return _other_camera(_zoomed(tf.stack([flash, ambient]), seeds[0]), seeds[1:])


def other_camera(flash, ambient, seed):
    """Return another camera: other tones, and a flash image with noise, blur and JPEG's blocks.

    Tone, color cast and saturation change alike in both images, so that the light that is to be
    learned stays; noise, blur and compression are the flash image's alone. Arguments and result are
    as for `photographic`.
    """
    seeds = tf.random.experimental.stateless_split(seed, 3)
    return _other_camera(tf.stack([flash, ambient]), seeds[1:])


def _other_camera(both, seeds):
    both = _other_tones(both, seeds[0])
    return _degraded(both[0], seeds[1]), both[1]


def _zoomed(both, seed):
    """Return a section of the same shape, enlarged to the images' size, in some of the cases."""
    height, width = tf.shape(both)[1], tf.shape(both)[2]
    scale = draw(seed, 0, _ZOOM)
    size = tf.cast(tf.round(scale * tf.cast([height, width], tf.float32)), tf.int32)
    room = tf.cast([height - size[0] + 1, width - size[1] + 1], tf.float32)
    start = tf.cast(tf.stack([draw(seed, 1), draw(seed, 2)]) * room, tf.int32)

    def section():
        cut = both[:, start[0] : start[0] + size[0], start[1] : start[1] + size[1]]
        return tf.clip_by_value(tf.image.resize(cut, (height, width), "bicubic"), 0.0, 1.0)

    return tf.cond(draw(seed, 3) < _ZOOM_SHARE, section, lambda: both)


def _other_tones(both, seed):
    """Return the gain and color cast, saturation and gamma of another camera."""
    cast = tf.exp(_CAST * tf.random.stateless_normal((3,), seed)) * draw(seed, 1, _GAIN)
    gray = tf.reduce_mean(both, axis=-1, keepdims=True)
    both = (gray + draw(seed, 2, _SATURATION) * (both - gray)) * cast
    return tf.clip_by_value(both, 0.0, 1.0) ** draw(seed, 3, _GAMMA)


def _degraded(image, seed):
    """Blur in some of the cases, noise and JPEG compression of any strength."""
    image = tf.cond(draw(seed, 0) < _BLUR_SHARE, lambda: _blurred(image), lambda: image)
    # Squared: mostly little noise.
    noise = _NOISE * draw(seed, 1) ** 2 * tf.random.stateless_normal(tf.shape(image), seed)
    image = tf.clip_by_value(image + noise, 0.0, 1.0)
    return tf.image.stateless_random_jpeg_quality(image, *_JPEG, seed=seed)


def _blurred(image):
    padded = tf.pad(image, ((1, 1), (1, 1), (0, 0)), mode="SYMMETRIC")
    rows = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    return (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 4


def _random_offset(draws, room):
    """Return a whole number from 0 to `room`."""
    return tf.minimum(tf.cast(draws * tf.cast(room + 1, tf.float32), tf.int32), room)


def _between(draws, limits: Range):
    return limits[0] + draws * (limits[1] - limits[0])
