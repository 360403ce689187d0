"""Compares a run's results with the baseline: the unchanged flash photographs."""

from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from keras_f2a.training.metrics import SCORES


def score_flash(validation: tf.data.Dataset) -> dict[str, float]:
    """Return the mean scores of the flash photographs themselves, as if they were results.

    Args:
        validation: Batches (flash, ambient) of RGB in [0, 1]. Further channels are ignored.

    Returns:
        PSNR in decibels, SSIM and any other scores, by their names in `SCORES`.
    """
    values: dict[str, list[np.ndarray]] = {name: [] for name in SCORES}
    for flash, ambient in validation:
        for name, score in SCORES.items():
            values[name].append(score.compute(ambient[..., :3], flash[..., :3]).numpy())
    return {name: float(np.concatenate(scores).mean()) for name, scores in values.items()}


def drop_alias(logs: Mapping[str, float]) -> dict[str, float]:
    """Return the logs without `loss`, which is `generator` under the name that Keras expects."""
    return {name: value for name, value in logs.items() if name not in ("loss", "val_loss")}


def gain(result: Mapping[str, float], flash: Mapping[str, float]) -> dict[str, float]:
    """Return how much higher the scores of a result are than the flash photographs'."""
    # In runs of earlier versions, both are infinite if flash and ambient photographs are the same.
    equal = {name for name in result if result[name] == flash[name]}
    return {name: 0.0 if name in equal else float(result[name] - flash[name]) for name in result}


def compare_with_flash(logs: Mapping[str, float], flash: Mapping[str, float]) -> dict[str, float]:
    """Return the columns of a validated epoch that compare it with the flash photographs.

    Args:
        logs: The logs of `fit`, with `val_psnr` and `val_ssim`.
        flash: The scores that `score_flash` returned.

    Returns:
        For example `val_flash_psnr` and `val_psnr_gain`.
    """
    # The untrained model lacks the scores that were registered after the run had started.
    gains = gain({n: logs[f"val_{n}"] for n in SCORES if f"val_{n}" in logs}, flash)
    return {
        **{f"val_flash_{name}": flash[name] for name in SCORES},
        **{f"val_{name}_gain": value for name, value in gains.items()},
    }


class CompareWithFlash(keras.callbacks.Callback):
    """Adds the comparison with the flash photographs to the logs of each validated epoch.

    It must come before the callbacks that show or save the logs.

    Args:
        flash: The scores that `score_flash` returned.
    """

    def __init__(self, flash: Mapping[str, float]):
        super().__init__()
        self.flash = flash

    def on_epoch_end(self, epoch, logs=None):
        """Add what `compare_with_flash` returns."""
        if "val_psnr" in logs:
            logs.update(compare_with_flash(logs, self.flash))
