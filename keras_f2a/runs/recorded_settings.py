"""Reads the settings that a run recorded, and compares them with those to resume it with."""

import json
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.settings import settings_in

# What may differ when a run resumes: how long it runs and what it shows, not what it learns.
_MAY_CHANGE_ON_RESUME = {"run_dir", "epochs", "validate_every", "final", "data"}
_MAY_CHANGE_ON_RESUME |= {"worker_timeout", "memory_limit"}


def read_settings(path: str | Path) -> dict[str, Any]:
    """Return the settings that a run recorded in its `config.json`, except its `run_dir`.

    Args:
        path: The file.

    Returns:
        The settings by name, for `TrainingSettings`.

    Raises:
        InputError: The file cannot be read, or it does not hold a run's settings of this version.
    """
    try:
        # Windows Notepad may write a byte order mark.
        recorded = json.loads(Path(path).read_text(encoding="utf-8-sig"))["settings"]
        settings = {name: _from_json(value) for name, value in recorded.items()}
        unknown = sorted(settings.keys() - {entry.name for entry in settings_in(TrainingSettings)})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        is_unreadable = isinstance(error, OSError | RecursionError)
        reason = one_line(error) if is_unreadable else "no settings in it"
        raise InputError(
            f"not a run's config.json ({reason})", setting="config", value=path
        ) from error
    if unknown:
        raise InputError(
            f"has settings of another version: {', '.join(unknown)}", setting="config", value=path
        )
    settings.pop("run_dir", None)
    if _are_bundled_scenes(settings.get("data")):
        del settings["data"]
    if settings.get("whole_images"):
        settings.pop("crop_scale", None)  # Earlier versions recorded it, without effect.
    return settings


def _are_bundled_scenes(folder: Any) -> bool:
    """Return whether a recorded folder is the package's own, which differs between machines."""
    # A path of Windows may have either separator.
    ending = BUNDLED_SCENES.parts[-3:]
    return isinstance(folder, str) and PureWindowsPath(folder).parts[-3:] == ending


def settings_from(values: Mapping[str, Any]) -> TrainingSettings:
    """Return the settings whose `as_dict` returned these values."""
    return TrainingSettings(**{name: _from_json(value) for name, value in values.items()})


def differences(settings: TrainingSettings, earlier: Mapping[str, Any]) -> list[str]:
    """Return how settings differ from those of the run that they should resume.

    Args:
        settings: Resolved settings.
        earlier: The `as_dict` of that run's settings.

    Returns:
        For example ``["`seed` is 1, was 0"]``.
    """
    current = settings.as_dict()
    # A setting that is newer than the run was at its default.
    recorded = {**TrainingSettings().as_dict(), **earlier}
    # If the rates decay, the number of epochs determines how fast.
    may_change = _MAY_CHANGE_ON_RESUME - ({"epochs"} if settings.optimizer.cosine_decay else set())
    if current["whole_images"]:
        may_change |= {"crop_scale"}  # Earlier versions recorded it, without effect.
    return [
        f"`{name}` is {current[name]}, was {recorded[name]}"
        for name in current
        if name not in may_change and current[name] != recorded[name]
    ]


def _from_json(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
