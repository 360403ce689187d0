"""Reads one plain layer of a graph with its calls, and computes its cost."""

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.layer_cost import Cost, Shape
from keras_f2a.model_files.layer_rules import RULES
from keras_f2a.model_files.plain_values import LONGEST_LIST, checked, layer_value, precision

WORKING_SIDE = 320
"""Side in pixels of the downscaled photograph that a generator with a flexible size sees."""
# A trained generator does not need to know how its weights are initialized and trained.
_LEFT_OUT = ("_initializer", "_regularizer", "_constraint", "_quantizer", "lora_rank", "lora_alpha")
_PARTS = ("__ellipsis__", "__slice__")


def is_input(layer: object) -> bool:
    """Return whether a layer is an input."""
    return checked(layer, dict).get("class_name") == "InputLayer"


def read_input(layer: dict) -> tuple[dict, Shape]:
    """Return a plain version of an input, and its shape at the working size.

    Raises:
        RefusedError: It is not for an image.
    """
    config = checked(layer.get("config"), dict)
    sides = checked(config.get("batch_shape", config.get("batch_input_shape")), list)
    if len(sides) != 4 or any(side is not None and type(side) is not int for side in sides):
        raise RefusedError("not a generator: its input must be (batch, height, width, 3)")
    name = checked(config.get("name"), str)
    plain = {"batch_shape": sides, "dtype": precision(config.get("dtype")), "name": name}
    shape = tuple(WORKING_SIDE if side is None else side for side in sides[1:])
    return _serialized(layer, "keras.layers", plain), shape


def read_layer(layer: dict, shapes: list[Shape], node: dict | None = None) -> tuple[dict, Cost]:
    """Return a plain version of a layer, and its cost.

    Args:
        layer: The layer's part of the configuration.
        shapes: The shapes of its inputs.
        node: The call of the layer, which a slice needs.

    Raises:
        RefusedError: No generator has such a layer, or it holds more than plain values.
    """
    kind, name = layer.get("class_name"), layer.get("registered_name")
    ours = isinstance(name, str) and name.startswith("keras_f2a>")
    origin = "keras_f2a" if ours else checked(layer.get("module"), str)
    if name not in ((f"keras_f2a>{kind}",) if ours else (None, kind)):
        raise RefusedError(f"has a layer registered as {ascii(name)[:60]}")
    rule = RULES.get((origin, checked(kind, str)))
    if rule is None:
        raise RefusedError(f"has a layer of class {ascii(kind)[:60]}, which no generator has")
    config = checked(layer.get("config"), dict)
    plain = {key: layer_value(key, value) for key, value in config.items() if not _is_left_out(key)}
    if plain.get("data_format", "channels_last") != "channels_last":
        raise RefusedError("its channels are not last")
    of_rule = plain
    if kind == "GetItem":  # Its slices are in the call, not in the configuration.
        of_rule = {"index": checked(checked(node, dict).get("args"), list)[-1]}
    return _serialized(layer, origin, plain), rule(of_rule, shapes)


def _serialized(layer: dict, origin: str, config: dict) -> dict:
    kind = layer["class_name"]
    registered = f"keras_f2a>{kind}" if origin == "keras_f2a" else None
    plain = {"module": origin, "class_name": kind, "config": config, "registered_name": registered}
    if "inbound_nodes" in layer:
        plain["name"] = checked(layer.get("name"), str)
        plain["inbound_nodes"] = [_node(node) for node in layer["inbound_nodes"]]
    return plain


def _node(node: object) -> dict:
    """Return a call of a layer with its tensors and plain numbers, but no training options."""
    return {"args": _argument(checked(checked(node, dict).get("args"), list)), "kwargs": {}}


def _argument(value: object) -> object:
    if isinstance(value, list) and len(value) <= 2 * LONGEST_LIST:
        return [_argument(item) for item in value]
    if isinstance(value, dict) and value.get("class_name") == "__ellipsis__":
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(value, dict) and value.get("class_name") == "__slice__":
        ends = checked(value.get("config"), dict)
        config = {end: _argument(ends.get(end)) for end in ("start", "stop", "step")}
        return {"class_name": "__slice__", "config": config}
    if isinstance(value, dict):
        name, node = origin_of(value)
        config = {"shape": [None], "dtype": "float32", "keras_history": [name, node, 0]}
        return {"class_name": "__keras_tensor__", "config": config}
    if value is None or type(value) in (int, float, bool):
        return value
    raise RefusedError("a layer is called with something that is not an image")


def tensors(node: object) -> list[dict]:
    """Return the tensors that a call takes, in order."""
    found, waiting = [], [checked(node, dict).get("args")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value[::-1]
        elif isinstance(value, dict) and value.get("class_name") not in _PARTS:
            found.append(value)
    return found


def origin_of(tensor: dict) -> tuple[str, int]:
    """Return the layer that a tensor comes from, and the index of the call.

    Raises:
        RefusedError: The configuration does not say.
    """
    config = tensor.get("config") if tensor.get("class_name") == "__keras_tensor__" else None
    history = checked(checked(config, dict).get("keras_history"), list)
    if len(history) != 3 or history[2] != 0 or type(history[1]) is not int:
        raise RefusedError("its layers are not connected")
    return checked(history[0], str), history[1]


def _is_left_out(key: str) -> bool:
    return key.endswith(_LEFT_OUT)
