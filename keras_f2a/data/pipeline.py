"""Batches for training and validation: decoded once, augmented as a function of the seed."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from keras_f2a.data.pairs import LoadedPairs

Range = tuple[float, float]


def training_dataset(
    pairs: LoadedPairs,
    batch_size: int,
    crop_size: int = 224,
    seed: int = 0,
    first_epoch: int = 0,
    crop_scale: Range | None = None,
    ambient_mix: Range | None = None,
) -> tf.data.Dataset:
    """Endless random crops, each epoch a new order of all pairs.

    Order and augmentation are functions of (seed, epoch, index) alone, so that training goes on
    after an interruption as if there had been none. An epoch has `len(pairs) // batch_size` full
    batches; which pairs are left over changes from epoch to epoch. (The authors' code trains on
    the incomplete batch as well.)

    Args:
        pairs: Decoded pairs, each at least `crop_size` high and wide.
        batch_size: Images per batch, at most `len(pairs)`.
        crop_size: Side of the square crops in pixels.
        seed: Decides order, crops and flips.
        first_epoch: The epoch to begin with.
        crop_scale: (low, high) in (0, 1]: the crop's side is this share, drawn anew for each crop,
            of the shorter side of the image, resized to `crop_size`. The authors' code has
            (0.8, 1); `None`, the paper's text, crops `crop_size` pixels.
        ambient_mix: (low, high): adds this share, drawn anew for each crop, of the ambient light
            to the flash image, as a photograph taken with a flash has it.

    Returns:
        Batches (flash, ambient) of float32 RGB in [0, 1], (batch_size, crop_size, crop_size, 3).
    """
    store = _PixelStore(pairs)
    steps = len(pairs) // batch_size

    def augmented_epoch(epoch):
        epoch_seed = tf.random.experimental.stateless_fold_in((seed, 0), epoch)
        order = tf.random.experimental.stateless_shuffle(tf.range(len(pairs)), epoch_seed)

        def augmented(index):
            image_seed = tf.random.experimental.stateless_fold_in(epoch_seed, index)
            flash, ambient = store.read(index)
            return _augment(flash, ambient, image_seed, crop_size, crop_scale, ambient_mix)

        indices = tf.data.Dataset.from_tensor_slices(order).take(steps * batch_size)
        return indices.map(augmented, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)

    epochs = tf.data.Dataset.range(first_epoch, tf.int64.max)
    dataset = epochs.flat_map(augmented_epoch)
    return dataset.batch(batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)


def validation_dataset(
    pairs: LoadedPairs, seed: int = 0, ambient_mix: Range | None = None, copies: int = 1
) -> tf.data.Dataset:
    """Whole images, one per batch, in the order of their names.

    Args:
        pairs: Decoded pairs of any sizes.
        seed: Decides the share of ambient light.
        ambient_mix: As in `training_dataset`; an image gets the same share every time.
        copies: How often an image stands in its batch. With one copy for each device of a
            strategy every device has the same work; the metrics' means stay what they are.

    Returns:
        Batches (flash, ambient) of float32 RGB in [0, 1], (copies, height, width, 3).
    """
    store = _PixelStore(pairs)

    def whole(index):
        flash, ambient = store.read(index)
        if ambient_mix is not None:
            image_seed = tf.random.experimental.stateless_fold_in((seed, 1), index)
            flash = _add_ambient_light(flash, ambient, image_seed, ambient_mix)
        return tf.stack([flash] * copies), tf.stack([ambient] * copies)

    dataset = tf.data.Dataset.range(len(pairs)).map(whole)
    return dataset.prefetch(tf.data.AUTOTUNE)


class _PixelStore:
    """The pixels of all pairs in memory as they came, 8 or 16 bit, readable inside a graph."""

    def __init__(self, pairs: LoadedPairs):
        self.channels = pairs.flash[0].shape[2]
        self.flash = _concatenated(pairs.flash)
        self.ambient = _concatenated(pairs.ambient)
        self.shapes = tf.constant([image.shape for image in pairs.flash], tf.int64)
        sizes = [image.size for image in pairs.flash]
        self.starts = tf.constant(np.cumsum([0, *sizes[:-1]]), tf.int64)

    def read(self, index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """One pair as float32 in [0, 1], (height, width, channels) each."""
        shape, start = self.shapes[index], self.starts[index]
        size = tf.reduce_prod(shape)

        def image(pixels):
            flat = tf.cast(pixels[start : start + size], tf.float32) / pixels.dtype.max
            return tf.ensure_shape(tf.reshape(flat, shape), (None, None, self.channels))

        return image(self.flash), image(self.ambient)


def _concatenated(images: Sequence[np.ndarray]) -> tf.Tensor:
    """All pixels in one row; one 16-bit image brings all to 16 bits."""
    if any(image.dtype == np.uint16 for image in images):
        images = [i if i.dtype == np.uint16 else i.astype(np.uint16) * 257 for i in images]
    return tf.constant(np.concatenate([image.ravel() for image in images]))


def _augment(flash, ambient, seed, crop_size: int, crop_scale, ambient_mix):
    """The same random crop and flip of both images."""
    draws = tf.random.stateless_uniform((4,), seed)
    if ambient_mix is not None:
        flash = _add_ambient_light(flash, ambient, seed, ambient_mix)
    height, width = tf.shape(flash)[0], tf.shape(flash)[1]
    side = tf.constant(crop_size)
    if crop_scale is not None:
        shorter = tf.cast(tf.minimum(height, width), tf.float32)
        side = tf.cast(tf.round(shorter * _between(draws[3], crop_scale)), tf.int32)
    top = _random_offset(draws[0], height - side)
    left = _random_offset(draws[1], width - side)
    both = tf.stack([flash, ambient])[:, top : top + side, left : left + side]
    if crop_scale is not None:
        # Lanczos, what the authors' code asks of Pillow; its overshoot leaves [0, 1].
        both = tf.image.resize(both, (crop_size, crop_size), "lanczos3", antialias=True)
        both = tf.clip_by_value(both, 0.0, 1.0)
    both = tf.cond(draws[2] < 0.5, lambda: tf.reverse(both, [2]), lambda: both)
    both = tf.ensure_shape(both, (2, crop_size, crop_size, flash.shape[2]))
    return both[0], both[1]


def _random_offset(draw, room):
    """A whole number from 0 to `room`."""
    return tf.minimum(tf.cast(draw * tf.cast(room + 1, tf.float32), tf.int32), room)


def _between(draw, limits: Range):
    return limits[0] + draw * (limits[1] - limits[0])


def _add_ambient_light(flash, ambient, seed, limits: Range):
    """Adds a share of the ambient image in linear light; what exceeds white is clipped."""
    draw = tf.random.stateless_uniform((), tf.random.experimental.stateless_fold_in(seed, 1))
    light = _linear(flash) + _between(draw, limits) * _linear(ambient)
    return _encoded(tf.minimum(light, 1.0))


def _linear(image):
    """Linear light of sRGB values in [0, 1] (IEC 61966-2-1)."""
    return tf.where(image <= 0.04045, image / 12.92, ((image + 0.055) / 1.055) ** 2.4)


def _encoded(light):
    """SRGB values of linear light in [0, 1] (IEC 61966-2-1)."""
    return tf.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
