"""What comes before a run's first step: everything is checked, then the model is built."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import keras
import tensorflow as tf

from keras_f2a.data.pipeline import batch_groups, steps_per_epoch, validation_dataset
from keras_f2a.runs.checkpoint import checkpoint_bytes, restore_checkpoint
from keras_f2a.runs.devices import choose_strategy
from keras_f2a.runs.run_data import RunData, load_run_data
from keras_f2a.runs.run_directory import Row, RunDirectory
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.runs.trained_model import begin_with, build_model
from keras_f2a.runs.workers.group import WorkerGroup, group_from_environment
from keras_f2a.runs.workers.handover import ScratchRunDirectory, meet_the_others
from keras_f2a.runs.workers.strategy import on_each_worker
from keras_f2a.support.errors import InputError
from keras_f2a.support.provenance import package_versions, source_commit
from keras_f2a.training.base_model import PairModel


@dataclass(frozen=True)
class CheckedRun:
    """A run whose settings, data and directory are right.

    Attributes:
        settings: Resolved settings.
        directory: The run directory, made and writable.
        data: The decoded pairs.
        strategy: The devices.
        group: The workers of a `multi_worker` run, all of which train together.
    """

    settings: TrainingSettings
    directory: RunDirectory
    data: RunData
    strategy: tf.distribute.Strategy
    group: WorkerGroup | None

    @property
    def is_chief(self) -> bool:
        """Whether this process writes the run directory; the only one always does."""
        return self.group is None or self.group.is_chief

    @property
    def shard(self) -> tuple[int, int]:
        """(index, number) of the process among those that share each batch."""
        return (0, 1) if self.group is None else (self.group.index, len(self.group))

    @property
    def replicas_here(self) -> int:
        """How many batches one after the other a process prepares for its own devices."""
        return 1 if self.group is None else len(self.strategy.extended.worker_devices)


@dataclass(frozen=True)
class PreparedRun(CheckedRun):
    """A run that can be trained.

    Attributes:
        model: Compiled, with what the last checkpoint held.
        validation: The validation pairs in batches, as the process itself can read them.
        history: Rows of the epochs done, that of the untrained model first; empty at the start.
    """

    model: PairModel
    validation: tf.data.Dataset
    history: list[Row]

    @property
    def validation_batches(self) -> tf.data.Dataset | tf.distribute.DistributedDataset:
        """The validation pairs for `fit` and `evaluate`: every device gets each of them."""
        here = self.replicas_here
        each = self.validation if here == 1 else self.validation.flat_map(_repeated(here))
        return on_each_worker(self.strategy, each)

    @property
    def epochs_done(self) -> int:
        """The number of finished epochs."""
        return int(self.history[-1]["epoch"]) if self.history else 0


def check_run(settings: TrainingSettings) -> CheckedRun:
    """Checks everything that can be checked before a network is built.

    Args:
        settings: The settings, resolved or not.

    Raises:
        InputError: Settings, data or run directory are not usable.
    """
    settings = settings.resolved()
    group = group_from_environment() if settings.strategy == "multi_worker" else None
    # The others take part in all that the chief does, its files included, and keep nothing.
    chief = group is None or group.is_chief
    directory = RunDirectory(settings.run_dir) if chief else ScratchRunDirectory()
    directory.make()
    directory.check_files(settings)
    data = load_run_data(settings)
    directory.check_same_run(settings, data.description())
    _check_batch_size(settings, data, 1 if group is None else len(group))
    if group is not None:
        meet_the_others(group, directory, settings=settings, data=data)
    strategy = choose_strategy(settings.strategy, settings.virtual_devices)
    _check_batch_size(settings, data, strategy.num_replicas_in_sync)
    return CheckedRun(settings, directory, data, strategy, group)


def prepare_run(checked: CheckedRun) -> PreparedRun:
    """Builds the model and restores the last checkpoint.

    Raises:
        InputError: Weights to begin with cannot be had, the disk is too small, or the checkpoint is
            of another model.
    """
    settings, directory = checked.settings, checked.directory
    data, strategy, group = checked.data, checked.strategy, checked.group
    steps = steps_per_epoch(data.training, settings.batch_size, settings.crops)
    keras.utils.set_random_seed(settings.seed)
    with _dtype_policy(settings.precision), strategy.scope():
        # A checkpoint holds all weights: what the run began with need not be there any more.
        restored = directory.last_checkpoint.is_file()
        model = build_model(settings, steps * settings.epochs, restored=restored)
        if settings.start_from is not None and not restored:
            begin_with(model.generator, settings.start_from)
    # The checkpoint and its successor, and the generator alone three times.
    directory.check_space(2 * checkpoint_bytes(model) + 3 * 4 * model.generator.count_params())
    history = restore_checkpoint(model, directory.last_checkpoint)
    validation = validation_dataset(
        data.validation,
        seed=settings.seed,
        ambient_mix=settings.ambient_mix,
        same_exposure=settings.same_exposure,
        auto_exposure=settings.auto_exposure,
        copies=strategy.num_replicas_in_sync if group is None else 1,
    )
    validation = model.prepared(validation)
    return PreparedRun(settings, directory, data, strategy, group, model, validation, history)


def config_of(run: CheckedRun) -> dict:
    """What `config.json` records of a run."""
    return {
        "settings": run.settings.as_dict(),
        "data": run.data.description(),
        "versions": package_versions(),
        "commit": source_commit(),
        "warnings": run.settings.warnings(),
    }


def _check_batch_size(settings: TrainingSettings, data: RunData, replicas: int) -> None:
    largest = max(map(len, batch_groups(data.training, settings.crops)))
    if settings.batch_size > largest:
        which = " of one size" if settings.whole_images else ""
        raise InputError(
            f"more than the {largest} training pairs{which} in {settings.data}; use "
            f"`batch_size={largest}` or less",
            setting="batch_size",
            value=settings.batch_size,
        )
    if settings.batch_size % replicas:
        raise InputError(
            f"must be a multiple of the {replicas} devices",
            setting="batch_size",
            value=settings.batch_size,
        )


def _repeated(times: int):
    """One batch for each device, one after the other."""

    def repeat(*batch):
        return tf.data.Dataset.from_tensors(batch).repeat(times)

    return repeat


@contextmanager
def _dtype_policy(name: str) -> Iterator[None]:
    """Keras's precision policy inside the block; the earlier one is put back after it."""
    earlier = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(earlier)
