"""The methods that `evaluate` compares: named ones, trained networks and the user's own.

A method is a function from one RGB image to another. To add one:

    from keras_f2a.evaluation.methods import register

    def gamma(image):
        return image ** (1 / 2.2)

    register("gamma", gamma)

Mark a method that also needs the ambient photograph. Tables list it separately:

    @SeesAmbient
    def average(flash, ambient):
        return (flash + ambient) / 2

On the command line, name a function of an importable module as `module:function`.
"""

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from keras_f2a.baselines.agrawal import agrawal, agrawal_flash
from keras_f2a.baselines.eisemann import eisemann
from keras_f2a.baselines.intrinsic import intrinsic
from keras_f2a.baselines.lime import FLASH_PAPER_GAMMA, lime
from keras_f2a.baselines.petschnigg import petschnigg
from keras_f2a.baselines.srie import srie
from keras_f2a.correction.corrector import Corrector
from keras_f2a.evaluation.networks import load_network
from keras_f2a.generator_files import generator_file, is_a_name
from keras_f2a.model_files.bundled import MODELS
from keras_f2a.model_files.hub import is_hub_address
from keras_f2a.support.errors import InputError, WorkError, one_line


@dataclass(frozen=True)
class SeesAmbient:
    """A method that needs the ambient photograph in addition to the flash photograph.

    Scores are measured against the ambient photograph, so such a method only gives context and
    does not compete with the others.

    Attributes:
        function: Takes a flash and an ambient image and returns an image of the same kind: RGB in
            [0, 1], float32, (height, width, 3).
    """

    function: Callable[[np.ndarray, np.ndarray], np.ndarray]

    def __call__(self, flash: np.ndarray, ambient: np.ndarray) -> np.ndarray:
        """Call the function."""
        return self.function(flash, ambient)


Method = Callable[[np.ndarray], np.ndarray] | SeesAmbient
"""A function that takes and returns RGB in [0, 1], float32, (height, width, 3)."""


def unchanged(image: np.ndarray) -> np.ndarray:
    """Return the flash image itself, which every method should beat."""
    return image


def ambient_itself(_flash: np.ndarray, ambient: np.ndarray) -> np.ndarray:
    """Return the ambient image as methods see it, which those methods should beat."""
    return ambient


def ours(image: np.ndarray, rules: str = "auto") -> np.ndarray:
    """Correct an image with the bundled network, like `keras-f2a correct`.

    Args:
        image: RGB in [0, 1], float32, (height, width, 3).
        rules: `"off"` returns the network's own result.
    """
    return _corrector(rules).correct(image)


@cache
def _corrector(rules: str) -> Corrector:
    return Corrector(rules=rules)


_REGISTERED: dict[str, Method] = {
    "flash": unchanged,
    "lime": lime,
    f"lime-gamma-{FLASH_PAPER_GAMMA}": partial(lime, gamma=FLASH_PAPER_GAMMA),
    "srie": srie,
    "intrinsic": intrinsic,
    "ours": ours,
    "ours-network": partial(ours, rules="off"),
    "ambient": SeesAmbient(ambient_itself),
    "petschnigg": SeesAmbient(petschnigg),
    "eisemann": SeesAmbient(eisemann),
    "eisemann-cast-1": SeesAmbient(partial(eisemann, cast=1.0)),
    "agrawal": SeesAmbient(agrawal),
    "agrawal-flash": SeesAmbient(agrawal_flash),
}


def method_names() -> list[str]:
    """Return the methods' names, with a mark on those that see the ambient photograph."""
    names = []
    for name, method in _REGISTERED.items():
        names.append(f"{name} (sees ambient)" if sees_ambient(method) else name)
    return names


def sees_ambient(method: Method) -> bool:
    """Return whether a method needs the ambient photograph."""
    return isinstance(method, SeesAmbient)


def register(name: str, method: Method) -> None:
    """Register a method for `load_methods` and the tables, replacing one of the same name."""
    _REGISTERED[name] = method


def load_methods(specifications: Iterable[str]) -> dict[str, Method]:
    """Load the methods that a user specified.

    Args:
        specifications: Each is a registered name, the name of a bundled network,
            `module:function`, a run directory, a `.keras`, `.tflite` or `.onnx` file, or an
            address on a hub.

    Returns:
        The methods by label. The label is the name, the function's name, the run directory's name
        or the file's name without its extension.

    Raises:
        InputError: A specification is none of these, or two methods have the same label.
    """
    methods: dict[str, Method] = {}
    for specification in specifications:
        label, method = _load(specification)
        if label in methods:
            raise InputError(
                f"two methods are named {label!r}; rename a file or folder, or omit one of them",
                setting="methods",
                value=specification,
            )
        methods[label] = method
    return methods


def apply(
    method: Method,
    label: str,
    image: np.ndarray,
    *,
    image_name: str,
    ambient: np.ndarray | None = None,
) -> np.ndarray:
    """Run a method on an image and check what it returns.

    Args:
        method: The method.
        label: The method's name for messages.
        image: RGB in [0, 1], float32, (height, width, 3).
        image_name: The image's name for messages.
        ambient: The ambient photograph, with the image's shape and range. Only a `SeesAmbient`
            method gets it.

    Returns:
        The method's output, clipped to [0, 1], in the image's shape.

    Raises:
        InputError: The method needs the ambient photograph, but there is none.
        WorkError: The method failed, changed the shape, or returned values that are not finite.
    """
    if sees_ambient(method) and ambient is None:
        raise InputError(
            f"method {label} also needs the ambient photograph, but {image_name} has none; "
            "give both, or omit the method"
        )
    inputs = [image] if ambient is None or not sees_ambient(method) else [image, ambient]
    try:
        output = np.asarray(method(*(argument.copy() for argument in inputs)))
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        reason = one_line(f"{type(error).__name__}: {error}")
        raise WorkError(f"method {label} failed on {image_name}: {reason}") from error
    if output.shape != image.shape:
        raise WorkError(
            f"method {label} returned shape {output.shape} for {image_name} of {image.shape}; "
            "a method must keep the shape"
        )
    if not np.isfinite(output).all():
        raise WorkError(f"method {label} returned values that are not finite for {image_name}")
    return np.clip(output, 0.0, 1.0)


def _load(specification: str) -> tuple[str, Method]:
    if specification in _REGISTERED:
        return specification, _REGISTERED[specification]
    path = Path(specification)
    if is_a_name(specification):
        return specification, load_network(generator_file(specification))[1]
    if is_hub_address(specification):
        return load_network(generator_file(specification))
    if path.exists() or path.suffix in (".keras", ".tflite", ".onnx"):
        return load_network(path)
    module, separator, function = specification.rpartition(":")
    if separator:
        return function, _load_function(specification, module, function)
    raise InputError(
        f"neither a method ({', '.join(method_names())}), nor one of our networks "
        f"({', '.join(MODELS)}), "
        "nor module:function, nor a run directory, .keras, .tflite or .onnx file that exists",
        setting="methods",
        value=specification,
    )


def _load_function(specification: str, module: str, function: str) -> Method:
    try:
        method = getattr(importlib.import_module(module), function, None)
    except (Exception, SystemExit) as error:
        reason = one_line(f"{type(error).__name__}: {error}")
        raise InputError(
            f"cannot import {module} ({reason})", setting="methods", value=specification
        ) from error
    if not callable(method):
        raise InputError(
            f"{module} has no function {function}", setting="methods", value=specification
        )
    return method
