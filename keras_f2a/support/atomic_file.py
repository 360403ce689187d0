"""Writing a file so that it is either complete under its name or not there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Gives a temporary path beside `path` to write to, and renames it when the block succeeds.

    The temporary name keeps the extension, which many writers look at. If the block fails, the
    temporary file is removed and an earlier file under `path` stays as it was.
    """
    path = Path(path)
    # All extensions: Keras wants ".weights.h5".
    extensions = "".join(path.suffixes)
    temporary = path.with_name(f".{path.name.removesuffix(extensions)}.{os.getpid()}{extensions}")
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Writes UTF-8 text through `atomic_path`."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
