"""Names the tensors of a `.tflite` file, adds metadata for apps, and checks its operators."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.tools import flatbuffer_utils

from keras_f2a.support.errors import WorkError

METADATA_NAME = "keras_f2a"
"""The name of the file's metadata entry, whose buffer is UTF-8 JSON."""

# Operators that phone GPUs support too. STRIDED_SLICE crops the transposed convolutions.
_ALLOWED_OPERATORS = {
    "ADD",
    "AVERAGE_POOL_2D",
    "CONCATENATION",
    "CONV_2D",
    "DEQUANTIZE",
    "LEAKY_RELU",
    "LOGISTIC",
    "MAX_POOL_2D",
    "MEAN",
    "MUL",
    "QUANTIZE",
    "REDUCE_MIN",
    "RELU6",
    "RESHAPE",
    "RESIZE_BILINEAR",
    "STRIDED_SLICE",
    "SUB",
    "TANH",
    "TRANSPOSE_CONV",
}
_ALIGNMENT = 16  # bytes, of every buffer
_OPERATOR_NAMES = {
    value: name for name, value in vars(schema.BuiltinOperator).items() if not name.startswith("_")
}


def describe(
    content: bytes,
    names: Sequence[str],
    metadata: dict,
    *,
    more: dict[str, bytes] | None = None,
) -> bytes:
    """Name the input and output tensors and add the metadata entry.

    Args:
        content: A `.tflite` file.
        names: Names of the input and the output tensor of a file with one of each. Empty for a file
            with several signatures, which have their own names.
        metadata: Content of the entry `METADATA_NAME`, written as JSON.
        more: Additional entries by name.
    """
    # This also reads the weights that a quantizer appends to the flatbuffer of a large model.
    model = flatbuffer_utils.read_model_from_bytearray(bytearray(content))
    graph = model.subgraphs[0]
    if names:
        for index, name in zip((*graph.inputs, *graph.outputs), names, strict=True):
            graph.tensors[index].name = name
    contents, entries = [buffer.data for buffer in model.buffers], list(model.metadata or [])
    own_entries = {METADATA_NAME: json.dumps(metadata, indent=1).encode()}
    for name, text in (own_entries | (more or {})).items():
        entry = schema.MetadataT()
        entry.name, entry.buffer = name, len(contents)
        contents.append(np.frombuffer(text, np.uint8))
        entries.append(entry)
    model.buffers = [_AlignedBuffer(content) for content in contents]
    model.metadata = entries
    model.description = f"{metadata['name']} {metadata['version']}"
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def read_metadata(path: str | Path) -> dict:
    """Read the metadata that `describe` added to a file.

    Raises:
        WorkError: The file has no such entry.
    """
    model = schema.Model.GetRootAs(Path(path).read_bytes())
    for i in range(model.MetadataLength()):
        entry = model.Metadata(i)
        if entry.Name() == METADATA_NAME.encode():
            return json.loads(model.Buffers(entry.Buffer()).DataAsNumpy().tobytes())
    raise WorkError(f"{path}: has no metadata entry {METADATA_NAME}")


class _AlignedBuffer(schema.BufferT):
    """A buffer aligned to 16 bytes, which the format requires but `BufferT` does not do."""

    def __init__(self, content: np.ndarray | bytes | None):
        super().__init__()
        self.data = content

    def pack(self, builder):
        """Write the buffer and return its offset. The model's own `Pack` calls this."""
        vector = None
        if self.data is not None:
            size = len(self.data)
            builder.StartVector(1, size, _ALIGNMENT)
            builder.head -= size
            builder.Bytes[builder.head : builder.head + size] = bytes(self.data)
            vector = builder.EndVector()
        schema.BufferStart(builder)
        if vector is not None:
            schema.BufferAddData(builder, vector)
        return schema.BufferEnd(builder)

    Pack = pack


def operators(content: bytes) -> dict[str, int]:
    """Count the operators of a file by name and version, for example `CONV_2D v3`."""
    codes = _codes(schema.Model.GetRootAs(content))
    return dict(sorted(Counter(f"{name} v{version}" for name, version, _ in codes).items()))


def check_operators(content: bytes, more: Collection[str] = ()) -> None:
    """Check that a file has only the operators that the network itself needs.

    Args:
        content: The file.
        more: Kinds of operators to allow in addition to those of generators.

    Raises:
        WorkError: There are other operators, such as TensorFlow's own or PAD, or more crops than
            transposed convolutions. Or a transposed convolution has a fused activation, which
            phone GPUs do not support.
    """
    codes = _codes(schema.Model.GetRootAs(content))
    unexpected = sorted({name for name, _, _ in codes} - _ALLOWED_OPERATORS - set(more))
    if unexpected:
        raise WorkError(f"the converted network has operators it does not need: {unexpected}")
    counts = Counter(name for name, _, _ in codes)
    if counts["STRIDED_SLICE"] > counts["TRANSPOSE_CONV"]:
        raise WorkError("the converted network crops more than its transposed convolutions")
    if any(name == "TRANSPOSE_CONV" and fused for name, _, fused in codes):
        raise WorkError("the converted network fuses an activation into a transposed convolution")


def check_integers(content: bytes) -> None:
    """Check that a quantized file computes with integers between its input and its output.

    Raises:
        WorkError: An operator still computes in floating point.
    """
    graph = schema.Model.GetRootAs(content).Subgraphs(0)
    float_tensors = {graph.Inputs(0), graph.Outputs(0)}
    floats = [
        graph.Tensors(i).Name().decode()
        for i in range(graph.TensorsLength())
        if graph.Tensors(i).Type() == schema.TensorType.FLOAT32 and i not in float_tensors
    ]
    if floats:
        raise WorkError(f"the quantized network still computes {floats[0]} in floating point")


def check_convolutions(content: bytes) -> None:
    """Check that every convolution of a quantized file computes with integers.

    Raises:
        WorkError: A convolution still computes in floating point.
    """
    model = schema.Model.GetRootAs(content)
    convolution = schema.BuiltinOperator.CONV_2D
    for graph in (model.Subgraphs(i) for i in range(model.SubgraphsLength())):
        for operator in (graph.Operators(i) for i in range(graph.OperatorsLength())):
            code = model.OperatorCodes(operator.OpcodeIndex())
            output = graph.Tensors(operator.Outputs(0))
            if max(code.BuiltinCode(), code.DeprecatedBuiltinCode()) == convolution and (
                output.Type() != schema.TensorType.INT8
            ):
                name = output.Name().decode()
                raise WorkError(f"the quantized network still computes {name} in floating point")


def _codes(model) -> list[tuple[str, int, bool]]:
    """Return (name, version, whether an activation is fused) of every operator, in order."""
    graphs = [model.Subgraphs(i) for i in range(model.SubgraphsLength())]
    codes = []
    for operator in (g.Operators(i) for g in graphs for i in range(g.OperatorsLength())):
        code = model.OperatorCodes(operator.OpcodeIndex())
        builtin = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        name = _OPERATOR_NAMES[builtin]
        if name == "CUSTOM":
            name = code.CustomCode().decode()
        codes.append((name, code.Version(), _has_fused_activation(operator, name)))
    return codes


def _has_fused_activation(operator, name: str) -> bool:
    if name != "TRANSPOSE_CONV":
        return False
    options = schema.TransposeConvOptions()
    table = operator.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    return options.FusedActivationFunction() != schema.ActivationFunctionType.NONE
