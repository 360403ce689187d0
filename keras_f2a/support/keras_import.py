"""Registers the package's classes with Keras when Keras is imported, and not before."""

import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

# Used only as a type, because importing it at run time loads many modules.
if TYPE_CHECKING:
    from importlib.abc import Loader


def after_keras(register: Callable[[], Any]) -> None:
    """Call a function once Keras is imported, or now if it already is.

    Args:
        register: Imports the modules that register classes with Keras.
    """
    if "keras" in sys.modules:
        register()
    else:
        sys.meta_path.insert(0, _KerasFinder(register))


class _KerasFinder:
    """Finds Keras as Python does, and makes its loader call a function afterward."""

    def __init__(self, register: Callable[[], Any]):
        self._register = register

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        # Some callers, such as TensorFlow, only ask where Keras is. So stay until it is imported.
        if fullname != "keras":
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, (f.find_spec(fullname, path, target) for f in others)), None)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _RegisteringLoader(spec.loader, self._registered))
        return spec

    def _registered(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        self._register()


class _RegisteringLoader:
    def __init__(self, loader: "Loader", register: Callable[[], Any]):
        self._loader, self._register = loader, register

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # Restore the original loader, so that Keras sees no difference.
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._register()
