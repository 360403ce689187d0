"""Copies a model's files to workers, so that they correct as with the original files."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.settings import CorrectionSettings
from keras_f2a.generator_files import generator_file, is_a_name
from keras_f2a.model_files.bundled import is_bundled_file
from keras_f2a.model_files.card import card_file
from keras_f2a.model_files.tflite_names import PLAIN_SUFFIXES, sibling_file


def check_model(settings: CorrectionSettings) -> None:
    """Load a model and its sibling for the other orientation, if it has one.

    Raises:
        InputError: The model cannot be loaded, or does not support the settings.
        WorkError: It cannot run.
    """
    corrector, file = Corrector(settings), _own_file(settings.model)
    if file is not None:
        load_both_orientations(corrector, file)


def copied_files(model: str | os.PathLike | None) -> dict[str, bytes] | None:
    """Return the name and content of each file that a worker needs, the model's file first.

    These are also its sibling for the other orientation and the cards of both. The result is `None`
    for a model of the package, which every worker has.
    """
    file = _own_file(model)
    if file is None:
        return None
    files = [file]
    if file.suffix in PLAIN_SUFFIXES:
        sibling = sibling_file(file)
        files += [sibling] if sibling is not None else []
        files += filter(Path.is_file, map(card_file, list(files)))
    return {file.name: file.read_bytes() for file in files}


def settings_for_copies(settings: CorrectionSettings) -> CorrectionSettings:
    """Return settings that have the same effect with a copy of the model's file.

    A copy of one of the package's files does not count as the package's, so `rules="auto"` would
    turn the rules off.
    """
    file = _own_file(settings.model)
    if settings.rules == "auto" and file is not None and is_bundled_file(file):
        return replace(settings, rules="on")
    return settings


def load_both_orientations(corrector: Corrector, model: Path) -> None:
    """Load a model's sibling for the other orientation now, if it has one.

    Otherwise a corrector reads its file with the first photograph of that orientation, when a copy
    may be gone.

    Args:
        corrector: The corrector that loaded the model.
        model: The model's file.

    Raises:
        InputError: The sibling cannot be loaded.
        WorkError: One of the two cannot run.
    """
    if sibling_file(model) is not None:
        for shape in (24, 32, 3), (32, 24, 3):
            corrector.correct(np.zeros(shape, np.uint8))


def _own_file(model: str | os.PathLike | None) -> Path | None:
    """Return the file of a model that the user named by its path."""
    return None if model is None or is_a_name(model) else generator_file(model)
