"""Writes a folder so that it is either complete under its name or not there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keras_f2a.support.atomic_file import temporary_path


@contextmanager
def replaced_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside `path`, which takes its place when the block succeeds.

    A folder cannot be replaced in one step. The earlier one has another name for a moment; whoever
    is stopped in that moment finds it back under `path` at the next call.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # TF Serving passes over folders whose names are not numbers.
    temporary = temporary_path(path)
    earlier = path.with_name(f".{path.name}.earlier")
    _put_back(earlier, path)
    try:
        yield temporary
        if path.exists():
            path.rename(earlier)
        temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        _put_back(earlier, path)


def _put_back(earlier: Path, path: Path) -> None:
    """Give a folder its name back, or remove it if another has that name now."""
    if earlier.exists() and not path.exists():
        earlier.rename(path)
    shutil.rmtree(earlier, ignore_errors=True)
