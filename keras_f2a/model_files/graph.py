"""Reads a graph of layers from a configuration: only plain ones, and what they cost."""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeVar

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.layer_rules import RULES, Cost, Shape

WORKING_SIDE = 320
"""In pixels: what a photograph is shrunk to for a generator that takes any size."""
_MOST_LAYERS = 500
_PRECISIONS = ("float32", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16")
_ACTIVATIONS: tuple[str, ...] = (
    "linear",
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "swish",
)
_ACTIVATIONS += ("sigmoid", "hard_sigmoid", "tanh", "softplus", "softmax")
# How weights start and how they are trained is nothing that a trained generator needs.
_LEFT_OUT = ("_initializer", "_regularizer", "_constraint", "_quantizer", "lora_rank", "lora_alpha")
_LONGEST_LIST = 16
_LONGEST_TEXT = 200
_PARTS = ("__ellipsis__", "__slice__")
Kind = TypeVar("Kind")


@dataclass
class GraphCost:
    """What a graph needs.

    Attributes:
        output: Shape of its output for an input of the working size.
        variables: How many variables have each shape.
        products: Multiplications for an image of the working size, or of the graph's own.
        numbers: Numbers that it holds meanwhile.
    """

    output: Shape = ()
    variables: Counter = field(default_factory=Counter)
    products: int = 0
    numbers: int = 0

    def add(self, cost: Cost, *, again: bool) -> None:
        """Add a layer, or a further call of it, which has no variables of its own."""
        if min(cost.output, default=0) < 1:
            raise RefusedError("a layer leaves nothing of an image")
        if not again:
            self.variables.update(cost.variables)
        self.products += cost.products
        self.numbers += math.prod(cost.output) + cost.workspace


def read_graph(item: Any) -> tuple[dict, GraphCost]:
    """Read a `Functional` or `Sequential` model.

    Args:
        item: Its part of the configuration, as Keras serializes an object.

    Returns:
        The same with nothing in it but layers of `RULES` and plain values, and what it costs.

    Raises:
        RefusedError: It holds something else.
    """
    config = checked(checked(item, dict).get("config"), dict)
    layers = checked(config.get("layers"), list)
    if len(layers) > _MOST_LAYERS:
        raise RefusedError(f"has more than {_MOST_LAYERS} layers")
    if item.get("class_name") == "Sequential":
        return _read_sequential(config, layers)
    return _read_functional(config, layers)


def _read_sequential(config: dict, layers: list) -> tuple[dict, GraphCost]:
    cost, clean, shape = GraphCost(), [], None
    for layer in layers:
        if _is_input(layer):
            plain, shape = _input(layer)
        elif shape is None:
            raise RefusedError("its first layer is not an input")
        else:
            plain, of_layer = _layer(layer, [shape])
            cost.add(of_layer, again=False)
            shape = of_layer.output
        clean.append(plain)
    cost.output = shape or ()
    name = checked(config.get("name"), str)
    model = {"module": "keras", "class_name": "Sequential", "registered_name": None}
    return {**model, "config": {"name": name, "layers": clean}}, cost


def _read_functional(config: dict, layers: list) -> tuple[dict, GraphCost]:
    cost, clean, shapes = GraphCost(), {}, {}
    waiting = [(layer, place) for layer in layers for place in range(_calls(layer))]
    while waiting:
        left = []
        for layer, place in waiting:
            name = checked(layer.get("name"), str)
            if _is_input(layer):
                clean[name], shapes[name, 0] = _input(layer)
                continue
            node = checked(layer["inbound_nodes"][place], dict)
            origins = [_origin(tensor) for tensor in _tensors(node)]
            if not all(origin in shapes for origin in origins):
                left.append((layer, place))
                continue
            plain, of_layer = _layer(layer, [shapes[origin] for origin in origins], node)
            cost.add(of_layer, again=name in clean)
            shapes[name, place] = of_layer.output
            clean[name] = plain
        if len(left) == len(waiting):
            raise RefusedError("its layers are not connected")
        waiting = left
    ends = [_only_end(config.get(side)) for side in ("input_layers", "output_layers")]
    if ends[1] not in shapes or len(clean) != len(layers):
        raise RefusedError("its layers are not connected")
    cost.output = shapes[ends[1]]
    in_order = [clean[layer["name"]] for layer in layers]
    plain = {"name": checked(config.get("name"), str), "layers": in_order}
    plain |= {side: config[side] for side in ("input_layers", "output_layers")}
    model = {"module": "keras.src.models.functional", "class_name": "Functional"}
    return {**model, "config": plain, "registered_name": "Functional"}, cost


def _calls(layer: object) -> int:
    nodes = checked(checked(layer, dict).get("inbound_nodes", []), list)
    if not nodes and not _is_input(layer):
        raise RefusedError("its layers are not connected")
    return max(len(nodes), 1)


def _is_input(layer: object) -> bool:
    return checked(layer, dict).get("class_name") == "InputLayer"


def _input(layer: dict) -> tuple[dict, Shape]:
    config = checked(layer.get("config"), dict)
    sides = checked(config.get("batch_shape", config.get("batch_input_shape")), list)
    if len(sides) != 4 or any(side is not None and type(side) is not int for side in sides):
        raise RefusedError("not a generator: its input must be (batch, height, width, 3)")
    name = checked(config.get("name"), str)
    plain = {"batch_shape": sides, "dtype": _precision(config.get("dtype")), "name": name}
    shape = tuple(WORKING_SIDE if side is None else side for side in sides[1:])
    return _serialized(layer, "keras.layers", plain), shape


def _layer(layer: dict, shapes: list[Shape], node: dict | None = None) -> tuple[dict, Cost]:
    kind, name = layer.get("class_name"), layer.get("registered_name")
    ours = isinstance(name, str) and name.startswith("keras_f2a>")
    origin = "keras_f2a" if ours else checked(layer.get("module"), str)
    if name not in ((f"keras_f2a>{kind}",) if ours else (None, kind)):
        raise RefusedError(f"has a layer that calls itself {ascii(name)[:60]}")
    rule = RULES.get((origin, checked(kind, str)))
    if rule is None:
        raise RefusedError(f"has a layer of class {ascii(kind)[:60]}, which no generator has")
    config = checked(layer.get("config"), dict)
    plain = {key: _value(key, value) for key, value in config.items() if not _is_left_out(key)}
    if plain.get("data_format", "channels_last") != "channels_last":
        raise RefusedError("its channels are not last")
    of_rule = plain
    if kind == "GetItem":  # Its slices are not part of its configuration.
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
    """Return a call of a layer: tensors and plain numbers, and none of the options of training."""
    return {"args": _argument(checked(checked(node, dict).get("args"), list)), "kwargs": {}}


def _argument(value: object) -> object:
    if isinstance(value, list) and len(value) <= 2 * _LONGEST_LIST:
        return [_argument(item) for item in value]
    if isinstance(value, dict) and value.get("class_name") == "__ellipsis__":
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(value, dict) and value.get("class_name") == "__slice__":
        ends = checked(value.get("config"), dict)
        config = {end: _argument(ends.get(end)) for end in ("start", "stop", "step")}
        return {"class_name": "__slice__", "config": config}
    if isinstance(value, dict):
        name, node = _origin(value)
        config = {"shape": [None], "dtype": "float32", "keras_history": [name, node, 0]}
        return {"class_name": "__keras_tensor__", "config": config}
    if value is None or type(value) in (int, float, bool):
        return value
    raise RefusedError("a layer is called with something that is not an image")


def _tensors(node: object) -> list[dict]:
    found, waiting = [], [checked(node, dict).get("args")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value[::-1]
        elif isinstance(value, dict) and value.get("class_name") not in _PARTS:
            found.append(value)
    return found


def _origin(tensor: dict) -> tuple[str, int]:
    config = tensor.get("config") if tensor.get("class_name") == "__keras_tensor__" else None
    history = checked(checked(config, dict).get("keras_history"), list)
    if len(history) != 3 or history[2] != 0 or type(history[1]) is not int:
        raise RefusedError("its layers are not connected")
    return checked(history[0], str), history[1]


def _only_end(value: object) -> tuple[str, int]:
    ends = checked(value, list)
    end = checked(ends[0], list) if len(ends) == 1 else ends
    if len(end) != 3 or type(end[1]) is not int or end[2] != 0:
        raise RefusedError("has not one input and one output")
    return checked(end[0], str), end[1]


def _is_left_out(key: str) -> bool:
    return key.endswith(_LEFT_OUT)


def _value(key: str, value: object) -> object:
    if key == "dtype":
        return _precision(value)
    if key in ("activation", "recurrent_activation"):
        named = value.get("config") if isinstance(value, dict) else value
        if named not in (None, *_ACTIVATIONS):
            raise RefusedError(f"has the activation {ascii(named)[:60]}")
        return named
    return plain_value(key, value)


def _precision(value: object) -> str:
    config = value.get("config") if isinstance(value, dict) else {"name": value}
    name = checked(config, dict).get("name")
    if name not in _PRECISIONS:
        raise RefusedError(f"has the precision {ascii(name)[:60]}")
    return name


def plain_value(key: str, value: object) -> object:
    """Return a number, a short text, or a short list of such.

    Raises:
        RefusedError: It is something else.
    """
    if isinstance(value, list) and len(value) <= _LONGEST_LIST:
        return [plain_value(key, item) for item in value]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, str) and len(value) <= _LONGEST_TEXT:
        return value
    if isinstance(value, int) and abs(value) < 2**31:
        return value
    raise RefusedError(f"the value of {ascii(key)[:60]} is none that a generator has")


def checked(value: object, kind: type[Kind]) -> Kind:
    """Return a value of the type that Keras writes.

    Raises:
        RefusedError: It is of another one.
    """
    if not isinstance(value, kind):
        raise RefusedError("its configuration is not one that Keras writes")
    return value
