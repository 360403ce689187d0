"""Imports modules when they are first used.

Use it for modules that take up most of a command's startup time and that most of its work does not
need, or needs only later.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def late_modules(package: str) -> Callable[[str], Any]:
    """Return a package's `__getattr__`, which imports its modules when they are first accessed.

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
    """Stands for a module that is imported when one of its attributes is first accessed.

    Threads may share an instance, because Python imports a module only once.

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
