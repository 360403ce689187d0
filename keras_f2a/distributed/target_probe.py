"""Checks that results can be written to a store, before anything is computed."""

import tempfile
import uuid
from pathlib import Path
from typing import Any

from keras_f2a.distributed.stores import open_folder
from keras_f2a.support.errors import InputError, WorkError, one_line

_PROBE = ".keras_f2a-probe"


def write_probe(location: str) -> bytes:
    """Write a small object to a folder in a store, to check that results can be written.

    Returns:
        The object's content, for `check_probe` in another process.

    Raises:
        InputError: The object cannot be written. The message gives the reason.
    """
    content = uuid.uuid4().hex.encode()
    try:
        folder = open_folder(location)
        with (
            tempfile.TemporaryDirectory() as scratch,
            folder.stage(_PROBE, Path(scratch), force=True) as path,
        ):
            path.write_bytes(content)
    except WorkError as error:
        raise InputError(
            f"cannot be written ({one_line(error)}); create the bucket or folder, or check which "
            "credentials are used",
            setting="output",
            value=location,
        ) from error
    return content


def check_probe(location: str, content: bytes) -> None:
    """Read the object of `write_probe` like a worker would, and delete it.

    Raises:
        InputError: The object cannot be read, or its content differs.
    """
    folder: Any = open_folder(location)  # A remote folder, which has `remove`.
    try:
        with tempfile.TemporaryDirectory() as scratch:
            stored = folder.fetch(_PROBE, Path(scratch)).read_bytes()
        problem = "" if stored == content else "its content differs"
    except WorkError as error:
        problem = one_line(error)
    if problem:
        raise InputError(
            f"one process cannot read what another wrote there ({problem}); choose a store that "
            "outlives the processes",
            setting="output",
            value=location,
        )
    folder.remove(_PROBE)
