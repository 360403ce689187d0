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
    path = _path(recipe)
    try:
        # Windows Notepad may write a byte order mark.
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:  # ValueErrors: not UTF-8, not TOML.
        raise _refused(recipe, f"cannot be read ({one_line(error)})") from error
    own = {item.name: item.metadata.get("part") for item in fields(TrainingSettings)}
    given: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, Mapping):
            if own.get(name) is None:
                raise _refused(recipe, f"has an unknown table [{name}]; {_tables()}")
            given |= _settings(recipe, f"[{name}]", value, own[name])
        else:
            names = {entry for entry, inside in own.items() if inside is None}
            given |= _settings(recipe, "the top", {name: value}, names)
    return given


def _path(recipe: str | Path) -> Path:
    if str(recipe) in RECIPES:
        return _FOLDER / f"{recipe}.toml"
    if not Path(recipe).is_file():
        raise _refused(
            recipe, f"no such recipe; choose one of {', '.join(RECIPES)}, or the path of a file"
        )
    return Path(recipe)


def _settings(recipe, place: str, values: Mapping[str, Any], known: Any) -> dict[str, Any]:
    names = known if isinstance(known, set) else {entry.name for entry in settings_in(known)}
    for name in values:
        if name not in names:
            where = next(
                (f"; it belongs to [{table}]" for table, inside in _parts() if name in inside), ""
            )
            raise _refused(recipe, f"{place} has no setting {name}{where}")
    return {n: tuple(v) if isinstance(v, list) else v for n, v in values.items()}


def _parts() -> list[tuple[str, set[str]]]:
    parts = [(item.name, item.metadata.get("part")) for item in fields(TrainingSettings)]
    return [(name, {entry.name for entry in settings_in(part)}) for name, part in parts if part]


def _tables() -> str:
    return f"the tables are {', '.join(f'[{name}]' for name, _ in _parts())}"


def _refused(recipe: str | Path, problem: str) -> InputError:
    return InputError(problem, setting="recipe", value=recipe)
