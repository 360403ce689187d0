"""Keeps what a build makes, and makes it again only when what it was made from has changed.

Two processes may ask for the same output at the same time: one makes it, one waits. Needs a system
with POSIX file locks.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def make(
    output: Path,
    made_from: Sequence[str],
    write: Callable[[Path], None],
    valid: Callable[[Path], bool] = Path.exists,
) -> Path:
    """Returns an output of the build, made again only if what it is made from has changed.

    Args:
        output: A file or folder under build/.
        made_from: Everything that it depends on, as text.
        write: Makes it; gets the path.
        valid: Whether an output that is there can still be used.
    """
    digest = hashlib.sha256("\0".join(made_from).encode()).hexdigest()
    with _locked(output):
        stamp = stamp_of(output)
        fresh = stamp.is_file() and stamp.read_text() == digest
        if not (fresh and output.exists() and valid(output)):
            stamp.unlink(missing_ok=True)
            shutil.rmtree(output) if output.is_dir() else output.unlink(missing_ok=True)
            write(output)
            stamp.write_text(digest)
    return output


def stamp_of(output: Path) -> Path:
    """Returns the file with the digest of what an output was made from."""
    return output.with_name(f"{output.name}.sha256")


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.with_name(f"{output.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
