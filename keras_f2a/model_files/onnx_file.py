"""Checks what an ONNX file declares before it runs, because a file can demand anything."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.support.errors import one_line

if TYPE_CHECKING:
    import onnx

LARGEST_TENSOR = 1 << 29
"""Number of values. A 2-megapixel image with 256 channels has as many."""
_MOST_NODES = 20_000
_STANDARD = ("", "ai.onnx")
# Larger constants are not shapes, so shape inference does not need their values.
_SHAPE_NUMBERS = 64
_DATA = ("raw_data", "float_data", "int32_data", "int64_data", "double_data", "uint64_data")


def check_onnx(content: bytes) -> None:
    """Check that a file holds a plain network and all of its parts.

    ONNX allows weights in other files, operators from other libraries, branches, loops, and tensors
    of any size that the file does not store.

    Args:
        content: The whole file.

    Raises:
        RefusedError: The file is damaged or has one of these. The message says which, without
            naming the file.
        ImportError: The package `onnx` is missing.
    """
    import onnx
    from google.protobuf.message import DecodeError

    try:
        model = onnx.ModelProto.FromString(content)
    except DecodeError as error:
        raise RefusedError("not an ONNX file, or damaged") from error
    graph = model.graph
    if not graph.node:
        raise RefusedError("not an ONNX file, or one without a network")
    if model.functions or model.training_info:
        raise RefusedError("defines its own functions or training steps")
    if graph.sparse_initializer:
        raise RefusedError("has sparse weights")
    if len(graph.node) > _MOST_NODES:
        raise RefusedError(f"has more than {_MOST_NODES:,} operators")
    for node in graph.node:
        _check_operator(node)
    for tensor in _stored(graph):
        _check_stored(tensor)
    _check_declared(graph)
    _check_declared(_inferred(model).graph)


def _check_operator(node: "onnx.NodeProto") -> None:
    name = ascii(node.op_type)[:100]
    if node.domain not in _STANDARD:
        raise RefusedError(
            f"uses the operator {name} of {ascii(node.domain)[:100]}, which is not ONNX's own"
        )
    for attribute in node.attribute:
        if attribute.HasField("g") or attribute.graphs:
            raise RefusedError(f"has a branch or a loop ({name})")
        if attribute.HasField("sparse_tensor") or attribute.sparse_tensors:
            raise RefusedError("has sparse weights")
        if attribute.name == "shape":  # The shape of a random tensor.
            _check_size(attribute.ints)


def _stored(graph: "onnx.GraphProto") -> Iterator["onnx.TensorProto"]:
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors


def _check_stored(tensor: "onnx.TensorProto") -> None:
    """Refuse weights that are in another file, or of which the file stores too few."""
    if tensor.data_location != tensor.DEFAULT or tensor.external_data:
        raise RefusedError(f"stores weights in another file ({ascii(tensor.name)[:100]})")
    bits = _bits(tensor)
    if any(side < 0 for side in tensor.dims):
        raise RefusedError("declares weights with a negative dimension")
    numbers = _check_size(tensor.dims)
    if tensor.HasField("raw_data"):
        held = len(tensor.raw_data) * 8 // bits
    else:
        fields = (tensor.float_data, tensor.int32_data, tensor.int64_data)
        held = max(map(len, (*fields, tensor.double_data, tensor.uint64_data)))
        held *= max(1, 8 // bits)  # 4-bit numbers are stored in pairs.
    if numbers > held:
        raise RefusedError(f"declares more weights than it stores ({ascii(tensor.name)[:100]})")


def _bits(tensor: "onnx.TensorProto") -> int:
    names = tensor.DataType.keys()
    kind = tensor.DataType.Name(tensor.data_type) if tensor.data_type < len(names) else ""
    sizes = {"BOOL": 8, "FLOAT": 32, "DOUBLE": 64, "FLOAT16": 16, "BFLOAT16": 16}
    sizes |= {f"{sign}INT{bits}": bits for sign in ("", "U") for bits in (4, 8, 16, 32, 64)}
    if kind not in sizes:
        raise RefusedError(f"has weights that are not numbers ({ascii(tensor.name)[:100]})")
    return sizes[kind]


def _check_declared(graph: "onnx.GraphProto") -> None:
    for value in (*graph.input, *graph.output, *graph.value_info):
        _check_size([side.dim_value for side in value.type.tensor_type.shape.dim])


def _check_size(sides: Sequence[int]) -> int:
    """Refuse a tensor that is too large. Open sides, which are 0, count as 1."""
    if math.prod(max(side, 1) for side in sides) > LARGEST_TENSOR:
        shape = "x".join(map(str, sides))[:100]
        raise RefusedError(f"declares a tensor of {shape} numbers, larger than any network's")
    return math.prod(sides)


def _inferred(model: "onnx.ModelProto") -> "onnx.ModelProto":
    """Return the network with inferred tensor sizes and without its larger weights."""
    import onnx

    light = onnx.ModelProto()
    light.CopyFrom(model)
    for tensor in _stored(light.graph):
        if math.prod(tensor.dims) > _SHAPE_NUMBERS:
            for name in _DATA:
                tensor.ClearField(name)
    try:
        return onnx.shape_inference.infer_shapes(light, data_prop=True)
    except Exception as error:  # It raises several types, even for some networks that run.
        raise RefusedError(f"has shapes that do not match ({one_line(error)})") from error
