"""Corrects one photograph with one call, which loads the network and then releases it."""

import os
from typing import Any

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.photo_kinds import AnyPhoto, is_path
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings, changed_settings


def correct_photo(
    source: AnyPhoto,
    output: str | os.PathLike | None = None,
    *,
    settings: CorrectionSettings | None = None,
    output_settings: OutputSettings | None = None,
    **changes: Any,
) -> Any:
    """Correct one photograph, at its full size and with its metadata.

    Args:
        source: A path, bytes, a file object, a Pillow image or an array; see `Corrector.correct`.
        output: The file to write, completely or not at all; `None` to return the photograph.
        settings: The settings of the correction; the defaults if `None`.
        output_settings: How the photograph is read and written; the defaults if `None`.
        **changes: Individual settings of either kind, for example ``strength=0.5, force=True``.
            `model` may also be a network in memory, as in `Corrector`.

    Returns:
        `None` if `output` is given, and otherwise what `Corrector.correct` returns.

    Raises:
        InputError: The photograph or the model cannot be read, a setting is out of range,
            `output` exists, or `compare` is set without `output`.
        WorkError: The result could not be written.
    """
    network = None if is_path(changes.get("model")) else changes.pop("model", None)
    settings, output_settings = changed_settings(changes, settings, output_settings)
    corrector = Corrector(network, settings)
    if output is None:
        return corrector.correct(source, output_settings)
    return corrector.correct_file(source, output, output_settings)
