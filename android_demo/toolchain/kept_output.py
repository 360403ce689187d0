"""Keep the outputs of a build, and rebuild them only if their inputs have changed.

If two processes request the same output at the same time, one builds it and the other waits.
Requires a system with POSIX file locks.
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
    """Return an output of the build, rebuilt only if its inputs have changed.

    Args:
        output: A file or folder under build/.
        made_from: Everything that the output depends on, as text.
        write: Builds the output at the given path.
        valid: Returns whether an existing output can still be used.
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
    """Return the file with the digest of an output's inputs."""
    return output.with_name(f"{output.name}.sha256")


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.with_name(f"{output.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
