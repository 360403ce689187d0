"""Checks that results can be written to a store, before anything is computed."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from keras_f2a.distributed.stores import open_folder
from keras_f2a.support.errors import InputError, WorkError, one_line

_PREFIX = ".keras_f2a-probe-"


@contextmanager
def written_probe(location: str) -> Iterator[str]:
    """Write a small object to a folder in a store, to check that results can be written.

    Yields:
        The object's name, for `check_probe` in another process. Jobs with the same folder have
        different names. The object is deleted after the block.

    Raises:
        InputError: The object cannot be written. The message gives the reason.
    """
    name = _PREFIX + uuid.uuid4().hex
    try:
        folder: Any = open_folder(location)  # A remote folder, which has `remove`.
        with (
            tempfile.TemporaryDirectory() as scratch,
            folder.stage(name, Path(scratch), force=True) as path,
        ):
            path.write_bytes(name.encode())
    except WorkError as error:
        raise InputError(
            f"cannot be written ({one_line(error)}); create the bucket or folder, or check which "
            "credentials are used",
            setting="output",
            value=location,
        ) from error
    try:
        yield name
    finally:
        folder.remove(name)


def check_probe(location: str, name: str) -> None:
    """Read the object of `written_probe` like a worker would.

    Raises:
        InputError: The object cannot be read, or its content differs.
    """
    try:
        with tempfile.TemporaryDirectory() as scratch:
            stored = open_folder(location).fetch(name, Path(scratch)).read_bytes()
        problem = "" if stored == name.encode() else "its content differs"
    except WorkError as error:
        problem = one_line(error)
    if problem:
        raise InputError(
            f"one process cannot read what another wrote there ({problem}); choose a store that "
            "outlives the processes",
            setting="output",
            value=location,
        )
