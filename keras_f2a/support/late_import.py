"""Imports a module when something of it is first used.

For what costs a command's start more than all else, and what most of its work does not need or
needs only later.
"""

from importlib import import_module
from typing import Any


class LateModule:
    """Stands for a module that is imported when an attribute of it is first asked for.

    Threads may share one: Python imports a module once, whoever asks first.

    Args:
        name: The module's full name.

    Example:
        >>> np = LateModule("numpy")
        >>> np.zeros(3)
    """

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
