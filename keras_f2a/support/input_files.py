"""Checks and lists input files and folders before they are read."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keras_f2a.support.errors import InputError, one_line


def check_file(path: str | Path) -> None:
    """Check that a path is a regular file, because reading a pipe or device may never end.

    Raises:
        InputError: The file is missing or not a regular file, or its folder is not accessible.
    """
    try:
        mode = Path(path).stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise InputError("there is no such file", file=path) from None
    except PermissionError:
        raise InputError("cannot be read; check its folder's permissions", file=path) from None
    except (OSError, ValueError) as error:  # A name that is too long, a loop of links, a null byte.
        raise InputError(f"cannot be read ({one_line(error)})", file=path) from error
    if stat.S_ISDIR(mode):
        files_below(path, recursive=False)  # Raises its own error if the folder is not readable.
        raise InputError("is a folder, not a file", file=path)
    if not stat.S_ISREG(mode):
        raise InputError("is a pipe, socket or device, not a file", file=path)


@contextmanager
def reading(path: str | Path) -> Iterator[None]:
    """Turn operating system errors inside the block into an error that names the path.

    Raises:
        InputError: The path is not readable, or the system rejects its name.
    """
    try:
        yield
    except PermissionError as error:
        raise InputError("cannot be read; check its permissions", file=path) from error
    except OSError as error:
        raise InputError(f"cannot be read ({one_line(error)})", file=path) from error


def read_small_file(path: Path, largest: int) -> bytes:
    """Read a file up to a limit on its size.

    Args:
        path: The file, which `check_file` has checked.
        largest: The largest allowed size in bytes.

    Raises:
        OSError: The file cannot be read.
        ValueError: The file is larger.
    """
    with path.open("rb") as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise ValueError(f"it is larger than {largest / 1e6:g} MB")
    return content


def files_below(folder: str | Path, recursive: bool = True) -> tuple[list[Path], list[Path]]:
    """List a folder's files. Links to folders are not followed.

    Args:
        folder: The folder.
        recursive: Whether to include subfolders.

    Returns:
        The files, sorted by path, and the subfolders that are not readable.

    Raises:
        InputError: The folder is missing or not readable.
    """
    try:
        os.scandir(folder).close()
    except (FileNotFoundError, NotADirectoryError):
        raise InputError("no such folder", file=folder) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be searched ({one_line(error)})", file=folder) from error
    files, unreadable = [], []
    walk = os.walk(folder, onerror=lambda error: unreadable.append(Path(error.filename)))
    for parent, folders, names in walk:
        files += [Path(parent, name) for name in names]
        if not recursive:
            folders.clear()
    return sorted(files), sorted(unreadable)
