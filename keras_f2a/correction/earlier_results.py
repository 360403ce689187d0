"""Finds what earlier runs wrote among the photographs that a user names."""

import itertools
import os
import re
from collections.abc import Sequence
from pathlib import Path

from keras_f2a.correction.folder_contents import COMPARISON_SUFFIX, stem_and_suffix
from keras_f2a.imaging.photo_output import FORMATS

_WILD = re.compile(r"[*?\[]")


def drop_written(pattern: Path, matches: Sequence[Path], results: Path) -> list[Path]:
    """Return a pattern's matches that no earlier run wrote, unless the pattern names them itself.

    Args:
        pattern: The pattern.
        matches: The files and folders that match it.
        results: The folder for the results.
    """
    if not pattern.name.endswith(COMPARISON_SUFFIX):
        matches = [match for match in matches if not match.name.endswith(COMPARISON_SUFFIX)]
    folder = folder_inside(results, searched_folder(pattern))
    return [match for match in matches if folder is None or not _is_or_is_inside(match, folder)]


def inputs_among_results(
    inputs: Sequence[str | os.PathLike], results: Path
) -> list[str | os.PathLike]:
    """Return the inputs that a shell found for `*` in the folder for the results.

    They are that folder, its subfolders, and its files in a format that results have. If all
    inputs are in that folder, the user meant them. The same is true if it is the current folder or
    contains it.

    Args:
        inputs: Files and folders.
        results: The folder for the results.
    """
    if not results.is_dir():
        return []
    folder = os.path.realpath(results)
    existing = [entry for entry in inputs if _exists(Path(entry))]
    inside = [entry for entry in existing if _is_or_is_inside(Path(entry), folder)]
    if len(inside) == len(inputs) or _is_or_is_inside(Path.cwd(), folder):
        return []
    return [entry for entry in inside if Path(entry).is_dir() or _may_be_result(str(entry))]


def searched_folder(pattern: Path) -> Path:
    """Return the part of a pattern before its first part with a wildcard."""
    return Path(*itertools.takewhile(lambda part: not _WILD.search(part), pattern.parts))


def folder_inside(folder: Path, outer: Path) -> str | None:
    """Return the real path of a folder that is inside another one, and otherwise `None`."""
    return os.path.realpath(folder) if is_inside(folder, os.path.realpath(outer)) else None


def is_inside(path: Path, folder: str) -> bool:
    """Return whether a path is inside the folder with this real path."""
    return Path(folder) in Path(os.path.realpath(path)).parents


def _is_or_is_inside(path: Path, folder: str) -> bool:
    return os.path.realpath(path) == folder or is_inside(path, folder)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # For example, its name is too long. This is reported later.
        return False


def _may_be_result(name: str) -> bool:
    return stem_and_suffix(name)[1].lower() in FORMATS
