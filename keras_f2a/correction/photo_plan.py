"""Finds photographs and plans where their corrected versions go."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from keras_f2a.imaging.photo import PHOTO_SUFFIXES
from keras_f2a.imaging.photo_output import FORMATS
from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.input_files import files_below
from keras_f2a.support.printable import printable

COMPARISON_SUFFIX = ".compare.jpg"


@dataclass(frozen=True)
class PhotoTask:
    """One photograph to correct.

    Attributes:
        source: The photograph.
        target: The file that its corrected version goes to.
    """

    source: Path
    target: Path

    @property
    def with_alpha(self) -> "PhotoTask":
        """The task with a target that can hold alpha, `.png` in place of `.jpg`."""
        if FORMATS[self.target.suffix.lower()] != "JPEG":
            return self
        return PhotoTask(self.source, self.target.with_suffix(".png"))

    @property
    def comparison(self) -> Path:
        """The file for a before/after picture, beside the target."""
        return self.target.with_name(self.target.name + COMPARISON_SUFFIX)


def plan_photos(
    inputs: Sequence[str | Path], output: str | Path, recursive: bool = False
) -> list[PhotoTask]:
    """Finds the photographs and gives each a place under the output folder.

    A file keeps its name; a folder's files keep their paths below that folder. HEIC files become
    `.jpg` files. Files that earlier runs wrote are not taken up again: those in the output
    folder, where it lies inside an input folder, and before/after pictures. A folder inside an
    input folder that may not be searched is a task too, so that it is reported as skipped.

    Args:
        inputs: Files, folders and glob patterns (`"**"` in a pattern goes down folders).
        output: The folder for the results; it need not exist.
        recursive: Whether folders inside the folders are searched too.

    Returns:
        The tasks, in the order of the inputs, a folder's files by name.

    Raises:
        InputError: An input does not exist, matches nothing, or holds no photograph.
    """
    if not str(output):
        raise InputError("names no folder; the current one is .", setting="output", value="")
    output = Path(output)
    if _is(Path.exists, output) and not output.is_dir():
        raise InputError("is a file; name a folder for the results", setting="output", value=output)
    tasks = []
    for path in [path for entry in inputs for path in _expanded(entry)]:
        if _is(Path.is_dir, path):
            tasks += _plan_folder(path, output, recursive)
        else:
            tasks.append(PhotoTask(path, output / result_name(path.name)))
    return list(dict.fromkeys(tasks))


def is_photo_name(name: str) -> bool:
    """Whether a file of this name, without its folder, is a photograph that a folder is meant for.

    Hidden files and before/after pictures are none.
    """
    return (
        os.path.splitext(name)[1].lower() in PHOTO_SUFFIXES  # noqa: PTH122
        and not name.startswith(".")
        and not name.endswith(COMPARISON_SUFFIX)
    )


def result_name(name: str) -> str:
    """The name of a photograph's result: its own, or with `.jpg` where its format is only read."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122
    if suffix.lower() in FORMATS:
        return name
    return (stem if suffix.lower() in PHOTO_SUFFIXES else name) + ".jpg"


def _expanded(entry: str | Path) -> list[Path]:
    if not str(entry):
        raise InputError("'': names no photograph or folder; the current folder is .")
    path = Path(entry)
    if _is(Path.exists, path):
        return [path]
    root = Path(path.anchor)
    try:
        matches = sorted(root.glob(str(path.relative_to(root))))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{printable(path)}: not a pattern for photographs ({one_line(error)})"
        ) from error
    matches = [match for match in matches if not match.name.startswith(".")]
    if not matches:
        raise InputError(f"{printable(path)}: there is no such photograph or folder")
    return matches


def _plan_folder(folder: Path, output: Path, recursive: bool) -> list[PhotoTask]:
    files, refused = files_below(folder, recursive)
    here, results = os.path.realpath(folder), os.path.realpath(output)
    photos = [
        path
        for path in files
        if is_photo_name(path.name) and (here == results or not _lies_in(path, results))
    ]
    if not photos and not refused:
        hint = "" if recursive else "; `recursive` searches the folders inside it"
        raise InputError(f"{printable(folder)}: holds no JPEG, PNG, WebP or HEIC file{hint}")
    targets = [output / path.relative_to(folder) for path in photos + refused]
    return [
        PhotoTask(path, target.with_name(result_name(target.name)))
        for path, target in zip(photos + refused, targets, strict=True)
    ]


def _is(question: Callable[[Path], bool], path: Path) -> bool:
    """Asks the system about a path that it may refuse to look at."""
    try:
        return question(path)
    except OSError as error:  # For example its name is too long, or a folder may not be entered.
        raise InputError(f"{printable(path)}: cannot be read ({one_line(error)})") from error


def _lies_in(path: Path, folder: str) -> bool:
    return Path(folder) in Path(os.path.realpath(path)).parents
