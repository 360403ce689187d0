"""Corrects one photograph from file to file, with a `PhotoJob` whose failure is raised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.folders import DiskFolder
from keras_f2a.correction.job import PhotoJob
from keras_f2a.correction.photo_task import PhotoTask
from keras_f2a.imaging.file_kind import AVIF, PNG, TIFF, WEBP, detect_kind

if TYPE_CHECKING:
    from keras_f2a.correction.pixels import Correct

_SUFFIXES = {PNG: ".png", WEBP: ".webp", AVIF: ".avif", TIFF: ".tif"}
"""Suffixes of results by the kind of photograph. All other results are JPEG files."""


class Corrected(NamedTuple):
    """The outcome for one photograph.

    Attributes:
        target: The file of its result.
        note: A note for the user, usually empty.
        is_new: Whether the result was written now; `False` if it already existed.
        is_left: Whether it is almost unchanged, because it shows no flash.
    """

    target: Path
    note: str = ""
    is_new: bool = True
    is_left: bool = False


def correct_file(
    source: Path, target: Path, *, steps: FileCorrection, correct: Correct, fixed_name: bool = False
) -> Corrected:
    """Correct a photograph from file to file, unless its result already exists.

    Args:
        source: The photograph.
        target: The file for its result. If the photograph has alpha, `.jpg` becomes `.png`.
        steps: How it is read and written.
        correct: Corrects its pixels in place.
        fixed_name: Whether the target's name is kept and an earlier result does not count.

    Raises:
        InputError: A result may not be written there, or the photograph cannot be read.
        WorkError: It could not be corrected or written.
    """
    task = PhotoTask(DiskFolder(), str(source), target.name, fixed_name)
    with PhotoJob([task], DiskFolder(str(target.parent)), steps) as job:
        (result,) = job.results(correct)
    if result.error is not None:
        raise result.error
    return Corrected(
        target.with_name(result.task.target),
        result.message,
        result.status == "corrected",
        result.is_left,
    )


def correct_content(source: Path, *, steps: FileCorrection, correct: Correct) -> Corrected:
    """Correct a photograph without a meaningful file name, into a file next to it.

    The result's format follows the content. HEIC and RAW become JPEG, or PNG if they have alpha.

    Args:
        source: The photograph. The result is `result` next to it, with the format's suffix.
        steps: How it is read and written.
        correct: Corrects its pixels in place.

    Raises:
        InputError: The photograph cannot be read.
        WorkError: It could not be corrected or written.
    """
    target = source.with_name("result" + _SUFFIXES.get(detect_kind(source), ".jpg"))
    return correct_file(source, target, steps=steps, correct=correct)
