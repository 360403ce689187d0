"""Provides a lock that is unlocked in a forked process, whoever held it in the parent."""

import os
import threading
import weakref

_locks: "weakref.WeakSet[ForkSafeLock]" = weakref.WeakSet()


class ForkSafeLock:
    """A `threading.RLock` for `with` statements that is replaced in every forked process.

    A fork copies all locks in their current state, but only the thread that forks. A lock that
    another thread held would stay locked forever.
    """

    def __init__(self):
        self._lock = threading.RLock()
        _locks.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def renew(self) -> None:
        """Replace the lock with an unlocked one, whoever holds it."""
        self._lock = threading.RLock()


STREAMS_LOCK = ForkSafeLock()
"""Held while the process's standard output or error is redirected, because all threads share them.

Of two redirections that overlap, the one that ends last would not restore the original.
"""


def _renew_all() -> None:
    for lock in list(_locks):
        lock.renew()


if hasattr(os, "register_at_fork"):  # Windows has no fork.
    os.register_at_fork(after_in_child=_renew_all)
