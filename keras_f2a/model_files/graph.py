"""Reads a graph of plain layers from a configuration, and computes its cost."""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.layer_cost import Cost, Shape
from keras_f2a.model_files.plain_layer import is_input, origin_of, read_input, read_layer, tensors
from keras_f2a.model_files.plain_values import checked

_MOST_LAYERS = 500


@dataclass
class GraphCost:
    """The cost of a graph.

    Attributes:
        output: Shape of its output for an input of the working size.
        variables: Number of variables of each shape.
        products: Number of multiplications for an image of the working size, or of the graph's own
            size.
        numbers: Number of intermediate values that it holds in memory.
    """

    output: Shape = ()
    variables: Counter = field(default_factory=Counter)
    products: int = 0
    numbers: int = 0

    def add(self, cost: Cost, *, again: bool) -> None:
        """Add a layer, or with `again` another call of it, which adds no variables."""
        if min(cost.output, default=0) < 1:
            raise RefusedError("a layer reduces an image to nothing")
        if not again:
            self.variables.update(cost.variables)
        self.products += cost.products
        self.numbers += math.prod(cost.output) + cost.workspace


def read_graph(item: Any) -> tuple[dict, GraphCost]:
    """Read a `Functional` or `Sequential` model.

    Args:
        item: The model's part of the configuration, as Keras serializes an object.

    Returns:
        The same part with only layers in `RULES` and plain values, and its cost.

    Raises:
        RefusedError: The model holds anything else.
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
        if is_input(layer):
            plain, shape = read_input(layer)
        elif shape is None:
            raise RefusedError("its first layer is not an input")
        else:
            plain, of_layer = read_layer(layer, [shape])
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
            if is_input(layer):
                clean[name], shapes[name, 0] = read_input(layer)
                continue
            node = checked(layer["inbound_nodes"][place], dict)
            origins = [origin_of(tensor) for tensor in tensors(node)]
            if not all(origin in shapes for origin in origins):
                left.append((layer, place))
                continue
            plain, of_layer = read_layer(layer, [shapes[origin] for origin in origins], node)
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
    if not nodes and not is_input(layer):
        raise RefusedError("its layers are not connected")
    return max(len(nodes), 1)


def _only_end(value: object) -> tuple[str, int]:
    ends = checked(value, list)
    end = checked(ends[0], list) if len(ends) == 1 else ends
    if len(end) != 3 or type(end[1]) is not int or end[2] != 0:
        raise RefusedError("does not have exactly one input and one output")
    return checked(end[0], str), end[1]
