"""Checks what an ONNX file declares before it runs, because a file can demand anything."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.support.errors import one_line

if TYPE_CHECKING:
    import onnx

MAX_TENSOR_SIZE = 1 << 29
"""Number of values. A 2-megapixel image with 256 channels has as many."""
_MAX_NODES = 20_000
_STANDARD_DOMAINS = ("", "ai.onnx")
# Larger constants are not shapes, so shape inference does not need their values.
_MAX_SHAPE_VALUES = 64
_DATA_FIELDS = ("raw_data", "float_data", "int32_data", "int64_data", "double_data", "uint64_data")


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
    if len(graph.node) > _MAX_NODES:
        raise RefusedError(f"has more than {_MAX_NODES:,} operators")
    for node in graph.node:
        _check_operator(node)
    for tensor in _stored_tensors(graph):
        _check_stored_tensor(tensor)
    _check_declared_shapes(graph)
    _check_declared_shapes(_infer_shapes(model).graph)


def _check_operator(node: "onnx.NodeProto") -> None:
    name = ascii(node.op_type)[:100]
    if node.domain not in _STANDARD_DOMAINS:
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


def _stored_tensors(graph: "onnx.GraphProto") -> Iterator["onnx.TensorProto"]:
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors


def _check_stored_tensor(tensor: "onnx.TensorProto") -> None:
    """Refuse weights that are in another file, or of which the file stores too few."""
    if tensor.data_location != tensor.DEFAULT or tensor.external_data:
        raise RefusedError(f"stores weights in another file ({ascii(tensor.name)[:100]})")
    bits = _bits_per_value(tensor)
    if any(side < 0 for side in tensor.dims):
        raise RefusedError("declares weights with a negative dimension")
    declared_count = _check_size(tensor.dims)
    if tensor.HasField("raw_data"):
        stored_count = len(tensor.raw_data) * 8 // bits
    else:
        fields = (tensor.float_data, tensor.int32_data, tensor.int64_data)
        stored_count = max(map(len, (*fields, tensor.double_data, tensor.uint64_data)))
        stored_count *= max(1, 8 // bits)  # 4-bit numbers are stored in pairs.
    if declared_count > stored_count:
        raise RefusedError(f"declares more weights than it stores ({ascii(tensor.name)[:100]})")


def _bits_per_value(tensor: "onnx.TensorProto") -> int:
    names = tensor.DataType.keys()
    type_name = tensor.DataType.Name(tensor.data_type) if tensor.data_type < len(names) else ""
    sizes = {"BOOL": 8, "FLOAT": 32, "DOUBLE": 64, "FLOAT16": 16, "BFLOAT16": 16}
    sizes |= {f"{sign}INT{bits}": bits for sign in ("", "U") for bits in (4, 8, 16, 32, 64)}
    if type_name not in sizes:
        raise RefusedError(f"has weights that are not numbers ({ascii(tensor.name)[:100]})")
    return sizes[type_name]


def _check_declared_shapes(graph: "onnx.GraphProto") -> None:
    for value in (*graph.input, *graph.output, *graph.value_info):
        _check_size([side.dim_value for side in value.type.tensor_type.shape.dim])


def _check_size(sides: Sequence[int]) -> int:
    """Refuse a tensor that is too large. Open sides, which are 0, count as 1."""
    if math.prod(max(side, 1) for side in sides) > MAX_TENSOR_SIZE:
        shape = "x".join(map(str, sides))[:100]
        raise RefusedError(f"declares a tensor of {shape} numbers, larger than any network's")
    return math.prod(sides)


def _infer_shapes(model: "onnx.ModelProto") -> "onnx.ModelProto":
    """Return the network with inferred tensor sizes and without its larger weights."""
    import onnx

    stripped = onnx.ModelProto()
    stripped.CopyFrom(model)
    for tensor in _stored_tensors(stripped.graph):
        if math.prod(tensor.dims) > _MAX_SHAPE_VALUES:
            for name in _DATA_FIELDS:
                tensor.ClearField(name)
    try:
        return onnx.shape_inference.infer_shapes(stripped, data_prop=True)
    except Exception as error:  # It raises several types, even for some networks that run.
        raise RefusedError(f"has shapes that do not match ({one_line(error)})") from error
