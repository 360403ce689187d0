"""The options of every command that trains one run."""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from keras_f2a.runs.recorded_settings import read_settings
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.command_line import ArgumentParser

DEMO = {
    "run_dir": "runs/demo",
    "epochs": 80,
    "batch_size": 4,
    "crop_size": 128,
    "encoder_weights": "none",
    "width": 0.25,
    # An untrained discriminator is easily fooled by patterns, so its part is small.
    "adversarial_weight": 0.01,
    "generator_learning_rate": 5e-4,
    "discriminator_learning_rate": 5e-5,
    "ema": 0.99,
    "validate_every": 10,
}
"""Settings for minutes on two CPU cores, from random weights."""

GROUPS = {
    "data and run": ("run_dir", "data", "epochs", "batch_size", "crop_size", "seed"),
    "what is trained": (
        *("condition", "generator", "width", "encoder_weights", "start_from"),
        *("generator_learning_rate", "discriminator_learning_rate", "cosine_decay", "ema"),
    ),
    "losses": (
        *("adversarial_weight", "conditional_discriminator", "saturating"),
        *("perceptual_weight", "perceptual_features"),
    ),
    "changes to the pairs": (
        *("whole_images", "crop_scale", "augmentation", "ambient_mix", "same_exposure"),
        *("auto_exposure", "unchanged_share", "turned_share"),
    ),
    "validation and result": ("validate_every", "final"),
    "machine": ("precision", "strategy", "worker_timeout"),
    "rarely needed": (
        *("preprocessing", "initialization", "virtual_devices", "skip_bad_pairs", "limit"),
    ),
}
"""Under which heading of the help text each setting stands."""


def add_training_options(parser: ArgumentParser, without: Collection[str] = ()) -> None:
    """Adds `--demo`, `--config` and an option for each setting.

    Args:
        parser: The command's.
        without: Settings that the command chooses itself.
    """
    start = parser.add_mutually_exclusive_group()
    start.add_argument(
        "--demo", action="store_true", help="a quarter of the width, minutes on a CPU"
    )
    start.add_argument(
        "--config",
        metavar="FILE",
        help="an earlier run's config.json: train with its settings, but for its run directory and "
        "the options given beside it",
    )
    names = {item.name for item in fields(TrainingSettings)} - set(without)
    parser.add_settings(TrainingSettings, names, groups=GROUPS)


def settings_of(given: dict[str, Any]) -> TrainingSettings:
    """The settings that parsed options give.

    Raises:
        InputError: The file of `config` holds no settings.
    """
    given = dict(given)
    demo, config = given.pop("demo"), given.pop("config")
    if config is not None:
        return read_settings(config, **given)
    return TrainingSettings(**{**(DEMO if demo else {}), **given})
