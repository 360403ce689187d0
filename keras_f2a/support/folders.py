"""Checks the names of folders, and creates those that commands write to."""

import tempfile
from pathlib import Path

from keras_f2a.support.errors import InputError, one_line


def check_not_empty(path: object, setting: str | None = None) -> None:
    """Check that a folder has a name, because an empty path would mean the current folder.

    Args:
        path: The folder.
        setting: The setting that names it, for error messages; `None` if it is no setting.

    Raises:
        InputError: The path is empty.
    """
    if str(path):
        return
    problem = "is empty; name a folder, or . for the current one"
    if setting is None:
        raise InputError(f"'': {problem}")
    raise InputError(problem, setting=setting, value="")


def writable_folder(path: str | Path, setting: str) -> Path:
    """Create a folder and check that it is writable.

    Args:
        path: The folder. Missing parents are created too.
        setting: The setting that names it, for error messages.

    Returns:
        The path.

    Raises:
        InputError: The folder cannot be created or is not writable, or the path is empty.
    """
    check_not_empty(path, setting)
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"0")
    except (OSError, ValueError) as error:  # ValueError: a path with a null byte.
        raise InputError(
            f"cannot be written ({one_line(error)}); choose another folder",
            setting=setting,
            value=path,
        ) from error
    return Path(path)
