"""Trains a generator from pairs of photographs: one function from settings to files."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
import tensorflow as tf

from keras_f2a.data.pairs import LoadedPairs
from keras_f2a.data.pipeline import steps_per_epoch, training_dataset, validation_dataset
from keras_f2a.models import EncoderWeightsError
from keras_f2a.runs.callbacks import Progress, RunKeeper, SampleGrids, ValidateAveragedWeights
from keras_f2a.runs.checkpoint import checkpoint_bytes, restore_checkpoint, save_generator
from keras_f2a.runs.devices import choose_strategy, describe
from keras_f2a.runs.outcome import TrainingResult, read_outcome, write_outcome
from keras_f2a.runs.run_data import RunData, load_run_data
from keras_f2a.runs.run_directory import RunDirectory
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.support.provenance import package_versions, source_commit
from keras_f2a.training import conditions
from keras_f2a.training.flash_to_ambient import FlashToAmbient, paper_adam

_SAMPLES = 4
_logger = logging.getLogger(__name__)


def train(settings: TrainingSettings) -> TrainingResult:
    """Trains a generator, or goes on with a run that was interrupted.

    Called again with the same settings, a run goes on after its last finished epoch and ends with
    the same weights as if it had never stopped. Logs a summary and a line per epoch.

    Args:
        settings: The settings; the defaults are the paper's.

    Returns:
        The files that the run directory now holds, and the metrics.

    Raises:
        InputError: Settings, data or run directory are not usable; nothing was started.
        WorkError: The run could not be finished; its last checkpoint is kept.
    """
    settings = settings.resolved()
    run = RunDirectory(settings.run_dir)
    run.prepare()
    data = load_run_data(settings)
    description = data.description()
    run.check_same_run(settings, description)
    finished = read_outcome(settings, run)
    if finished is not None:
        _logger.info(f"{run.path}: trained already")
        return finished
    strategy = choose_strategy(settings.strategy, settings.virtual_devices)
    _check_batch_size(settings, data.training, strategy.num_replicas_in_sync)
    keras.utils.set_random_seed(settings.seed)
    with _dtype_policy(settings.precision), strategy.scope():
        model = build_model(settings)
    # The checkpoint and its successor, and the generator alone three times.
    run.check_space(2 * checkpoint_bytes(model) + 3 * 4 * model.generator.count_params())
    run.write_config(_config(settings, description))
    epochs_done = restore_checkpoint(model, run.last_checkpoint)
    _log_summary(settings, data, model, strategy, epochs_done)
    validation = validation_dataset(
        data.validation, settings.seed, settings.ambient_mix, strategy.num_replicas_in_sync
    )
    try:
        _fit(settings, run, data, validation, model, epochs_done)
        return write_outcome(settings, run, validation, model)
    except KeyboardInterrupt:
        save_generator(model, run.interrupted_generator)
        raise WorkError(
            f"stopped by Ctrl-C; the generator of this moment is {run.interrupted_generator}, and "
            "the same command goes on after the last finished epoch"
        ) from None
    except OSError as error:
        raise WorkError(
            f"{run.path}: {error}; the last checkpoint is kept: mend this and repeat the command"
        ) from error
    except tf.errors.ResourceExhaustedError as error:
        raise WorkError(
            f"{run.path}: TensorFlow ran out of memory or disk; the last checkpoint is kept: make "
            "room and repeat the command, or choose a smaller --batch-size or --crop-size and "
            "another --run-dir"
        ) from error


def build_model(settings: TrainingSettings) -> FlashToAmbient:
    """Builds and compiles what resolved settings train, in the current strategy and precision.

    Raises:
        InputError: The encoder's weights cannot be had.
    """
    encoder_weights = None if settings.encoder_weights == "none" else settings.encoder_weights
    try:
        generator = conditions.build_generator(
            settings.condition,
            settings.width,
            encoder_weights,
            settings.preprocessing,
            settings.generator,
        )
    except EncoderWeightsError as error:
        raise InputError(f"--encoder-weights: {error}") from error
    model = conditions.build_model(
        settings.condition,
        generator,
        settings.width,
        settings.adversarial_weight,
        settings.conditional_discriminator,
        settings.saturating,
    )
    generator_optimizer = paper_adam(settings.generator_learning_rate)
    if settings.ema is not None:
        generator_optimizer.use_ema = True
        generator_optimizer.ema_momentum = settings.ema
    model.compile(generator_optimizer, paper_adam(settings.discriminator_learning_rate))
    return model


def _fit(
    settings: TrainingSettings,
    run: RunDirectory,
    data: RunData,
    validation: tf.data.Dataset,
    model: FlashToAmbient,
    epochs_done: int,
) -> None:
    if epochs_done >= settings.epochs:
        return
    history = [row for row in run.read_history() if row["epoch"] <= epochs_done]
    if epochs_done == 0:
        untrained = model.evaluate(validation, verbose=0, return_dict=True)
        history = [{"epoch": 0, **{f"val_{name}": value for name, value in untrained.items()}}]
    steps = steps_per_epoch(data.training, settings.batch_size, settings.crops)
    callbacks = [
        RunKeeper(run, history),
        keras.callbacks.TensorBoard(run.tensorboard, write_graph=False),
        SampleGrids(run, validation.take(_SAMPLES)),
        Progress(settings.epochs, steps, settings.batch_size),
    ]
    if settings.ema is not None:
        callbacks.append(ValidateAveragedWeights())
    model.fit(
        training_dataset(
            data.training,
            settings.batch_size,
            settings.crops,
            settings.seed,
            epochs_done,
            settings.crop_scale,
            settings.ambient_mix,
            settings.augmentation,
        ),
        initial_epoch=epochs_done,
        epochs=settings.epochs,
        steps_per_epoch=steps,
        validation_data=validation,
        validation_freq=settings.validate_every,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )


def _check_batch_size(settings: TrainingSettings, pairs: LoadedPairs, replicas: int) -> None:
    if steps_per_epoch(pairs, settings.batch_size, settings.crops) == 0:
        of_one_size = " of one size" if settings.whole_images else ""
        raise InputError(
            f"--batch-size {settings.batch_size}: more than the {len(pairs)} training pairs"
            f"{of_one_size} in {settings.data}; use --batch-size {len(pairs)} or less"
        )
    if settings.batch_size % replicas:
        raise InputError(
            f"--batch-size {settings.batch_size}: must be a multiple of the {replicas} devices"
        )


@contextmanager
def _dtype_policy(name: str) -> Iterator[None]:
    """Keras's precision policy inside the block; the earlier one is put back after it."""
    earlier = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(earlier)


def _config(settings: TrainingSettings, description: dict) -> dict:
    return {
        "settings": settings.as_dict(),
        "data": description,
        "versions": package_versions(),
        "commit": source_commit(),
        "warnings": settings.warnings(),
    }


def _log_summary(
    settings: TrainingSettings,
    data: RunData,
    model: FlashToAmbient,
    strategy: tf.distribute.Strategy,
    epochs_done: int,
) -> None:
    size = settings.crop_size
    networks = {"generator": model.generator, "discriminator": model.discriminator}
    lines = [
        f"data           {settings.data}: {len(data.training)} training and "
        f"{len(data.validation)} validation pairs",
        f"condition      {settings.condition}, batches of {settings.batch_size}, "
        + ("whole images" if settings.whole_images else f"{size}×{size} crops"),
        f"devices        {describe(strategy)}, {settings.precision}",
    ]
    for name, network in networks.items():
        if network is not None:
            trained = sum(int(np.prod(v.shape)) for v in network.trainable_variables)
            total = network.count_params()
            lines.append(f"{name:<14} {total:,} parameters, {trained:,} trained")
    lines.append(f"run directory  {settings.run_dir}")
    if epochs_done:
        lines.append(f"goes on after epoch {epochs_done} of {settings.epochs}")
    lines += [f"WARNING: {warning}" for warning in settings.warnings()]
    _logger.info("\n".join(lines))
