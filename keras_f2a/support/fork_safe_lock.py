"""A lock that a forked process finds open, whoever held it in the process that forked."""

import os
import threading
import weakref

_locks: "weakref.WeakSet[ForkSafeLock]" = weakref.WeakSet()


class ForkSafeLock:
    """A `threading.Lock` for `with` statements that is a new one in every forked process.

    A fork copies locks as they are, but only the thread that forks: what another thread held would
    stay closed for ever.
    """

    def __init__(self):
        self._lock = threading.Lock()
        _locks.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def renew(self) -> None:
        """Open the lock, whoever holds it."""
        self._lock = threading.Lock()


def _renew_all() -> None:
    for lock in list(_locks):
        lock.renew()


if hasattr(os, "register_at_fork"):  # Windows forks no process.
    os.register_at_fork(after_in_child=_renew_all)
