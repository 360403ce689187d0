"""The command-line options of all commands that train one run."""

from collections.abc import Collection
from typing import Any

from keras_f2a.runs.recipes import RECIPES, read_recipe
from keras_f2a.runs.recorded_settings import read_settings
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.errors import InputError
from keras_f2a.support.settings import settings_in
from keras_f2a.training.conditions import CONDITIONS

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
_ADVERSARIAL = (
    *("adversarial_weight", "conditional_discriminator", "saturating"),
    "discriminator_learning_rate",
)


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
        InputError: There is no such recipe, the file of `config` holds no settings, one of them has
            an invalid setting, or an option has no effect on the condition.
    """
    options = dict(options)
    recipe, demo, config = (options.pop(name) for name in ("recipe", "demo", "config"))
    if config is not None:
        settings = _override(read_settings(config), options, setting="config", value=config)
    elif demo:
        settings = _override(read_recipe("demo"), options, setting="demo", value=True)
    elif recipe is not None:
        settings = _override(read_recipe(recipe), options, setting="recipe", value=recipe)
    else:
        settings = TrainingSettings(**options)
    _check_effect(settings.objective.condition, options)
    return settings


def _check_effect(condition: str, options: dict[str, Any]) -> None:
    """Refuse options for a discriminator that the condition does not have.

    A file's settings are not refused, because a recorded run has a value for every setting.
    """
    if condition not in CONDITIONS or CONDITIONS[condition].adversarial:
        return
    for name in _ADVERSARIAL:
        if options.get(name):
            raise InputError(
                f"has no effect, because `condition={condition}` trains without a discriminator; "
                "leave it out",
                setting=name,
                value=options[name],
            )


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
