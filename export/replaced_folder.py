"""Replaces a folder so that it is either complete or not there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keras_f2a.support.atomic_file import temporary_path
from keras_f2a.support.errors import InputError


@contextmanager
def replaced_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary folder next to `path` that replaces it when the block succeeds.

    A folder cannot be replaced in one step, so the earlier one has another name for a moment. If
    the process is stopped in that moment, the next call restores it.

    Raises:
        InputError: There is something else than a folder at `path`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # TF Serving ignores folders whose names are not numbers.
    temporary = temporary_path(path)
    backup = path.with_name(f".{path.name}.earlier")
    _restore(backup, path)
    if (path.exists() or path.is_symlink()) and not path.is_dir():
        raise InputError("is not a folder; move it away, or choose another place", file=path)
    try:
        yield temporary
        if path.exists():
            path.rename(backup)
        temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        _restore(backup, path)


def _restore(backup: Path, path: Path) -> None:
    """Restore a folder's name, or delete the folder if that name is taken."""
    if backup.exists() and not path.exists():
        backup.rename(path)
    shutil.rmtree(backup, ignore_errors=True)
