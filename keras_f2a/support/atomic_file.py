"""Writing a file so that it is either complete under its name or not there."""

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
_LONGEST_EXTENSION = 16
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_numbers = itertools.count()
_MOST_TIDIED = 256


@contextmanager
def atomic_path(path: str | Path, *, force: bool = True) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to, and rename it when the block succeeds.

    The temporary name keeps the extension, which many writers look at. If the block fails, the
    temporary file is removed and an earlier file under `path` stays as it was.

    Args:
        path: The file.
        force: Whether an earlier file is replaced, even one that appears inside the block.

    Raises:
        TakenError: As `publish`.
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
    """Do as `atomic_path`, which makes missing folders and whose failures name the file.

    Raises:
        TakenError: As `publish`.
        NoSpaceError: The disk is full.
        NotWrittenError: The file could not be written for another reason that the system gives.
    """
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(path, force=force) as temporary:
            yield temporary
    except OSError as error:
        raise write_failure(path, error) from error


def publish(temporary: Path, path: Path, *, force: bool) -> None:
    """Give a file that is whole its name. Without `force`, the temporary name may stay beside it.

    Args:
        temporary: The file, on the same disk as `path`.
        path: Its name from now on.
        force: Whether an earlier file is replaced.

    Raises:
        TakenError: The name is taken and `force` is not set, or it is a pipe's or device's.
        OSError: The system refuses.
    """
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    if not (force and path.is_dir()):  # Of a folder in its place the system tells.
        _check_free(path, force)
    if not force:
        try:
            os.link(temporary, path)  # Unlike a rename, it fails if the name was taken meanwhile.
            return
        except FileExistsError:
            _check_free(path, force)
        except OSError:  # Some disks have no hard links.
            pass
    temporary.replace(path)


def free_name(path: Path) -> Path:
    """Return a file's path, or the first of `NAME-2`, `NAME-3` and so on that is free."""
    numbers, free = itertools.count(2), path
    while os.path.lexists(free):
        free = path.with_name(f"{path.stem}-{next(numbers)}{path.suffix}")
    return free


def write_failure(path: str | Path, error: Exception) -> NotWrittenError:
    """Return the error for a file that could not be written.

    A `NoSpaceError` if the disk is full.
    """
    reason = one_line(error)
    kind = NoSpaceError if getattr(error, "errno", None) in _NO_SPACE else NotWrittenError
    return kind(f"{printable(path)}: could not be written ({reason})")


def check_writable(path: str | Path, force: bool) -> None:
    """Check that a file can be written there, before any work is spent on it.

    Raises:
        TakenError: It exists and `force` is not set, or it is a folder, pipe, socket or device.
        TargetError: Its folder may not be written to. A missing folder can be made.
    """
    path, name = Path(path), printable(path)
    try:
        _check_free(path, force)
        # A link whose end is missing is there: no folder can be made in its place.
        folder = next(parent for parent in path.absolute().parents if os.path.lexists(parent))
    except OSError as error:  # For example its name is too long, or a folder may not be entered.
        raise TargetError(f"{name}: cannot be written ({one_line(error)})") from error
    if not folder.is_dir():
        raise TargetError(f"{name}: {printable(folder)} is not a folder; choose another one")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise TargetError(f"{name}: {printable(folder)} is not writable; choose another one")


def _check_free(path: Path, force: bool) -> None:
    """Raise a `TakenError` for a name whose file, if any, may not be replaced."""
    name = printable(path)
    if path.is_dir():
        raise TakenError(f"{name}: is a folder; name a file to write")
    if path.exists() and not path.is_file():  # Root could replace `/dev/null`.
        raise TakenError(f"{name}: is a pipe, socket or device; name a file to write")
    if os.path.lexists(path) and not force:
        raise TakenError(f"{name}: already exists; `force` replaces it")


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text through `atomic_path`."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def temporary_path(path: Path) -> Path:
    """Return a name beside `path` for a file or folder that is not yet whole.

    The name says which process it belongs to and is short whatever the target's is. The first one
    that a process asks for in a folder removes what killed processes left there.
    """
    folder = path.parent
    _remove_leftovers(folder)
    weights = ".weights.h5"  # What Keras asks for.
    extension = weights if path.name.endswith(weights) else path.suffix[:_LONGEST_EXTENSION]
    return folder / f"{_PREFIX}{_machine()}-{os.getpid()}-{next(_numbers)}{extension}"


@functools.lru_cache(_MOST_TIDIED)  # A service writes into ever new folders.
def _remove_leftovers(folder: Path) -> None:
    with suppress(OSError):
        for leftover in folder.glob(f"{_PREFIX}{_machine()}-*"):
            process = leftover.name.removeprefix(f"{_PREFIX}{_machine()}-").partition("-")[0]
            if process.isdecimal() and not _runs(int(process)):
                if leftover.is_dir():
                    shutil.rmtree(leftover, ignore_errors=True)
                else:
                    leftover.unlink(missing_ok=True)


@functools.cache
def _machine() -> str:
    """Tell machines apart that share a disk: one knows nothing of the other's processes.

    Hosts may have one name, and containers of one host number their processes alike.
    """
    processes = "/proc/self/ns/pid"  # Linux's; names the room whose processes are counted.
    room = os.readlink(processes) if os.path.islink(processes) else ""  # noqa: PTH114, PTH115
    address = uuid.getnode()
    drawn = address >> 40 & 1  # anew in each process, where there is no network
    identity = f"{platform.node()} {0 if drawn else address} {room}"
    return hashlib.sha256(identity.encode()).hexdigest()[:8]


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True  # Elsewhere signal 0 is no question; leftovers stay.
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # It runs as another user.
        return True
    return True
