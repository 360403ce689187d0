"""Finds the file of a trained network on disk, in a run directory, on a hub or in the package."""

import os
from collections.abc import Sequence
from pathlib import Path

from keras_f2a.model_files.bundled import MODELS, pretrained_file
from keras_f2a.model_files.hub import hub_file, is_hub_address
from keras_f2a.model_files.tflite_names import PLAIN_SUFFIXES
from keras_f2a.support.errors import InputError
from keras_f2a.support.input_files import check_file, reading

GENERATOR_FILE = "generator.keras"
"""File name of the trained generator in a run directory."""
PLACED_LIGHT_FILE = "placed_light.keras"
"""File name of a trained network for placed light in a run directory."""


def generator_file(
    path: str | os.PathLike,
    kinds: str = "a .tflite, .onnx or .keras file",
    *,
    suffixes: Sequence[str] = (*PLAIN_SUFFIXES, ".keras"),
) -> Path:
    """Return the file of a generator or a network for placed light.

    For a run directory, this is its `generator.keras` or `placed_light.keras`.

    Args:
        path: A file, a run directory, the name of a network in the package (see `is_a_name`), or
            an address on a hub, `hf://…`, whose file is downloaded (see
            `keras_f2a.model_files.hub.hub_file`).
        kinds: What else the user may name, for the error message.
        suffixes: The suffixes to look for in a hub's repository and in the package, preferred
            suffix first.

    Raises:
        InputError: The file is missing or cannot be read, or `path` is neither a string nor a path.
        WorkError: The hub cannot be reached.
    """
    if not isinstance(path, str | os.PathLike):
        kind = type(path).__name__
        raise InputError(f"must be a path, a hub address or a name, not {kind}", setting="model")
    if is_a_name(path):
        return pretrained_file("keras" if suffixes[0] == ".keras" else "int8.tflite", str(path))
    if is_hub_address(path):
        return hub_file(str(path), tuple(suffixes))
    if "://" in str(path) and not os.path.lexists(path):
        raise InputError("is a URL; download the model and name its file", file=str(path))
    path = Path(path)
    file = _trained_in(path) if _is_folder(path) else path
    if file is None:
        raise InputError(
            f"not a finished run directory (no {GENERATOR_FILE} in it); name one, or {kinds}",
            file=path,
        )
    if not os.path.lexists(file):
        raise InputError(
            f"there is no such model; name a file, a run directory, or one of "
            f"ours: {', '.join(MODELS)}",
            file=path,
        )
    check_file(file)
    with reading(file):
        file.open("rb").close()
    return file


def is_a_name(model: str | os.PathLike | None) -> bool:
    """Return whether `model` is the name of one of `keras_f2a.model_files.bundled.MODELS`.

    A file or a finished run directory of that name takes precedence. A `Path` is never a name.
    """
    if not isinstance(model, str) or model not in MODELS:
        return False
    return not Path(model).is_file() and _trained_in(Path(model)) is None


def needs_tensorflow(model: str | os.PathLike | None) -> bool:
    """Return whether running this model imports TensorFlow; `None` is the default model."""
    if model is not None and (is_hub_address(model) or is_a_name(model)):
        model = generator_file(model)
    return model is not None and (
        Path(model).suffix not in PLAIN_SUFFIXES or _is_folder(Path(model))
    )


def _is_folder(path: Path) -> bool:
    with reading(path):
        return path.is_dir()


def _trained_in(directory: Path) -> Path | None:
    files = (directory / name for name in (GENERATOR_FILE, PLACED_LIGHT_FILE))
    with reading(directory):
        return next((file for file in files if file.is_file()), None)
