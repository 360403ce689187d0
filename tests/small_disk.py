"""A small disk that fills up soon, if root may mount one."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def mounted_small_disk(folder: Path, size: str) -> Iterator[bool]:
    """Mount a disk of this size, for example `"200k"`, in a folder that is created for it.

    Yields:
        Whether mounting was allowed.
    """
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", str(folder)], check=True)
