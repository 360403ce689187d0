"""Locks a run directory, so that only one process at a time trains in it."""

import contextlib
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.printable import printable

LOCK_NAME = ".training.lock"
_SECONDS_TO_WAIT = 2.0  # A process that was just killed may still be exiting.
_POLL_SECONDS = 0.05


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from training in a folder while the block runs.

    The operating system releases the lock when a process ends, however it ends. The lock file names
    the holder and is removed afterward. A file that a killed process left is taken over. Where the
    system has no such locks, as on Windows and some network disks, nothing is locked.

    Args:
        folder: The run directory, which must exist.

    Raises:
        InputError: Another process or another run of this process trains there, or the lock file
            cannot be opened.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    path = folder / LOCK_NAME
    deadline = time.monotonic() + _SECONDS_TO_WAIT
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise InputError(
                f"cannot be locked ({one_line(error)}); check who owns {printable(path)}, or "
                "choose another folder",
                setting="run_dir",
                value=folder,
            ) from error
        with contextlib.closing(os.fdopen(descriptor, "r+")) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(_POLL_SECONDS)
                    continue
                raise _locked_error(folder, file.read()) from None
            except OSError:  # This disk does not support locks.
                pass
            if not _is_same_file(path, descriptor):
                continue  # The previous holder has removed the file since.
            file.truncate()
            file.write(f"{os.getpid()} {platform.node()}\n")
            file.flush()
            try:
                yield
            finally:
                with contextlib.suppress(OSError):
                    path.unlink()
            return


def _locked_error(folder: Path, note: str) -> InputError:
    process, _, host = note.strip().partition(" ")
    holder = f"process {process} on {host}" if host else "another process"
    return InputError(
        f"is being trained by {printable(holder)}; wait until it ends, or choose another folder",
        setting="run_dir",
        value=folder,
    )


def _is_same_file(path: Path, descriptor: int) -> bool:
    """Return whether a path still refers to the open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False
