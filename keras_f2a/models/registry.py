"""The registry of all networks, by name.

A network is one file in this folder with one class, decorated with `register`. Loading, export,
training and their help texts read this registry. A generator is named after its file:
`unet_generator.py` holds `"unet"`.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import TypeVar

import keras

from keras_f2a.models.network import Generator, Network

_SUFFIX = "_generator"
_networks: dict[str, type[Network]] = {}
AnyNetwork = TypeVar("AnyNetwork", bound=type[Network])


def register(network: AnyNetwork) -> AnyNetwork:
    """Register a network under its class name, here and for Keras files. Use it as a decorator.

    Raises:
        ValueError: Another file has a network with that class name, or a generator with that name.
    """
    name = network.__name__
    others = [other for other in _networks.values() if other.__module__ != network.__module__]
    if any(other.__name__ == name for other in others):
        raise ValueError(f"{network.__module__}: a network named {name} already exists")
    if issubclass(network, Generator):
        own_name = generator_name(network)
        if any(issubclass(o, Generator) and generator_name(o) == own_name for o in others):
            raise ValueError(f"{network.__module__}: a generator named {own_name!r} already exists")
    keras.saving.register_keras_serializable(package="keras_f2a")(network)
    _networks[name] = network
    return network


def generator_name(generator: type[Generator]) -> str:
    """Return the name that selects a generator's class, for example `"unet"`."""
    return generator.__module__.rpartition(".")[2].removesuffix(_SUFFIX)


def networks() -> dict[str, type[Network]]:
    """Return the class of every network, by class name."""
    _import_all()
    return dict(_networks)


def generators() -> dict[str, type[Generator]]:
    """Return the class of every generator, by the name that selects it."""
    return {generator_name(c): c for c in networks().values() if issubclass(c, Generator)}


def generator_class(name: str) -> type[Generator]:
    """Return a generator's class.

    Args:
        name: For example `"unet"`.

    Raises:
        ValueError: There is no such generator.
    """
    classes = generators()
    if name not in classes:
        raise ValueError(f"no generator is named {name!r}; choose one of {', '.join(classes)}")
    return classes[name]


def _import_all() -> None:
    for name in _module_names():
        importlib.import_module(name)


def _module_names() -> Iterator[str]:
    package = importlib.import_module(__name__.rpartition(".")[0])
    for module in pkgutil.iter_modules(package.__path__):
        yield f"{package.__name__}.{module.name}"
