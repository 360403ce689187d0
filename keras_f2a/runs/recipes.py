"""Recipes: files of training settings, such as the package's own `paper.toml` and `light.toml`.

A recipe has a table for each part of `TrainingSettings` and lists settings that are not at their
default:

    epochs = 12

    [pairs]
    batch_size = 8

    [optimizer]
    ema = 0.998
"""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.settings import settings_in

_FOLDER = Path(__file__).parents[1] / "training" / "recipes"
RECIPES = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
"""The names of the package's own recipes."""


def read_recipe(recipe: str | Path) -> dict[str, Any]:
    """Read a recipe.

    Args:
        recipe: Name of one of the package's recipes, or the path of a TOML file.

    Returns:
        The recipe's settings by name, for `TrainingSettings`.

    Raises:
        InputError: There is no such recipe, it cannot be read, or it has unknown settings.
    """
    path = _recipe_path(recipe)
    try:
        # Windows Notepad may write a byte order mark.
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:  # ValueErrors: not UTF-8, not TOML.
        raise _recipe_error(recipe, f"cannot be read ({one_line(error)})") from error
    parts = {item.name: item.metadata.get("part") for item in fields(TrainingSettings)}
    top_level = {name for name, part in parts.items() if part is None}
    settings: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, Mapping):
            if parts.get(name) is None:
                raise _recipe_error(recipe, f"has an unknown table [{name}]; {_tables()}")
            table = {entry.name for entry in settings_in(parts[name])}
            settings |= _settings(recipe, f"[{name}]", value, table)
        else:
            settings |= _settings(recipe, "the top", {name: value}, top_level)
    return settings


def _recipe_path(recipe: str | Path) -> Path:
    if str(recipe) in RECIPES:
        return _FOLDER / f"{recipe}.toml"
    if not Path(recipe).is_file():
        raise _recipe_error(
            recipe, f"no such recipe; choose one of {', '.join(RECIPES)}, or the path of a file"
        )
    return Path(recipe)


def _settings(
    recipe: str | Path, location: str, values: Mapping[str, Any], known: set[str]
) -> dict[str, Any]:
    for name in values:
        if name not in known:
            tables = [table for table, names in _parts() if name in names]
            hint = f"; it belongs to [{tables[0]}]" if tables else ""
            raise _recipe_error(recipe, f"{location} has no setting {name}{hint}")
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }


def _parts() -> list[tuple[str, set[str]]]:
    parts = [(item.name, item.metadata.get("part")) for item in fields(TrainingSettings)]
    return [(name, {entry.name for entry in settings_in(part)}) for name, part in parts if part]


def _tables() -> str:
    return f"the tables are {', '.join(f'[{name}]' for name, _ in _parts())}"


def _recipe_error(recipe: str | Path, problem: str) -> InputError:
    return InputError(problem, setting="recipe", value=recipe)
