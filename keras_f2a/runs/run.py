"""Trains a generator from pairs of photographs: one function from settings to files."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import keras
import tensorflow as tf

from keras_f2a.data.pipeline import steps_per_epoch, training_dataset
from keras_f2a.runs.callbacks import Progress, RunKeeper, SampleGrids, ValidateAveragedWeights
from keras_f2a.runs.checkpoint import save_generator
from keras_f2a.runs.comparison import SCORES, CompareWithFlash, compared, score_of_flash
from keras_f2a.runs.outcome import TrainingResult, read_outcome, write_outcome
from keras_f2a.runs.preparation import PreparedRun, check_run, config_of, prepare_run
from keras_f2a.runs.run_directory import RunDirectory
from keras_f2a.runs.run_lock import locked
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.runs.summary import summary
from keras_f2a.runs.workers.group import group_from_environment
from keras_f2a.runs.workers.strategy import on_each_worker
from keras_f2a.support.errors import LostWorkerError, WorkError, one_line

_SAMPLES = 4
_LOST_WORKER = (
    tf.errors.UnavailableError,
    tf.errors.InternalError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
)
_logger = logging.getLogger(__name__)


def train(settings: TrainingSettings) -> TrainingResult:
    """Trains a generator, or goes on with a run that was interrupted.

    Called again with the same settings, a run goes on after its last finished epoch and ends with
    the same weights as if it had never stopped. Logs a summary, a line per epoch, and in the end
    how the results compare with the flash photographs.

    Args:
        settings: The settings; the defaults are the paper's.

    Returns:
        The files that the run directory now holds, and the metrics.

    Raises:
        InputError: Settings, data or run directory are not usable; nothing was started.
        WorkError: The run could not be finished; its last checkpoint is kept.
    """
    result = run_to_its_end(settings)
    if result.kept:
        _logger.info("\n".join(result.closing_lines()))
    return result


def run_to_its_end(settings: TrainingSettings) -> TrainingResult:
    """Does what `train` does, but for its closing lines."""
    settings = settings.resolved()
    with _alone_in_run_directory(settings):
        checked = check_run(settings)
        finished = read_outcome(checked.settings, checked.directory)
        if finished is not None:
            _logger.info(f"{checked.settings.run_dir}: trained already")
            return replace(finished, kept=checked.is_chief)
        run = prepare_run(checked)
        if run.is_chief:
            _logger.info("\n".join(summary(run)))
        with _failures_in_one_line(run):
            run.directory.write_json(run.directory.config, config_of(run))
            fit(run)
            return replace(write_outcome(run), kept=run.is_chief)


def fit(run: PreparedRun) -> None:
    """Trains the epochs that are left; each ends with a checkpoint."""
    settings, history = run.settings, run.history
    if not history:
        untrained = run.model.evaluate(run.validation_batches, verbose=0, return_dict=True)
        history.append({"epoch": 0, **{f"val_{name}": untrained[name] for name in untrained}})
    if "val_flash_psnr" not in history[0]:
        history[0] |= compared(history[0], score_of_flash(run.validation))
    flash = {name: history[0][f"val_flash_{name}"] for name in SCORES}
    run.directory.write_history(history)
    if run.epochs_done >= settings.epochs:
        return
    steps = steps_per_epoch(run.data.training, settings.batch_size, settings.crops)
    callbacks = [
        CompareWithFlash(flash),
        RunKeeper(run.directory, history),
        keras.callbacks.TensorBoard(run.directory.tensorboard, write_graph=False),
        SampleGrids(run.directory, run.validation.take(_SAMPLES)),
    ]
    if run.is_chief:
        callbacks.append(Progress(settings.epochs, steps, settings.batch_size))
    if settings.ema is not None:
        callbacks.append(ValidateAveragedWeights())
    run.model.fit(
        _batches(run),
        initial_epoch=run.epochs_done,
        epochs=settings.epochs,
        steps_per_epoch=steps,
        validation_data=run.validation_batches,
        validation_freq=settings.validate_every,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )


def _batches(run: PreparedRun) -> tf.data.Dataset | tf.distribute.DistributedDataset:
    settings = run.settings
    dataset = training_dataset(
        run.data.training,
        settings.batch_size,
        settings.crops,
        seed=settings.seed,
        first_epoch=run.epochs_done,
        crop_scale=settings.crop_scale,
        ambient_mix=settings.ambient_mix,
        augmentation=settings.augmentation,
        same_exposure=settings.same_exposure,
        auto_exposure=settings.auto_exposure,
        unchanged_share=settings.unchanged_share,
        turned_share=settings.turned_share,
        shard=run.shard,
        replicas=run.replicas_here,
    )
    return on_each_worker(run.strategy, run.model.prepared(dataset))


@contextmanager
def _alone_in_run_directory(settings: TrainingSettings) -> Iterator[None]:
    """Keeps others from the run directory; of several workers only the chief writes it."""
    if settings.strategy == "multi_worker" and not group_from_environment().is_chief:
        yield
        return
    directory = RunDirectory(settings.run_dir)
    directory.make()
    with locked(directory.path):
        yield


@contextmanager
def _failures_in_one_line(run: PreparedRun) -> Iterator[None]:
    """Turns Ctrl-C and what a machine can run out of into a `WorkError`."""
    path = run.directory.path
    try:
        with _generator_kept_on_interrupt(run):
            yield
    except OSError as error:
        raise WorkError(
            f"{path}: {one_line(error)}; the last checkpoint is kept: fix this and repeat the call"
        ) from error
    except _LOST_WORKER as error:
        if run.group is None:
            raise
        raise LostWorkerError(
            f"{path}: another worker was lost; the last checkpoint is kept: start all workers again"
        ) from error
    except tf.errors.ResourceExhaustedError as error:
        raise WorkError(
            f"{path}: TensorFlow ran out of memory or disk; the last checkpoint is kept: make room "
            "and repeat the call, or choose a smaller `batch_size` or `crop_size` and another "
            "`run_dir`"
        ) from error


@contextmanager
def _generator_kept_on_interrupt(run: PreparedRun) -> Iterator[None]:
    kept = run.directory.interrupted_generator
    try:
        yield
    except KeyboardInterrupt as stopped:
        with run.directory.replacing(kept) as temporary:
            save_generator(run.model, temporary)
        raise WorkError(
            f"stopped by {str(stopped) or 'Ctrl-C'}; the current generator was saved as {kept}; "
            "run the same call again to resume after the last finished epoch"
        ) from None
