"""Imports a module when something of it is first used.

For what costs a command's start more than all else, and what most of its work does not need or
needs only later.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def late_modules(package: str) -> Callable[[str], Any]:
    """Return a package's `__getattr__`, which imports its modules when they are first asked for.

    With it, `keras_f2a.evaluation.methods` works after `import keras_f2a` alone.

    Args:
        package: The package's full name.
    """

    def module_of(name: str) -> Any:
        full_name = f"{package}.{name}"
        if name.startswith("_") or find_spec(full_name) is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return import_module(full_name)

    return module_of


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
