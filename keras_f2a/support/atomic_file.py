"""Writes files atomically: a file is either complete under its name or not there."""

import errno
import functools
import hashlib
import itertools
import os
import platform
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from keras_f2a.support.errors import (
    NoSpaceError,
    NotWrittenError,
    TakenError,
    TargetError,
    one_line,
)
from keras_f2a.support.printable import printable

_PREFIX = ".keras_f2a-"
_MAX_EXTENSION_LENGTH = 16
_DISK_FULL_ERRNOS = (errno.ENOSPC, errno.EDQUOT)
_file_numbers = itertools.count()
_MAX_CLEANED_FOLDERS = 256


@contextmanager
def atomic_path(path: str | Path, *, force: bool = True) -> Iterator[Path]:
    """Yield a temporary path next to `path`, and rename it when the block succeeds.

    The temporary name keeps the extension, which many writers depend on. If the block fails, the
    temporary file is removed and an existing file at `path` stays unchanged.

    Args:
        path: The file.
        force: Whether to replace an existing file, even one that appears during the block.

    Raises:
        TakenError: See `publish`.
    """
    path = Path(path)
    temporary = temporary_path(path)
    try:
        yield temporary
        publish(temporary, path, force=force)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def named_file(path: str | Path, *, force: bool = True) -> Iterator[Path]:
    """Do the same as `atomic_path`, but create missing folders and name the file in errors.

    Raises:
        TakenError: See `publish`.
        NoSpaceError: The disk is full.
        NotWrittenError: The file could not be written for another reason.
    """
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(path, force=force) as temporary:
            yield temporary
    except OSError as error:
        raise write_failure(path, error) from error


def publish(temporary: Path, path: Path, *, force: bool) -> None:
    """Give a complete file its final name. Without `force`, the temporary name may remain too.

    Args:
        temporary: The file, on the same file system as `path`.
        path: Its final name.
        force: Whether to replace an existing file.

    Raises:
        TakenError: The name is taken and `force` is not set, or belongs to a pipe or device.
        OSError: The operating system refuses.
    """
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    if not (force and path.is_dir()):  # The system refuses to replace a folder.
        _check_free(path, force)
    if not force:
        try:
            os.link(temporary, path)  # Unlike a rename, fails if the name was taken meanwhile.
            return
        except FileExistsError:
            _check_free(path, force)
        except OSError:  # Some file systems have no hard links.
            pass
    temporary.replace(path)


def free_name(path: Path) -> Path:
    """Return `path` if it is free, or else the first free one of `NAME-2`, `NAME-3` and so on."""
    number, candidate = 2, path
    while os.path.lexists(candidate):
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return candidate


def write_failure(path: str | Path, error: Exception) -> NotWrittenError:
    """Return the error for a file that could not be written.

    It is a `NoSpaceError` if the disk is full.
    """
    reason = one_line(error)
    is_full = getattr(error, "errno", None) in _DISK_FULL_ERRNOS
    error_type = NoSpaceError if is_full else NotWrittenError
    return error_type(f"{printable(path)}: could not be written ({reason})")


def check_writable(path: str | Path, force: bool) -> None:
    """Check that a file can be written to a path, before any work is done on it.

    Raises:
        TakenError: It exists and `force` is not set, or it is a folder, pipe, socket or device.
        TargetError: Its folder is not writable. A missing folder is no error if it can be created.
    """
    path, name = Path(path), printable(path)
    try:
        _check_free(path, force)
        # A broken link counts as existing, because no folder can be created in its place.
        folder = next(parent for parent in path.absolute().parents if os.path.lexists(parent))
    except OSError as error:  # For example, the name is too long or a folder is not accessible.
        raise TargetError(f"{name}: cannot be written ({one_line(error)})") from error
    if not folder.is_dir():
        raise TargetError(f"{name}: {printable(folder)} is not a folder; choose another one")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise TargetError(f"{name}: {printable(folder)} is not writable; choose another one")


def _check_free(path: Path, force: bool) -> None:
    """Raise a `TakenError` if a path exists and must not be replaced."""
    name = printable(path)
    if path.is_dir():
        raise TakenError(f"{name}: is a folder; name a file to write")
    if path.exists() and not path.is_file():  # Root could replace even `/dev/null`.
        raise TakenError(f"{name}: is a pipe, socket or device; name a file to write")
    if os.path.lexists(path) and not force:
        raise TakenError(f"{name}: already exists; `force` replaces it")


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text through `atomic_path`."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def temporary_path(path: Path) -> Path:
    """Return a temporary path next to `path` for an incomplete file or folder.

    The name contains the process that owns it, and is short even if the target's name is long. The
    first call for a folder in a process removes what killed processes left there.
    """
    folder = path.parent
    _remove_leftovers(folder)
    weights = ".weights.h5"  # Keras requires this ending.
    extension = weights if path.name.endswith(weights) else path.suffix[:_MAX_EXTENSION_LENGTH]
    return folder / f"{_PREFIX}{_machine_id()}-{os.getpid()}-{next(_file_numbers)}{extension}"


@functools.lru_cache(_MAX_CLEANED_FOLDERS)  # Limited, because a service keeps using new folders.
def _remove_leftovers(folder: Path) -> None:
    with suppress(OSError):
        for leftover in folder.glob(f"{_PREFIX}{_machine_id()}-*"):
            process_id = leftover.name.removeprefix(f"{_PREFIX}{_machine_id()}-").partition("-")[0]
            if process_id.isdecimal() and not _is_running(int(process_id)):
                if leftover.is_dir():
                    shutil.rmtree(leftover, ignore_errors=True)
                else:
                    leftover.unlink(missing_ok=True)


@functools.cache
def _machine_id() -> str:
    """Return an identifier of this machine, or of this container.

    Machines that share a disk do not see each other's processes. Several hosts may have the same
    name, and the containers of one host may have the same process IDs.
    """
    processes = "/proc/self/ns/pid"  # On Linux, a link that names the PID namespace.
    namespace = os.readlink(processes) if os.path.islink(processes) else ""  # noqa: PTH114, PTH115
    address = uuid.getnode()
    is_random = address >> 40 & 1  # Without a network, `getnode` is random in each process.
    identity = f"{platform.node()} {0 if is_random else address} {namespace}"
    return hashlib.sha256(identity.encode()).hexdigest()[:8]


def _is_running(process_id: int) -> bool:
    if os.name != "posix":
        return True  # Elsewhere, signal 0 is not a harmless check. Keep leftovers.
    try:
        os.kill(process_id, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # It runs as another user.
        return True
    return True
