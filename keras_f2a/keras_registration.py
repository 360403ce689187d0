"""Lets Keras load this package's files, without importing Keras where nobody else does."""

import importlib
import importlib.util
import sys
from importlib.machinery import ModuleSpec

_MODULES = (
    "keras_f2a.models",
    "keras_f2a.training.flash_to_ambient",
    "keras_f2a.training.deepflash",
)


def register_with_keras() -> None:
    """Registers the layers and models as soon as both packages are imported, in any order.

    The packages for such hooks take longer to import than correcting a photograph may take.
    """
    if "keras" in sys.modules:
        _import_registered_classes()
    else:
        sys.meta_path.insert(0, _AfterKeras())


class _AfterKeras:
    """A finder that waits for the first import of Keras, and registers after it.

    Not derived from `importlib.abc.MetaPathFinder`, whose module is slow to import as well.
    """

    def find_spec(self, fullname: str, path=None, target=None) -> ModuleSpec | None:
        if fullname != "keras":
            return None
        sys.meta_path.remove(self)
        specification = importlib.util.find_spec(fullname)
        if specification is not None and specification.loader is not None:
            execute = specification.loader.exec_module

            def execute_and_register(module):
                execute(module)
                _import_registered_classes()

            specification.loader.exec_module = execute_and_register
        return specification


def _import_registered_classes() -> None:
    for module in _MODULES:
        importlib.import_module(module)
