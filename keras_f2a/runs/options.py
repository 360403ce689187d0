"""The command-line options of all commands that train one run."""

from collections.abc import Collection
from typing import Any

from keras_f2a.runs.recipes import RECIPES, read_recipe
from keras_f2a.runs.recorded_settings import read_settings
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.errors import InputError
from keras_f2a.support.settings import settings_in

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
        "memory_limit",
    ),
}
"""The settings under each heading of the help text."""


def add_training_options(parser: ArgumentParser, without: Collection[str] = ()) -> None:
    """Add `--recipe`, `--demo`, `--config` and an option for each setting.

    Args:
        parser: The command's parser.
        without: Settings that the command chooses itself.
    """
    start = parser.add_mutually_exclusive_group()
    start.add_argument(
        "--recipe",
        metavar="NAME",
        help=f"settings from a file: {', '.join(RECIPES)}, or the path of another TOML file; "
        "other options take precedence",
    )
    start.add_argument(
        "--demo",
        action="store_true",
        help="use the recipe demo, which takes minutes on two CPU cores",
    )
    start.add_argument(
        "--config",
        metavar="FILE",
        help="an earlier run's config.json; use its settings, except its run directory; "
        "other options take precedence",
    )
    names = {entry.name for entry in settings_in(TrainingSettings)} - set(without)
    parser.add_settings(TrainingSettings, names, groups=GROUPS)


def settings_of(options: dict[str, Any]) -> TrainingSettings:
    """Return the settings that result from parsed options.

    Raises:
        InputError: There is no such recipe, the file of `config` holds no settings, or one of them
            has an invalid setting.
    """
    options = dict(options)
    recipe, demo, config = (options.pop(name) for name in ("recipe", "demo", "config"))
    if config is not None:
        return _override(read_settings(config), options, setting="config", value=config)
    if demo:
        return _override(read_recipe("demo"), options, setting="demo", value=True)
    if recipe is not None:
        return _override(read_recipe(recipe), options, setting="recipe", value=recipe)
    return TrainingSettings(**options)


def _override(
    base: dict[str, Any], options: dict[str, Any], *, setting: str, value: object
) -> TrainingSettings:
    """Override a file's settings with options, and name the file if its own settings are wrong."""
    settings = TrainingSettings(**{**base, **options})
    try:
        settings.check()
    except InputError as error:
        if error.setting in base.keys() - options.keys():
            raise InputError(str(error), setting=setting, value=value) from error
        raise
    return settings
