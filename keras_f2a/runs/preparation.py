"""Builds the model of a checked run and restores its last checkpoint."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import keras
import tensorflow as tf

from keras_f2a.data.pipeline import validation_dataset
from keras_f2a.runs.checked_run import CheckedRun
from keras_f2a.runs.checkpoint import restore_checkpoint
from keras_f2a.runs.run_directory import Row
from keras_f2a.runs.start_weights import load_start_weights
from keras_f2a.runs.workers.strategy import on_each_worker
from keras_f2a.support.counting import counted
from keras_f2a.support.errors import InputError
from keras_f2a.support.provenance import package_versions, source_commit
from keras_f2a.training.base_model import PairModel
from keras_f2a.training.building import build_model, network_warnings


@dataclass(frozen=True)
class PreparedRun(CheckedRun):
    """A run that is ready to train.

    Attributes:
        model: The compiled model, with the state of the last checkpoint.
        validation: Batches of the validation pairs, which this process can read itself.
        history: Rows of the finished epochs, starting with the untrained model. Empty at the start.
        warnings: What a user must know before trusting the result.
    """

    model: PairModel
    validation: tf.data.Dataset
    history: list[Row]
    warnings: list[str]

    @property
    def record(self) -> dict:
        """What `config.json` records about the run."""
        return {
            "settings": self.settings.as_dict(),
            "data": self.data.description,
            "losses": _losses(self.model),
            "versions": package_versions(),
            "commit": source_commit(),
            "warnings": self.warnings,
        }

    @property
    def validation_batches(self) -> tf.data.Dataset | tf.distribute.DistributedDataset:
        """The validation pairs for `fit` and `evaluate`. Every device gets all of them."""
        batches = self.validation
        if self.replicas_here > 1:
            batches = batches.flat_map(_repeat_batches(self.replicas_here))
        return on_each_worker(self.strategy, batches)

    @property
    def epochs_done(self) -> int:
        """The number of finished epochs."""
        return int(self.history[-1]["epoch"]) if self.history else 0


def prepare_run(checked: CheckedRun) -> PreparedRun:
    """Build the model and restore the last checkpoint.

    Raises:
        InputError: Initial weights cannot be loaded, the disk is too small, the checkpoint belongs
            to another model or to one with other losses, or it has more epochs than the settings.
    """
    settings, directory = checked.settings, checked.directory
    data, strategy, group = checked.data, checked.strategy, checked.group
    keras.utils.set_random_seed(settings.seed)
    with _dtype_policy(settings.machine.precision), strategy.scope():
        # A checkpoint holds all weights, so the file that the run started from may be gone.
        restored = directory.last_checkpoint.is_file()
        warnings = network_warnings(settings.networks, settings.objective.condition)
        model = build_model(
            settings.networks,
            settings.objective,
            settings.optimizer,
            steps=data.steps * settings.epochs,
            restored=restored,
        )
        if settings.networks.start_from is not None and not restored:
            load_start_weights(model.generator, settings.networks.start_from)
    directory.check_same_losses(_losses(model))
    history = restore_checkpoint(model, directory)
    validation = validation_dataset(
        data.validation,
        settings.pairs,
        seed=settings.seed,
        copies=strategy.num_replicas_in_sync if group is None else 1,
    )
    validation = model.prepared(validation)
    run = PreparedRun(
        settings, directory, data, strategy, group, model, validation, history, warnings
    )
    if run.epochs_done > settings.epochs:
        raise InputError(
            f"the run has already done {counted(run.epochs_done, 'epoch')}; repeat the call with "
            f"`epochs={run.epochs_done}`, or choose another `run_dir`",
            setting="epochs",
            value=settings.epochs,
        )
    return run


def _losses(model: PairModel) -> dict[str, float]:
    """Return the factors of the losses that a model minimizes, by name, also of registered ones."""
    weights = getattr(model, "loss_weights", {"reconstruction": 1.0})
    return {name: float(weight) for name, weight in weights.items()}


def _repeat_batches(times: int):
    """Return a function that repeats a batch, once for each device."""

    def repeat(*batch):
        return tf.data.Dataset.from_tensors(batch).repeat(times)

    return repeat


@contextmanager
def _dtype_policy(name: str) -> Iterator[None]:
    """Set Keras's precision policy in the block, and restore the earlier one afterward."""
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(previous)
