"""Finds photographs and plans where their corrected versions go."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from keras_f2a.correction.earlier_results import (
    drop_written,
    folder_inside,
    inputs_among_results,
    is_inside,
    searched_folder,
)
from keras_f2a.correction.folder_contents import (
    CACHE_TAG,
    Ignored,
    hidden_part,
    photos_among,
)
from keras_f2a.correction.folders import DiskFolder
from keras_f2a.correction.photo_task import PhotoTask, result_name
from keras_f2a.imaging.file_kind import PHOTO_SUFFIXES
from keras_f2a.imaging.photo_output import FORMATS
from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.folders import check_not_empty
from keras_f2a.support.input_files import files_below
from keras_f2a.support.printable import printable

_OTHER_IMAGES = frozenset({".bmp", ".gif", ".jxl", ".jp2", ".tif", ".tiff", ".avif", ".dng"})
"""More image suffixes. A path with one of them is not meant as a folder."""


_DISK = DiskFolder()


class NoPhotographError(InputError):
    """A folder holds no photograph."""


@dataclass
class PhotoPlan:
    """The photographs to correct and where their results go.

    Attributes:
        folder: The folder for the results.
        tasks: The photographs, in the order of the inputs. A folder's files are sorted by name.
        failures: An error for each input that holds no photograph, with the reason.
        ignored: Other files and folders that were found.
        holds_folder: Whether an input is a folder.
    """

    folder: Path
    tasks: list[PhotoTask] = field(default_factory=list)
    failures: list[InputError] = field(default_factory=list)
    ignored: Ignored = field(default_factory=Ignored)
    holds_folder: bool = False


def plan_photos(
    inputs: str | os.PathLike | Sequence[str | os.PathLike],
    output: str | os.PathLike,
    recursive: bool = False,
) -> PhotoPlan:
    """Find the photographs and plan a place in the output folder for each result.

    A file keeps its name. The files of a folder keep their paths below that folder. HEIC and RAW
    files become `.jpg` files. A file that several paths name, for example through links, counts
    once if its results would have the same name. Files that earlier runs wrote are not corrected
    again. These are before/after pictures and, if the output folder is inside an input folder or
    inside the folder that a pattern searches, its files. A shell may list the output folder and its
    files for `*`; see `inputs_among_results`. A subfolder that cannot be searched is a task too, so
    that it is reported as skipped. Hidden and cache folders are ignored.

    Args:
        inputs: Files, folders and glob patterns (`"**"` in a pattern matches subfolders).
        output: The folder for the results; it need not exist. For a single photograph it may be
            a file name with the suffix of an image.
        recursive: Whether to search subfolders too.

    Raises:
        InputError: No input is or holds a photograph, or the output cannot hold results.
    """
    if isinstance(inputs, str | os.PathLike):
        inputs = [inputs]
    if not isinstance(inputs, Sequence) or isinstance(inputs, bytes):
        raise InputError("photographs: must be paths of files and folders, or patterns")
    if not inputs:
        raise InputError("photographs: name at least one photograph or folder")
    for path in (*inputs, output):
        if not isinstance(path, str | os.PathLike):
            raise InputError(f"photographs: must be paths, not {type(path).__name__}")
    check_not_empty(output, "output")
    plan = PhotoPlan(Path(output))
    is_file_name = _is_file_name(str(output))
    if _check_path(Path.exists, plan.folder) and not plan.folder.is_dir() and not is_file_name:
        raise InputError("is a file; name a folder for the results", setting="output", value=output)
    plan.ignored.results = [str(entry) for entry in inputs_among_results(inputs, plan.folder)]
    for entry in inputs:
        if str(entry) in plan.ignored.results:
            continue
        try:
            for path in _expand(plan, entry):
                _plan_path(plan, path, recursive)
        except InputError as error:
            plan.failures.append(error)
    plan.tasks = _drop_duplicates(plan.tasks)
    if not plan.tasks and plan.failures:
        raise plan.failures[0]
    if is_file_name:
        _set_file_target(plan)
    return plan


def _expand(plan: PhotoPlan, entry: str | os.PathLike) -> list[Path]:
    if not str(entry):
        raise InputError("'': is empty; name a photograph or folder, or . for the current folder")
    path = Path(entry)
    if _check_path(Path.exists, path):
        return [path]
    if "://" in str(entry):
        raise InputError("is a URL; download the photograph and name its file", file=str(entry))
    root = Path(path.anchor)
    try:
        matches = sorted(root.glob(str(path.relative_to(root))))
    except (OSError, ValueError) as error:
        raise InputError(f"not a valid pattern ({one_line(error)})", file=path) from error
    visible = _drop_hidden(plan, path, drop_written(path, matches, plan.folder))
    if not visible:
        raise InputError("there is no such photograph or folder", file=path)
    return visible


def _drop_hidden(plan: PhotoPlan, pattern: Path, matches: Sequence[Path]) -> list[Path]:
    """Return the matches outside hidden and cache folders that the pattern does not name itself."""
    base = searched_folder(pattern)
    relative = [match.relative_to(base) for match in matches]
    folders = {folder for path in relative for folder in path.parents if folder.name}
    caches = {folder.as_posix() for folder in folders if Path(base, folder, CACHE_TAG).is_file()}
    visible = []
    for match, path in zip(matches, relative, strict=True):
        hidden = hidden_part(path.parent.as_posix(), caches) if path.parent.name else None
        if hidden is not None:
            plan.ignored.folders.add(str(Path(base, hidden)))
        elif not match.name.startswith("."):
            visible.append(match)
    return visible


def _plan_path(plan: PhotoPlan, path: Path, recursive: bool) -> None:
    if not _check_path(Path.is_dir, path):
        plan.tasks.append(PhotoTask(_DISK, str(path), result_name(path.name)))
        return
    plan.holds_folder = True
    files, unreadable = files_below(path, recursive)
    results = folder_inside(plan.folder, path)
    if results is not None:
        files = [file for file in files if not is_inside(file, results)]
    ignored = Ignored()
    names = photos_among((file.relative_to(path).as_posix() for file in files), ignored, str(path))
    folders = [folder.relative_to(path).as_posix() for folder in unreadable]
    names += [folder for folder in folders if hidden_part(folder) is None]
    plan.ignored.suffixes.update(ignored.suffixes)
    plan.ignored.folders |= ignored.folders
    if not names:
        hint = "" if recursive else "; `recursive` searches its subfolders"
        notes = "".join(f" ({note})" for note in ignored.notes())
        raise NoPhotographError(
            f"{printable(path)}: contains no photograph in a supported format{notes}{hint}"
        )
    plan.tasks += [PhotoTask(_DISK, str(path / name), result_name(name)) for name in names]


def _drop_duplicates(tasks: list[PhotoTask]) -> list[PhotoTask]:
    """Keep only the first of several tasks that have the same file and the same target."""
    unique: dict[tuple[str, str], PhotoTask] = {}
    for task in tasks:
        unique.setdefault((os.path.realpath(task.source), task.target), task)
    return list(unique.values())


def _is_file_name(output: str) -> bool:
    """Return whether an output is meant as a file: an image suffix, and not an existing folder."""
    suffixes = PHOTO_SUFFIXES | FORMATS.keys() | _OTHER_IMAGES
    path = Path(output)
    is_folder = output.endswith(("/", os.sep)) or _check_path(Path.is_dir, path)
    return path.suffix.lower() in suffixes and not is_folder


def _set_file_target(plan: PhotoPlan) -> None:
    output, count = plan.folder, len(plan.tasks) + len(plan.failures)
    if count > 1 or plan.holds_folder:
        inputs = "a folder" if plan.holds_folder else f"{count} photographs"
        raise InputError(
            f"names one file for {inputs}; name a folder, and end it with / if it looks like "
            "a file name",
            setting="output",
            value=output,
        )
    if output.suffix.lower() not in FORMATS:
        raise InputError(
            f"results are written as {', '.join(sorted(FORMATS))}; choose one, or name a folder",
            setting="output",
            value=output,
        )
    plan.folder = output.parent
    plan.tasks = [replace(plan.tasks[0], target=output.name, fixed_name=True)]


def _check_path(predicate: Callable[[Path], bool], path: Path) -> bool:
    """Ask the file system about a path, and raise an `InputError` if it refuses."""
    try:
        return predicate(path)
    except OSError as error:  # For example, its name is too long or a folder is not accessible.
        raise InputError(f"cannot be read ({one_line(error)})", file=path) from error
