"""Batches of rendered views under described lights, which depend only on seed, epoch and index."""

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count, islice

import numpy as np

from keras_f2a.data.light_samples import stack_samples, training_sample
from keras_f2a.data.light_shards import read_shard, shards
from keras_f2a.data.light_views import EncodedView
from keras_f2a.support.errors import InputError
from keras_f2a.support.settings import Range, documented, setting

_PREFETCH_BATCHES = 2  # per process


@documented
@dataclass(frozen=True)
class LightDataSettings:
    """Settings of the data that a network for placed light is trained on."""

    views: str = setting("build/views", "folder of rendered views (`make views`)", metavar="DIR")
    batch_size: int = setting(16, "views per step", at_least=1)
    lights: int = setting(2, "lights per view in a step", at_least=1)
    long_side: int = setting(160, "long side of the pictures in pixels", at_least=16)
    zoom: Range = setting(
        (0.6, 1.0),
        "share of each side that a crop keeps, for one view in three",
        more_than=0,
        at_most=1,
    )
    scenes: int | None = setting(None, "train only on the first N scenes", at_least=1)
    workers: int = setting(
        1, "processes that prepare batches; 1 uses the training process", at_least=1
    )


_Job = tuple[int, list[int], list[EncodedView], LightDataSettings, int]
"""Epoch, indices of the views, the views, settings and seed of one batch."""


def encoded_views(
    folder: str, split: str = "train", scenes: int | None = None
) -> list[EncodedView]:
    """Return all views of one split that show a light, still encoded, about 23 kB each.

    Args:
        folder: Folder of shards.
        split: One of `keras_f2a.data.light_shards.SPLITS`.
        scenes: Number of scenes to use, the first ones. `None` uses all.

    Raises:
        InputError: There are no such views, or a shard is damaged.
    """
    views = [
        view for path in shards(folder) for view in read_shard(path, split) if view.record["lights"]
    ]
    scene_ids = list(dict.fromkeys(view.record["scene"] for view in views))[:scenes]
    views = [view for view in views if view.record["scene"] in set(scene_ids)]
    if not views:
        raise InputError(
            f"has no views of the split {split}; render more scenes",
            setting="views",
            value=folder,
        )
    return views


def steps_in_epoch(views: list[EncodedView], batch_size: int) -> int:
    """Return how many full batches of one shape the views make.

    Raises:
        InputError: The views do not fill a single batch.
    """
    steps = sum(len(group) // batch_size for group in _group_by_shape(views))
    if not steps:
        raise InputError(
            f"the {len(views)} views do not fill a batch of one shape; choose a smaller size",
            setting="batch_size",
            value=batch_size,
        )
    return steps


def training_batches(
    views: list[EncodedView], settings: LightDataSettings, *, seed: int, first_epoch: int = 0
) -> Iterator[tuple[dict, dict]]:
    """Yield endless batches in the form of `stack_samples`, reshuffled in each epoch.

    Each batch has views of one shape, landscape or portrait. An epoch begins with one batch of
    each shape, because Keras infers from the first two batches which sides may vary.

    Args:
        views: The views.
        settings: How they are cropped and batched.
        seed: Seed of order and augmentation.
        first_epoch: The epoch to start with.
    """
    jobs = (
        (epoch, batch, [views[index] for index in batch], settings, seed)
        for epoch in count(first_epoch)
        for batch in epoch_order(views, settings.batch_size, seed=seed, epoch=epoch)
    )
    if settings.workers == 1:
        yield from map(_prepare_batch, jobs)
        return
    # Spawn, because a fork of a process with GPU or TensorFlow threads may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(settings.workers, mp_context=context)
    try:
        prefetch = _PREFETCH_BATCHES * settings.workers
        pending: deque[Future] = deque()
        for job in islice(jobs, prefetch):
            pending.append(pool.submit(_prepare_batch, job))
        for job in jobs:
            yield pending.popleft().result()
            pending.append(pool.submit(_prepare_batch, job))
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare_batch(job: _Job) -> tuple[dict, dict]:
    """Prepare one batch."""
    epoch, batch, views, settings, seed = job
    return stack_samples(
        [
            training_sample(
                view,
                np.random.default_rng((seed, epoch, index)),
                lights=settings.lights,
                long_side=settings.long_side,
                zoom=settings.zoom,
            )
            for index, view in zip(batch, views, strict=True)
        ]
    )


def epoch_order(
    views: list[EncodedView], batch_size: int, *, seed: int, epoch: int
) -> list[list[int]]:
    """Return the indices of the views in each batch of an epoch."""
    rng = np.random.default_rng((seed, epoch))
    first, rest = [], []
    for group in _group_by_shape(views):
        order = rng.permutation(group).tolist()
        full = len(order) // batch_size
        batches = [order[i * batch_size : (i + 1) * batch_size] for i in range(full)]
        first += batches[:1]
        rest += batches[1:]
    return first + [rest[i] for i in rng.permutation(len(rest))]


def _group_by_shape(views: list[EncodedView]) -> list[list[int]]:
    """Return the indices of the views of each shape."""
    groups: dict[tuple[int, int], list[int]] = {}
    for index, view in enumerate(views):
        groups.setdefault(view.size, []).append(index)
    return list(groups.values())
