"""Batches for training and validation: decoded once, augmented as a function of the seed."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from keras_f2a.data.augmentation import (
    cropped,
    flipped,
    fold_in,
    is_left_alone,
    other_camera,
    photographic,
    sometimes_turned,
    with_ambient_light,
)
from keras_f2a.data.exposure import match_exposure, metered
from keras_f2a.data.pairs import LoadedPairs, same_depth
from keras_f2a.support.settings import Range


def training_dataset(
    pairs: LoadedPairs,
    batch_size: int,
    crop_size: int | None,
    *,
    seed: int = 0,
    first_epoch: int = 0,
    crop_scale: Range | None = None,
    ambient_mix: Range | None = None,
    augmentation: str = "none",
    same_exposure: bool = False,
    auto_exposure: float = 0.0,
    unchanged_share: float = 0.0,
    turned_share: float = 0.0,
    shard: tuple[int, int] = (0, 1),
    replicas: int = 1,
) -> tf.data.Dataset:
    """Endless random crops or whole images, each epoch a new order of all pairs.

    Order and augmentation are functions of (seed, epoch, index) alone, so that training goes on
    after an interruption as if there had been none. An epoch has `steps_per_epoch` full batches;
    which pairs are left over changes from epoch to epoch. (The authors' code trains on the
    incomplete batch as well.)

    Args:
        pairs: Decoded pairs, each at least `crop_size` high and wide.
        batch_size: Images per batch, at most `len(pairs)`.
        crop_size: Side of the square crops in pixels, or `None` for whole images: a batch then
            holds images of one size.
        seed: Decides order, crops, flips and augmentation.
        first_epoch: The epoch to begin with.
        crop_scale: (low, high) in (0, 1]: the crop's side is this share, drawn anew for each crop,
            of the shorter side of the image, resized to `crop_size`. The authors' code has
            (0.8, 1); `None`, the paper's text, crops `crop_size` pixels.
        ambient_mix: (low, high): adds this share, drawn anew for each crop, of the ambient light
            to the flash image, as a photograph taken with a flash has it.
        augmentation: `"none"`, `"camera"` or `"photographic"`, see `keras_f2a.data.augmentation`.
        same_exposure: Brings each ambient image to its flash image's exposure and white balance,
            see `keras_f2a.data.exposure`.
        auto_exposure: Share of the way to 18 % grey, in [0, 1], that each ambient image is then
            brought, see the same module; those of `unchanged_share` are not.
        unchanged_share: Share of the images, in [0, 1], that are ambient in place of flash images:
            from them a network learns to leave alone what has no flash.
        turned_share: Share of the batches of upright whole images, in [0, 1], that are turned by a
            quarter turn counterclockwise: so a network whose input has one lying size sees upright
            photographs (`keras_f2a.correction.working_copy`).
        shard: (index, number) of the worker that this is for: of each batch it prepares its own
            part alone.
        replicas: Into how many batches one after the other a worker's part is cut.

    Returns:
        Batches (flash, ambient) of float32 RGB in [0, 1], (batch_size, height, width, 3), or with
        the worker's part of `batch_size`.
    """
    store = _PixelStore(pairs)
    groups = [tf.constant(group) for group in batch_groups(pairs, crop_size)]

    def augmented_epoch(epoch):
        epoch_seed = fold_in((seed, 0), epoch)

        def augmented(position, index):
            image_seed = fold_in(epoch_seed, index)
            flash, ambient = store.read(index)
            if ambient_mix is not None:
                flash = with_ambient_light(flash, ambient, image_seed, limits=ambient_mix)
            left_alone = is_left_alone(image_seed, unchanged_share)
            flash = tf.where(left_alone, ambient, flash)
            both = tf.stack([flash, ambient])
            if crop_size is not None:
                both = cropped(both, image_seed, crop_size=crop_size, crop_scale=crop_scale)
            both = flipped(both, image_seed)
            flash, ambient = both[0], both[1]
            if augmentation != "none":
                change = {"photographic": photographic, "camera": other_camera}[augmentation]
                flash, ambient = change(flash, ambient, fold_in(image_seed, 2))
            if turned_share and crop_size is None:
                batch = position // (batch_size // shard[1])
                batch_seed = fold_in(fold_in((seed, 2), epoch), batch)
                both = sometimes_turned(tf.stack([flash, ambient]), batch_seed, turned_share)
                flash, ambient = both[0], both[1]
            if same_exposure:
                ambient = match_exposure(ambient, flash)
            if auto_exposure:
                ambient = tf.where(left_alone, ambient, metered(ambient, auto_exposure))
            return flash, ambient

        order = _part(_epoch_order(groups, batch_size, epoch_seed), batch_size, shard)
        indices = tf.data.Dataset.from_tensor_slices(order).enumerate()
        return indices.map(augmented, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)

    epochs = tf.data.Dataset.range(first_epoch, tf.int64.max)
    dataset = epochs.flat_map(augmented_epoch)
    part = batch_size // (shard[1] * replicas)
    return dataset.batch(part, drop_remainder=True).prefetch(tf.data.AUTOTUNE)


def steps_per_epoch(pairs: LoadedPairs, batch_size: int, crop_size: int | None) -> int:
    """Full batches in an epoch of `training_dataset` with the same arguments."""
    return sum(len(group) // batch_size for group in batch_groups(pairs, crop_size))


def batch_groups(pairs: LoadedPairs, crop_size: int | None) -> list[list[int]]:
    """Indices of pairs that may share a batch: crops all, whole images those of the same size."""
    if crop_size is not None:
        return [list(range(len(pairs)))]
    groups: dict[tuple[int, ...], list[int]] = {}
    for index, image in enumerate(pairs.flash):
        groups.setdefault(image.shape, []).append(index)
    return list(groups.values())


def validation_dataset(
    pairs: LoadedPairs,
    *,
    seed: int = 0,
    ambient_mix: Range | None = None,
    same_exposure: bool = False,
    auto_exposure: float = 0.0,
    copies: int = 1,
) -> tf.data.Dataset:
    """Whole images, one per batch, in the order of their names.

    Args:
        pairs: Decoded pairs of any sizes.
        seed: Decides the share of ambient light.
        ambient_mix: As in `training_dataset`; an image gets the same share every time.
        same_exposure: As in `training_dataset`.
        auto_exposure: As in `training_dataset`.
        copies: How often an image stands in its batch. With one copy for each device of a
            strategy every device has the same work; the metrics' means stay what they are.

    Returns:
        Batches (flash, ambient) of float32 RGB in [0, 1], (copies, height, width, 3).
    """
    store = _PixelStore(pairs)

    def whole(index):
        flash, ambient = store.read(index)
        if ambient_mix is not None:
            image_seed = fold_in((seed, 1), index)
            flash = with_ambient_light(flash, ambient, image_seed, limits=ambient_mix)
        if same_exposure:
            ambient = match_exposure(ambient, flash)
        if auto_exposure:
            ambient = metered(ambient, auto_exposure)
        return tf.stack([flash] * copies), tf.stack([ambient] * copies)

    dataset = tf.data.Dataset.range(len(pairs)).map(whole)
    return dataset.prefetch(tf.data.AUTOTUNE)


class _PixelStore:
    """The pixels of all pairs in memory as they came, 8 or 16 bit, readable inside a graph."""

    def __init__(self, pairs: LoadedPairs):
        self.flash = _concatenated(pairs.flash)
        self.ambient = _concatenated(pairs.ambient)
        self.shapes = tf.constant([image.shape for image in pairs.flash], tf.int64)
        sizes = [image.size for image in pairs.flash]
        self.starts = tf.constant(np.cumsum([0, *sizes[:-1]]), tf.int64)

    def read(self, index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """One pair as float32 in [0, 1], (height, width, 3) each."""
        shape, start = self.shapes[index], self.starts[index]
        size = tf.reduce_prod(shape)

        def image(pixels):
            flat = tf.cast(pixels[start : start + size], tf.float32) / pixels.dtype.max
            return tf.ensure_shape(tf.reshape(flat, shape), (None, None, 3))

        return image(self.flash), image(self.ambient)


def _concatenated(images: Sequence[np.ndarray]) -> tf.Tensor:
    """All pixels in one row; one 16-bit image brings all to 16 bits."""
    return tf.constant(np.concatenate([image.ravel() for image in same_depth(images)]))


def _epoch_order(groups: list[tf.Tensor], batch_size: int, seed):
    """Indices of full batches one after the other: each from one group, in random order."""
    if len(groups) == 1:
        order = tf.random.experimental.stateless_shuffle(groups[0], seed)
        return order[: len(groups[0]) // batch_size * batch_size]
    batches = []
    for number, group in enumerate(groups):
        order = tf.random.experimental.stateless_shuffle(group, fold_in(seed, number))
        full = len(group) // batch_size
        batches.append(tf.reshape(order[: full * batch_size], (full, batch_size)))
    batches = tf.random.experimental.stateless_shuffle(tf.concat(batches, axis=0), seed)
    return tf.reshape(batches, (-1,))


def _part(order, batch_size: int, shard: tuple[int, int]):
    """What one worker does of each batch."""
    index, number = shard
    return tf.reshape(tf.reshape(order, (-1, number, batch_size // number))[:, index], (-1,))
