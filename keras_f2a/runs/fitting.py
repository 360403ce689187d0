"""Trains the epochs of a prepared run."""

import keras

from keras_f2a.data.pipeline import training_dataset
from keras_f2a.runs.callbacks import Progress, RunKeeper, SampleGrids, ValidateAveragedWeights
from keras_f2a.runs.comparison import (
    SCORES,
    CompareWithFlash,
    compare_with_flash,
    drop_alias,
    score_flash,
)
from keras_f2a.runs.preparation import PreparedRun
from keras_f2a.runs.workers.strategy import on_each_worker

_SAMPLE_COUNT = 4


def fit(run: PreparedRun) -> None:
    """Train the remaining epochs. Each one ends with a checkpoint."""
    settings, history = run.settings, run.history
    if not history:
        untrained = drop_alias(
            run.model.evaluate(run.validation_batches, verbose=0, return_dict=True)
        )
        history.append({"epoch": 0, **{f"val_{name}": untrained[name] for name in untrained}})
    if any(f"val_flash_{name}" not in history[0] for name in SCORES):
        history[0] |= compare_with_flash(history[0], score_flash(run.validation))
    flash = {name: history[0][f"val_flash_{name}"] for name in SCORES}
    run.directory.write_history(history)
    if run.epochs_done >= settings.epochs:
        return
    callbacks = [
        CompareWithFlash(flash),
        RunKeeper(run.directory, history),
        keras.callbacks.TensorBoard(run.directory.tensorboard, write_graph=False),
        SampleGrids(run.directory, run.validation.take(_SAMPLE_COUNT)),
    ]
    if run.is_chief:
        callbacks.append(Progress(settings.epochs, run.data.steps, settings.pairs.batch_size))
    if settings.optimizer.ema is not None:
        callbacks.append(ValidateAveragedWeights())
    training = training_dataset(
        run.data.training,
        settings.pairs,
        seed=settings.seed,
        first_epoch=run.epochs_done,
        shard=run.shard,
        replicas=run.replicas_here,
    )
    batches = on_each_worker(run.strategy, run.model.prepared(training))
    run.model.fit(
        batches,
        initial_epoch=run.epochs_done,
        epochs=settings.epochs,
        steps_per_epoch=run.data.steps,
        validation_data=run.validation_batches,
        validation_freq=settings.validate_every,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )
