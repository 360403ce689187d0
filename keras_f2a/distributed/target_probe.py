"""Whether results can be kept where they are to go, found out before anything is computed."""

import tempfile
import uuid
from pathlib import Path
from typing import Any

from keras_f2a.distributed.stores import open_folder
from keras_f2a.support.errors import InputError, WorkError, one_line

_PROBE = ".keras_f2a-probe"


def write_probe(location: str) -> bytes:
    """Write a small object into a folder in a store, to see whether results could be kept.

    Returns:
        Its content, for `check_probe` in another process.

    Raises:
        InputError: It cannot be written; the message says why.
    """
    content = uuid.uuid4().hex.encode()
    try:
        folder = open_folder(location)
        with (
            tempfile.TemporaryDirectory() as scratch,
            folder.receiving(_PROBE, Path(scratch)) as path,
        ):
            path.write_bytes(content)
    except WorkError as error:
        raise InputError(
            f"cannot be written ({one_line(error)}); make the bucket or folder, or see whose keys "
            "are used",
            setting="output",
            value=location,
        ) from error
    return content


def check_probe(location: str, content: bytes) -> None:
    """Read what `write_probe` wrote, as a worker would, and take it away.

    Raises:
        InputError: Another process wrote it, and this one sees something else.
    """
    folder: Any = open_folder(location)  # A remote one, which can remove.
    try:
        with tempfile.TemporaryDirectory() as scratch:
            found = folder.fetched(_PROBE, Path(scratch)).read_bytes()
        problem = "" if found == content else "holds something else"
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
