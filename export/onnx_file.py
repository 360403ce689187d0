"""Converts a generator to an ONNX network, names its parts, and lists its operators."""

import json
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import keras
import numpy as np
import onnx

from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.onnx_file import check_onnx
from keras_f2a.support.errors import WorkError, one_line
from keras_f2a.support.quiet_tensorflow import silenced

from .formats import INPUT, OUTPUT

OPSET = 17
"""ONNX operator set: old enough for common runtimes, and it has all required operators."""
METADATA_NAME = "keras_f2a"
"""The key of the JSON entry in `metadata_props`."""
_IR_VERSION = 8  # The file format version that was released with this opset.


def onnx_network(network: keras.Model, *, channels_first: bool = False) -> onnx.ModelProto:
    """Convert a network to ONNX.

    Args:
        network: A network from `export.generator.inference_model`.
        channels_first: Whether images are (batch, 3, height, width), as in other libraries, instead
            of (batch, height, width, 3).

    Raises:
        WorkError: Keras or tf2onnx failed.
    """
    if channels_first:
        network = _channels_first(network)
    side = 16
    shape = [1, *(length or side for length in network.input_shape[1:])]
    try:
        # Keras and tf2onnx use deprecated features of NumPy and Python.
        with silenced(), warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
            warnings.simplefilter("ignore")
            network(np.zeros(shape, np.float32))  # Keras can export a network only after a call.
            path = Path(folder, "network.onnx")
            network.export(str(path), format="onnx", opset_version=OPSET, verbose=False)
            model = onnx.load(path)
    except Exception as error:  # They raise many types of exceptions.
        raise WorkError(f"the network could not be converted ({one_line(error)})") from error
    _rename_sides(model.graph, network.input_shape[0], channels_first)
    return model


def add_metadata(
    model: onnx.ModelProto, metadata: dict, entries: dict[str, str]
) -> onnx.ModelProto:
    """Return a copy of a network with a graph name and with metadata in `metadata_props`.

    Args:
        model: A network with one input and one output.
        metadata: Content of the entry `METADATA_NAME`, written as JSON. Its `name` and `version`
            become those of the graph.
        entries: Additional entries, for example the author.
    """
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    del copy.opset_import[:]
    copy.opset_import.append(onnx.helper.make_opsetid("", _opset(model)))
    copy.ir_version = _IR_VERSION
    copy.producer_name, copy.producer_version = "keras_f2a", metadata["keras_f2a"]
    copy.graph.name = metadata["name"]
    copy.model_version = metadata["version"]
    copy.doc_string = entries.get("description", "")
    onnx.helper.set_model_props(copy, {METADATA_NAME: json.dumps(metadata), **entries})
    return copy


def read_metadata(path: str | Path) -> dict:
    """Read the metadata that `add_metadata` added to a file.

    Raises:
        WorkError: The file has no such entry.
    """
    model = onnx.load(path, load_external_data=False)
    for entry in model.metadata_props:
        if entry.key == METADATA_NAME:
            return json.loads(entry.value)
    raise WorkError(f"{path}: has no metadata entry {METADATA_NAME}")


def operators(model: onnx.ModelProto) -> dict[str, int]:
    """Count the operators of a network by name."""
    return dict(sorted(Counter(node.op_type for node in model.graph.node).items()))


def serialize_checked(model: onnx.ModelProto) -> bytes:
    """Return the bytes of a file that ONNX's checker and `correct` accept.

    Raises:
        WorkError: One of them rejects it.
    """
    content = model.SerializeToString()
    try:
        onnx.checker.check_model(model, full_check=True)
        check_onnx(content)
    except (onnx.checker.ValidationError, RefusedError) as error:
        raise WorkError(f"the converted network is not valid ONNX ({one_line(error)})") from (error)
    return content


def _channels_first(network: keras.Model) -> keras.Model:
    batch, *size, channels = network.input_shape
    images = keras.Input((channels, *size), batch_size=batch, name=INPUT)
    ambient = network(keras.layers.Permute((2, 3, 1))(images))
    return keras.Model(images, keras.layers.Permute((3, 1, 2))(ambient))


def _rename_sides(graph: onnx.GraphProto, batch_size: int | None, channels_first: bool) -> None:
    """Set the names of the input, the output and their dynamic axes.

    This also sets a fixed batch size, because Keras always exports a dynamic one.
    """
    sides = ("batch", "", "height", "width") if channels_first else ("batch", "height", "width", "")
    [source], [result] = graph.input, graph.output
    new_names = {source.name: INPUT, result.name: OUTPUT}
    for node in graph.node:
        for names in (node.input, node.output):
            names[:] = [new_names.get(name, name) for name in names]
    del graph.value_info[:]
    for value in (source, result):
        value.name = new_names[value.name]
        for side, name in zip(value.type.tensor_type.shape.dim, sides, strict=True):
            if name == "batch" and batch_size:
                side.dim_value = batch_size
            elif not side.dim_value:
                side.dim_param = name


def _opset(model: onnx.ModelProto) -> int:
    return next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
