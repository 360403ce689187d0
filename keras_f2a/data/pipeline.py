"""Batches for training and validation, with an order and augmentation that depend on a seed."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from keras_f2a.data.augmentation import (
    add_ambient_light,
    fold_in,
    is_unchanged,
    random_crop,
    random_flip,
    random_rotation,
    simulate_camera,
    simulate_photograph,
)
from keras_f2a.data.exposure import auto_expose, match_exposure
from keras_f2a.data.pairs import LoadedPairs
from keras_f2a.data.settings import PairSettings
from keras_f2a.data.streamed_pairs import StreamedPairs
from keras_f2a.imaging.deep_pixels import match_depths

AnyPairs = LoadedPairs | StreamedPairs
_AUGMENTATIONS = {"photographic": simulate_photograph, "camera": simulate_camera}


def training_dataset(
    pairs: AnyPairs,
    settings: PairSettings,
    *,
    seed: int = 0,
    first_epoch: int = 0,
    shard: tuple[int, int] = (0, 1),
    replicas: int = 1,
) -> tf.data.Dataset:
    """Return an endless dataset of random crops or whole images, reshuffled in each epoch.

    Order and augmentation depend only on (seed, epoch, index), so training resumes after an
    interruption as if nothing had happened. An epoch consists of the full batches of each group in
    `batch_groups`. The pairs that are left over change from epoch to epoch. (The authors' code
    also trains on the incomplete batch.)

    Args:
        pairs: Pairs in memory or on disk, at least as many as a batch holds. Each is at least as
            high and wide as the crops.
        settings: How the pairs are cropped and augmented. Whole images in a batch have one size.
            `crop_scale`: each crop draws its side as a share of the image's shorter side and is
            resized to `crop_size`. The authors' code uses (0.8, 1). Without it the crop is
            `crop_size` pixels, as in the paper's text. `ambient_mix`: each crop draws its share of
            ambient light, because a photograph taken with a flash contains some.
            `unchanged_share`: ambient images as inputs teach a network to leave photographs without
            flash alone. `auto_exposure` does not change them. `turned_share`: batches are rotated
            as a whole, by 90 degrees counterclockwise (`keras_f2a.correction.working_copy`).
        seed: Seed of order, crops, flips and augmentation.
        first_epoch: The epoch to start with.
        shard: (index, number) of the worker. A worker prepares only its own part of each batch.
        replicas: Number of consecutive batches that a worker's part is split into.

    Returns:
        Batches (flash, ambient) of float32 RGB in [0, 1], (batch_size, height, width, 3), or with
        the part of `batch_size` that a replica of the worker gets.
    """
    batch_size, crop_size = settings.batch_size, settings.crops
    store = _open_store(pairs)
    groups = [tf.constant(group) for group in batch_groups(pairs, crop_size)]

    def epoch_dataset(epoch):
        epoch_seed = fold_in((seed, 0), epoch)
        order = _take_shard(_epoch_order(groups, batch_size, epoch_seed), batch_size, shard)

        def read_and_augment(position, index):
            batch = position // (batch_size // shard[1])
            batch_seed = fold_in(fold_in((seed, 2), epoch), batch)
            image_seed = fold_in(epoch_seed, index)
            return _augment(*store.read(index), settings, image_seed, batch_seed)

        dataset = tf.data.Dataset.from_tensor_slices(order).enumerate()
        return dataset.map(
            read_and_augment, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True
        )

    epochs = tf.data.Dataset.range(first_epoch, tf.int64.max)
    dataset = epochs.flat_map(epoch_dataset)
    replica_batch_size = batch_size // (shard[1] * replicas)
    return dataset.batch(replica_batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)


def _augment(flash, ambient, settings: PairSettings, image_seed, batch_seed):
    """Apply the random changes of the settings to one pair. A batch rotates as a whole."""
    if settings.ambient_mix is not None:
        flash = add_ambient_light(flash, ambient, image_seed, limits=settings.ambient_mix)
    unchanged = is_unchanged(image_seed, settings.unchanged_share)
    pair = tf.stack([tf.where(unchanged, ambient, flash), ambient])
    if settings.crops is not None:
        pair = random_crop(
            pair, image_seed, crop_size=settings.crops, crop_scale=settings.crop_scale
        )
    pair = random_flip(pair, image_seed)
    flash, ambient = pair[0], pair[1]
    if settings.augmentation != "none":
        augment = _AUGMENTATIONS[settings.augmentation]
        flash, ambient = augment(flash, ambient, fold_in(image_seed, 2))
    if settings.turned_share and settings.crops is None:
        pair = random_rotation(tf.stack([flash, ambient]), batch_seed, settings.turned_share)
        flash, ambient = pair[0], pair[1]
    if settings.same_exposure:
        ambient = match_exposure(ambient, flash)
    if settings.auto_exposure:
        exposed = auto_expose(ambient, settings.auto_exposure)
        ambient = tf.where(unchanged, ambient, exposed)
    return flash, ambient


def batch_groups(pairs: AnyPairs, crop_size: int | None) -> list[list[int]]:
    """Return groups of indices of pairs that may share a batch.

    All crops may share one. Whole images must have the same size.
    """
    if crop_size is not None:
        return [list(range(len(pairs)))]
    groups: dict[tuple[int, ...], list[int]] = {}
    for index, shape in enumerate(pairs.shapes):
        groups.setdefault(shape, []).append(index)
    return list(groups.values())


def validation_dataset(
    pairs: AnyPairs, settings: PairSettings | None = None, *, seed: int = 0, copies: int = 1
) -> tf.data.Dataset:
    """Return a dataset of whole images, one per batch, in the order of their names.

    Args:
        pairs: Pairs in memory or on disk, of any sizes.
        settings: The settings of `training_dataset`. `ambient_mix`, with a fixed share for each
            image, `same_exposure` and `auto_exposure` apply here too.
        seed: Seed of the share of ambient light.
        copies: How often a batch repeats its image. With one copy per device of a strategy, every
            device has the same work, and the metrics' means do not change.

    Returns:
        Batches (flash, ambient) of float32 RGB in [0, 1], (copies, height, width, 3).
    """
    store = _open_store(pairs)
    settings = settings or PairSettings()

    def read_and_prepare(index):
        flash, ambient = store.read(index)
        if settings.ambient_mix is not None:
            image_seed = fold_in((seed, 1), index)
            flash = add_ambient_light(flash, ambient, image_seed, limits=settings.ambient_mix)
        if settings.same_exposure:
            ambient = match_exposure(ambient, flash)
        if settings.auto_exposure:
            ambient = auto_expose(ambient, settings.auto_exposure)
        return tf.stack([flash] * copies), tf.stack([ambient] * copies)

    dataset = tf.data.Dataset.range(len(pairs)).map(read_and_prepare)
    return dataset.prefetch(tf.data.AUTOTUNE)


def _open_store(pairs: AnyPairs) -> "_PixelStore | _FileStore":
    return _FileStore(pairs) if isinstance(pairs, StreamedPairs) else _PixelStore(pairs)


class _FileStore:
    """Pairs that are decoded from their files whenever the graph reads them."""

    def __init__(self, pairs: StreamedPairs):
        self.pairs = pairs

    def read(self, index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return one pair as float32 in [0, 1], (height, width, 3) each."""
        images = tf.numpy_function(self.pairs.read, [index], (tf.float32, tf.float32))
        flash, ambient = (tf.ensure_shape(image, (None, None, 3)) for image in images)
        return flash, ambient


class _PixelStore:
    """The pixels of all pairs in memory, 8 or 16 bit, readable inside a graph."""

    def __init__(self, pairs: LoadedPairs):
        self.flash = _concatenate(pairs.flash)
        self.ambient = _concatenate(pairs.ambient)
        self.shapes = tf.constant([image.shape for image in pairs.flash], tf.int64)
        sizes = [image.size for image in pairs.flash]
        self.starts = tf.constant(np.cumsum([0, *sizes[:-1]]), tf.int64)

    def read(self, index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return one pair as float32 in [0, 1], (height, width, 3) each."""
        shape, start = self.shapes[index], self.starts[index]
        size = tf.reduce_prod(shape)

        def image(pixels):
            flat = tf.cast(pixels[start : start + size], tf.float32) / pixels.dtype.max
            return tf.ensure_shape(tf.reshape(flat, shape), (None, None, 3))

        return image(self.flash), image(self.ambient)


def _concatenate(images: Sequence[np.ndarray]) -> tf.Tensor:
    """Return all pixels as a vector. They are 16 bit if any image is."""
    return tf.constant(np.concatenate([image.ravel() for image in match_depths(images)]))


def _epoch_order(groups: list[tf.Tensor], batch_size: int, seed):
    """Return the indices of the full batches, concatenated. Each batch comes from one group."""
    if len(groups) == 1:
        order = tf.random.experimental.stateless_shuffle(groups[0], seed)
        return order[: len(groups[0]) // batch_size * batch_size]
    batches = []
    for index, group in enumerate(groups):
        order = tf.random.experimental.stateless_shuffle(group, fold_in(seed, index))
        batch_count = len(group) // batch_size
        batches.append(tf.reshape(order[: batch_count * batch_size], (batch_count, batch_size)))
    batches = tf.random.experimental.stateless_shuffle(tf.concat(batches, axis=0), seed)
    return tf.reshape(batches, (-1,))


def _take_shard(order, batch_size: int, shard: tuple[int, int]):
    """Return one worker's part of each batch."""
    index, count = shard
    return tf.reshape(tf.reshape(order, (-1, count, batch_size // count))[:, index], (-1,))
