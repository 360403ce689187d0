"""Checks of what is to be read: files that are none, folders that may not be searched."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keras_f2a.support.errors import InputError, one_line


def check_file(path: str | Path) -> None:
    """Check that a path is a regular file: reading a pipe, socket or device may never end.

    Raises:
        InputError: It is none, or there is none, or its folder may not be entered.
    """
    try:
        mode = Path(path).stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise InputError("there is no such file", file=path) from None
    except PermissionError:
        raise InputError("cannot be read; check its folder's permissions", file=path) from None
    except (OSError, ValueError) as error:  # Too long, a circle of links, a null byte.
        raise InputError(f"cannot be read ({one_line(error)})", file=path) from error
    if stat.S_ISDIR(mode):
        files_below(path, recursive=False)  # Says so if it may not be searched.
        raise InputError("is a folder, not a file", file=path)
    if not stat.S_ISREG(mode):
        raise InputError("is a pipe, socket or device, not a file", file=path)


@contextmanager
def reading(path: str | Path) -> Iterator[None]:
    """Turn what the system refuses inside the block into an error that names the path.

    Raises:
        InputError: It may not be read, or the system does not take its name.
    """
    try:
        yield
    except PermissionError as error:
        raise InputError("cannot be read; check its permissions", file=path) from error
    except OSError as error:
        raise InputError(f"cannot be read ({one_line(error)})", file=path) from error


def read_small_file(path: Path, largest: int) -> bytes:
    """Read a file of which nobody wrote more than some bytes.

    Args:
        path: The file, which `check_file` has checked.
        largest: Bytes that it may hold.

    Raises:
        OSError: It cannot be read.
        ValueError: It holds more.
    """
    with path.open("rb") as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise ValueError(f"it holds more than {largest / 1e6:g} MB")
    return content


def files_below(folder: str | Path, recursive: bool = True) -> tuple[list[Path], list[Path]]:
    """List a folder's files; links to folders are not followed.

    Args:
        folder: The folder.
        recursive: Whether to go down into the folders inside it.

    Returns:
        The files, sorted by path, and the folders below that may not be searched.

    Raises:
        InputError: There is no such folder, or it may not be searched itself.
    """
    try:
        os.scandir(folder).close()
    except (FileNotFoundError, NotADirectoryError):
        raise InputError("no such folder", file=folder) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be searched ({one_line(error)})", file=folder) from error
    files, refused = [], []
    walk = os.walk(folder, onerror=lambda error: refused.append(Path(error.filename)))
    for parent, folders, names in walk:
        files += [Path(parent, name) for name in names]
        if not recursive:
            folders.clear()
    return sorted(files), sorted(refused)
