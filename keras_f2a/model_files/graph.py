"""Reads a graph of plain layers from a configuration, and computes its cost."""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.layer_cost import Cost, Shape
from keras_f2a.model_files.plain_layer import (
    input_tensors,
    is_input,
    read_input,
    read_layer,
    tensor_source,
)
from keras_f2a.model_files.plain_values import require_type

_MAX_LAYERS = 500


@dataclass
class GraphCost:
    """The cost of a graph.

    Attributes:
        output: Shape of its output for an input of the working size.
        variables: Number of variables of each shape.
        multiplications: Number of multiplications for an image of the working size, or of the
            graph's own size.
        activations: Number of intermediate values that it holds in memory.
    """

    output: Shape = ()
    variables: Counter = field(default_factory=Counter)
    multiplications: int = 0
    activations: int = 0

    def add(self, cost: Cost, *, is_repeated: bool) -> None:
        """Add a layer, or with `is_repeated` another call of it, which adds no variables."""
        if min(cost.output, default=0) < 1:
            raise RefusedError("a layer reduces an image to nothing")
        if not is_repeated:
            self.variables.update(cost.variables)
        self.multiplications += cost.multiplications
        self.activations += math.prod(cost.output) + cost.workspace


def read_graph(item: Any) -> tuple[dict, GraphCost]:
    """Read a `Functional` or `Sequential` model.

    Args:
        item: The model's part of the configuration, as Keras serializes an object.

    Returns:
        The same part with only layers in `RULES` and plain values, and its cost.

    Raises:
        RefusedError: The model holds anything else.
    """
    config = require_type(require_type(item, dict).get("config"), dict)
    layers = require_type(config.get("layers"), list)
    if len(layers) > _MAX_LAYERS:
        raise RefusedError(f"has more than {_MAX_LAYERS} layers")
    if item.get("class_name") == "Sequential":
        return _read_sequential(config, layers)
    return _read_functional(config, layers)


def _read_sequential(config: dict, layers: list) -> tuple[dict, GraphCost]:
    cost, plain_layers, shape = GraphCost(), [], None
    for layer in layers:
        if is_input(layer):
            plain, shape = read_input(layer)
        elif shape is None:
            raise RefusedError("its first layer is not an input")
        else:
            plain, layer_cost = read_layer(layer, [shape])
            cost.add(layer_cost, is_repeated=False)
            shape = layer_cost.output
        plain_layers.append(plain)
    cost.output = shape or ()
    name = require_type(config.get("name"), str)
    model = {"module": "keras", "class_name": "Sequential", "registered_name": None}
    return {**model, "config": {"name": name, "layers": plain_layers}}, cost


def _read_functional(config: dict, layers: list) -> tuple[dict, GraphCost]:
    cost, plain_layers, shapes = GraphCost(), {}, {}
    pending = [(layer, call) for layer in layers for call in range(_count_calls(layer))]
    while pending:
        unresolved = []
        for layer, call in pending:
            name = require_type(layer.get("name"), str)
            if is_input(layer):
                plain_layers[name], shapes[name, 0] = read_input(layer)
                continue
            node = require_type(layer["inbound_nodes"][call], dict)
            sources = [tensor_source(tensor) for tensor in input_tensors(node)]
            if not all(source in shapes for source in sources):
                unresolved.append((layer, call))
                continue
            plain, layer_cost = read_layer(layer, [shapes[source] for source in sources], node)
            cost.add(layer_cost, is_repeated=name in plain_layers)
            shapes[name, call] = layer_cost.output
            plain_layers[name] = plain
        if len(unresolved) == len(pending):
            raise RefusedError("its layers are not connected")
        pending = unresolved
    _single_endpoint(config.get("input_layers"))
    output = _single_endpoint(config.get("output_layers"))
    if output not in shapes or len(plain_layers) != len(layers):
        raise RefusedError("its layers are not connected")
    cost.output = shapes[output]
    ordered_layers = [plain_layers[layer["name"]] for layer in layers]
    plain = {"name": require_type(config.get("name"), str), "layers": ordered_layers}
    plain |= {side: config[side] for side in ("input_layers", "output_layers")}
    model = {"module": "keras.src.models.functional", "class_name": "Functional"}
    return {**model, "config": plain, "registered_name": "Functional"}, cost


def _count_calls(layer: object) -> int:
    nodes = require_type(require_type(layer, dict).get("inbound_nodes", []), list)
    if not nodes and not is_input(layer):
        raise RefusedError("its layers are not connected")
    return max(len(nodes), 1)


def _single_endpoint(value: object) -> tuple[str, int]:
    endpoints = require_type(value, list)
    endpoint = require_type(endpoints[0], list) if len(endpoints) == 1 else endpoints
    if len(endpoint) != 3 or type(endpoint[1]) is not int or endpoint[2] != 0:
        raise RefusedError("does not have exactly one input and one output")
    return require_type(endpoint[0], str), endpoint[1]
