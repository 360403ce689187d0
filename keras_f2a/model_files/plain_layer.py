"""Reads one plain layer of a graph with its calls, and computes its cost."""

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.layer_cost import Cost, Shape
from keras_f2a.model_files.layer_rules import RULES
from keras_f2a.model_files.plain_values import (
    MAX_LIST_LENGTH,
    plain_layer_value,
    precision_name,
    require_type,
)

WORKING_SIDE = 320
"""Side in pixels of the downscaled photograph that a generator with a flexible size sees."""
# A trained generator does not need to know how its weights are initialized and trained.
_OMITTED_SUFFIXES = (
    "_initializer",
    "_regularizer",
    "_constraint",
    "_quantizer",
    "lora_rank",
    "lora_alpha",
)
_SLICE_CLASSES = ("__ellipsis__", "__slice__")


def is_input(layer: object) -> bool:
    """Return whether a layer is an input."""
    return require_type(layer, dict).get("class_name") == "InputLayer"


def read_input(layer: dict) -> tuple[dict, Shape]:
    """Return a plain version of an input, and its shape at the working size.

    Raises:
        RefusedError: It is not for an image.
    """
    config = require_type(layer.get("config"), dict)
    sides = require_type(config.get("batch_shape", config.get("batch_input_shape")), list)
    if len(sides) != 4 or any(side is not None and type(side) is not int for side in sides):
        raise RefusedError("not a generator: its input must be (batch, height, width, 3)")
    name = require_type(config.get("name"), str)
    plain = {"batch_shape": sides, "dtype": precision_name(config.get("dtype")), "name": name}
    shape = tuple(WORKING_SIDE if side is None else side for side in sides[1:])
    return _serialize(layer, "keras.layers", plain), shape


def read_layer(layer: dict, shapes: list[Shape], node: dict | None = None) -> tuple[dict, Cost]:
    """Return a plain version of a layer, and its cost.

    Args:
        layer: The layer's part of the configuration.
        shapes: The shapes of its inputs.
        node: The call of the layer, which a slice needs.

    Raises:
        RefusedError: No generator has such a layer, or it holds more than plain values.
    """
    class_name, name = layer.get("class_name"), layer.get("registered_name")
    is_custom = isinstance(name, str) and name.startswith("keras_f2a>")
    module = "keras_f2a" if is_custom else require_type(layer.get("module"), str)
    if name not in ((f"keras_f2a>{class_name}",) if is_custom else (None, class_name)):
        raise RefusedError(f"has a layer registered as {ascii(name)[:60]}")
    rule = RULES.get((module, require_type(class_name, str)))
    if rule is None:
        raise RefusedError(f"has a layer of class {ascii(class_name)[:60]}, which no generator has")
    config = require_type(layer.get("config"), dict)
    kept = {key: value for key, value in config.items() if not _is_omitted(key)}
    plain = {key: plain_layer_value(key, value) for key, value in kept.items()}
    if plain.get("data_format", "channels_last") != "channels_last":
        raise RefusedError("its channels are not last")
    rule_config = plain
    if class_name == "GetItem":  # Its slices are in the call, not in the configuration.
        rule_config = {"index": require_type(require_type(node, dict).get("args"), list)[-1]}
    return _serialize(layer, module, plain), rule(rule_config, shapes)


def _serialize(layer: dict, module: str, config: dict) -> dict:
    class_name = layer["class_name"]
    registered = f"keras_f2a>{class_name}" if module == "keras_f2a" else None
    plain = {"module": module, "class_name": class_name, "config": config}
    plain["registered_name"] = registered
    if "inbound_nodes" in layer:
        plain["name"] = require_type(layer.get("name"), str)
        plain["inbound_nodes"] = [_plain_node(node) for node in layer["inbound_nodes"]]
    return plain


def _plain_node(node: object) -> dict:
    """Return a call of a layer with its tensors and plain numbers, but no training options."""
    return {
        "args": _plain_argument(require_type(require_type(node, dict).get("args"), list)),
        "kwargs": {},
    }


def _plain_argument(value: object) -> object:
    if isinstance(value, list) and len(value) <= 2 * MAX_LIST_LENGTH:
        return [_plain_argument(item) for item in value]
    if isinstance(value, dict) and value.get("class_name") == "__ellipsis__":
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(value, dict) and value.get("class_name") == "__slice__":
        bounds = require_type(value.get("config"), dict)
        config = {bound: _plain_argument(bounds.get(bound)) for bound in ("start", "stop", "step")}
        return {"class_name": "__slice__", "config": config}
    if isinstance(value, dict):
        name, node = tensor_source(value)
        config = {"shape": [None], "dtype": "float32", "keras_history": [name, node, 0]}
        return {"class_name": "__keras_tensor__", "config": config}
    if value is None or type(value) in (int, float, bool):
        return value
    raise RefusedError("a layer is called with something that is not an image")


def input_tensors(node: object) -> list[dict]:
    """Return the tensors that a call takes, in order."""
    inputs, pending = [], [require_type(node, dict).get("args")]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value[::-1]
        elif isinstance(value, dict) and value.get("class_name") not in _SLICE_CLASSES:
            inputs.append(value)
    return inputs


def tensor_source(tensor: dict) -> tuple[str, int]:
    """Return the layer that a tensor comes from, and the index of the call.

    Raises:
        RefusedError: The configuration does not say.
    """
    config = tensor.get("config") if tensor.get("class_name") == "__keras_tensor__" else None
    history = require_type(require_type(config, dict).get("keras_history"), list)
    if len(history) != 3 or history[2] != 0 or type(history[1]) is not int:
        raise RefusedError("its layers are not connected")
    return require_type(history[0], str), history[1]


def _is_omitted(key: str) -> bool:
    return key.endswith(_OMITTED_SUFFIXES)
