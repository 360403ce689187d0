"""Folders that commands write into."""

import tempfile
from pathlib import Path

from keras_f2a.support.errors import InputError, one_line


def writable_folder(path: str | Path, setting: str) -> Path:
    """Make a folder, and check that files can be written into it.

    Args:
        path: The folder; those above it are made too.
        setting: Which setting named it, for messages.

    Returns:
        The path.

    Raises:
        InputError: It cannot be made or written, or the path is empty.
    """
    if not str(path):
        raise InputError("names no folder; the current one is .", setting=setting, value="")
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"0")
    except (OSError, ValueError) as error:  # A ValueError for a path with a null byte.
        raise InputError(
            f"cannot be written ({one_line(error)}); choose another folder",
            setting=setting,
            value=path,
        ) from error
    return Path(path)
