"""Opens and corrects a photograph in any form that Python holds: path, bytes, image or array."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
from PIL import Image

from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.one_file import Corrected, correct_content, correct_file
from keras_f2a.correction.photo_kinds import (
    AnyPhoto,
    correct_picture,
    display_name,
    is_encoded,
    is_path,
    photo_file,
    to_picture,
    validate_array,
)
from keras_f2a.correction.pixels import ArrayPixels, Correct, PillowPixels, Pixels
from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

_logger = logging.getLogger(__name__)


def correct_any_photo(
    photo: AnyPhoto,
    correct_image: Correct,
    correct_pixels: Callable[[Pixels], object],
    *,
    steps: FileCorrection,
) -> Any:
    """Return a corrected photograph of the same form; see `Corrector.correct`.

    Args:
        photo: A path, bytes, a file object, a Pillow image or an array.
        correct_image: Corrects a decoded photograph in place.
        correct_pixels: Corrects the pixels of an array in place.
        steps: How encoded photographs are read and written.

    Raises:
        InputError: It has another form, is damaged, or has values that are out of range, or a
            before/after picture is asked for.
        WorkError: Out of memory.
    """
    if steps.output.compare:
        raise InputError(
            "writes a picture next to a result's file; name a file for the result",
            setting="compare",
            value=True,
        )
    if is_path(photo):
        decoded = open_photo(Path(cast(str, photo)), steps.output.max_megapixels)
        correct_image(decoded.image, flash_fired=decoded.flash_fired)
        return to_picture(decoded)
    if is_encoded(photo):
        with photo_file(photo) as source:
            result = correct_content(source, steps=steps, correct=correct_image)
            _log_note(result, source, photo)
            return result.target.read_bytes()
    if isinstance(photo, Image.Image):
        return correct_picture(photo, correct_image)
    corrected = validate_array(photo).copy()
    correct_pixels(ArrayPixels(corrected))
    return corrected


def correct_into_file(
    source: AnyPhoto, output: str | os.PathLike, *, correct_image: Correct, steps: FileCorrection
) -> None:
    """Correct a photograph and write it to a file; see `Corrector.correct_file`.

    Args:
        source: The photograph, in any form.
        output: The file to write.
        correct_image: Corrects a decoded photograph in place.
        steps: How photographs are read and written.

    Raises:
        InputError: The photograph cannot be read, or `output` exists.
        WorkError: The result could not be written.
    """
    if not is_path(output):
        type_name = type(output).__name__
        raise InputError(f"output: must be the path of a file, not {type_name}")
    with photo_file(source) as file:
        target = Path(output)
        result = correct_file(file, target, steps=steps, correct=correct_image, fixed_name=True)
        _log_note(result, file, source)


def _log_note(result: Corrected, file: Path, photo: AnyPhoto) -> None:
    """Log what the result of a photograph lacks, for example its video."""
    if result.note:
        _logger.warning(result.note.replace(printable(file), printable(display_name(photo))))


def open_pixels(photo: AnyPhoto, max_megapixels: float) -> tuple[Pixels, bool | None]:
    """Decode a photograph for a preview. A Pillow image or an array is not changed.

    Args:
        photo: The photograph, in any form.
        max_megapixels: The largest photograph that is accepted.

    Returns:
        Its pixels, and whether the flash fired according to its file, `None` if unknown.

    Raises:
        InputError: It cannot be read.
    """
    with photo_file(photo) as file:
        decoded = open_photo(file, max_megapixels)
    return decoded_pixels(decoded.image), decoded.flash_fired


def decoded_pixels(image: Image.Image | np.ndarray) -> Pixels:
    """Return the pixels of a decoded photograph, after a check.

    Args:
        image: A Pillow image of mode RGB, or a uint16 array of shape (height, width, 3).

    Raises:
        InputError: It has another type, mode or shape, or is empty.
    """
    if isinstance(image, np.ndarray) and image.dtype == np.uint16:
        if image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
            raise InputError(f"image: must have shape (height, width, 3), not {image.shape}")
        return ArrayPixels(image)
    if not isinstance(image, Image.Image):
        type_name = type(image).__name__
        raise InputError(f"image: must be a Pillow image, not {type_name}; `correct` takes arrays")
    if image.mode != "RGB":
        raise InputError(f"image: must be of mode RGB, not {image.mode}")
    if 0 in image.size:
        raise InputError("image: has no pixels")
    return PillowPixels(image)
