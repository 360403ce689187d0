"""Checks what a `.keras` file would build and at what cost, before TensorFlow is imported."""

import math
from dataclasses import dataclass
from pathlib import Path

from keras_f2a.model_files.archive import RefusedError, open_archive
from keras_f2a.model_files.graph import GraphCost, read_graph
from keras_f2a.model_files.plain_values import plain_value, require_type
from keras_f2a.model_files.stored_weights import StoredWeights, read_stored_weights
from keras_f2a.support.errors import one_line

_NETWORKS = "keras_f2a.models."
_WRAPPERS = ("keras_f2a>FlashToAmbient", "keras_f2a>DeepFlash")
_MAX_WIDTH = 16
_MAX_SIDE = 2**14
# The limits of cost for files of up to this many bytes. They grow in proportion for larger files.
_SMALL_FILE_SIZE = 20_000_000
_MAX_MULTIPLICATIONS = 150e9
_MAX_ACTIVATIONS = 150e6


@dataclass(frozen=True)
class KerasFile:
    """The content of a `.keras` file.

    Attributes:
        configuration: The generator's configuration, safe for
            `keras.saving.deserialize_keras_object`.
        part: The group of the generator's weights. Empty for all.
        stored: The arrays that the weights contain.
        is_network: Whether the generator is a class of this package, whose graph is not in the
            file.
    """

    configuration: dict
    part: str
    stored: StoredWeights
    is_network: bool


def read_keras_file(path: Path) -> KerasFile:
    """Read and check a `.keras` file without Keras.

    The configuration holds only numbers, short texts, this package's networks and the layers in
    `layer_rules.RULES`. It does not name a file, an address or code. If it holds a graph of layers,
    the file stores all the weights that they need.

    Raises:
        InputError: The file is not valid. The message says what is wrong.
    """
    with open_archive(path) as (configuration, weights):
        item, part = require_type(configuration, dict), ""
        if item.get("registered_name") in _WRAPPERS:
            item = require_type(require_type(item.get("config"), dict).get("generator"), dict)
            part = "generator"
        if is_network := str(item.get("registered_name")).startswith("keras_f2a>"):
            plain, cost = _check_network(item), None
        elif item.get("class_name") in ("Functional", "Model", "Sequential"):
            plain, cost = read_graph(item)
        else:
            raise RefusedError(f"is of class {ascii(item.get('class_name'))[:60]}")
        if cost is not None:
            _check_cost(cost, path.stat().st_size)
        try:
            stored = read_stored_weights(weights, part)
        except OSError as error:  # HDF5 raises it for damaged files.
            raise ValueError(f"its weights: {one_line(error)}") from error
        if cost is not None and cost.variables - stored.shapes:
            missing = next(iter(cost.variables - stored.shapes))
            raise RefusedError(f"stores no weights of shape {missing}, which its layers need")
        return KerasFile(plain, part, stored, is_network)


def check_network_cost(path: Path, graph: dict) -> None:
    """Check that a network of this package does not cost too much for the size of its file.

    Args:
        path: The file.
        graph: The network's layers, as Keras serializes a functional model.

    Raises:
        RefusedError: It costs too much.
    """
    _check_cost(read_graph(graph)[1], path.stat().st_size)


def _check_cost(cost: GraphCost, size: int) -> None:
    scale = max(size / _SMALL_FILE_SIZE, 1)
    is_too_slow = cost.multiplications > _MAX_MULTIPLICATIONS * scale
    if is_too_slow or cost.activations > _MAX_ACTIVATIONS * scale:
        raise RefusedError(
            f"would take {cost.multiplications / 1e9:,.0f} billion multiplications and "
            f"{4 * cost.activations / 1e6:,.0f} MB for one image"
        )


def _check_network(item: dict) -> dict:
    """Return the checked class and arguments of one of this package's networks."""
    name, module = item.get("class_name"), item.get("module")
    if item["registered_name"] != f"keras_f2a>{name}" or not str(module).startswith(_NETWORKS):
        raise RefusedError(f"is of class {ascii(name)[:60]}")
    config = dict(require_type(item.get("config"), dict))
    if config.pop("encoder_weights", None) is not None:
        raise RefusedError("sets `encoder_weights`, which no saved generator does")
    frozen = require_type(config.pop("frozen_layers", []), list)
    frozen = [require_type(layer, str) for layer in frozen]
    shape = require_type(config.pop("input_shape", [None, None, 3]), list)
    if len(shape) != 3 or not all(_is_side(side) for side in shape):
        raise RefusedError("its input is not an image")
    width = config.get("width", 1.0)
    is_number = isinstance(width, int | float) and math.isfinite(width)
    if not is_number or not 0 < width <= _MAX_WIDTH:
        raise RefusedError(f"its width is {ascii(width)[:60]}")
    arguments = {require_type(key, str): plain_value(key, value) for key, value in config.items()}
    arguments |= {"input_shape": shape, "frozen_layers": frozen}
    return {
        "module": module,
        "class_name": name,
        "config": arguments,
        "registered_name": item["registered_name"],
    }


def _is_side(value: object) -> bool:
    return value is None or (type(value) is int and 0 < value <= _MAX_SIDE)
