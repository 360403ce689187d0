"""ONNX files with a known effect, made without TensorFlow: half of the image plus a quarter."""

import hashlib
import json

import numpy as np
import onnx

from keras_f2a.model_files.card import card_file


def half_plus_quarter(image):
    return 0.5 * image + 0.25


def write_card(model):
    """Write the part of an export's card that identifies its file."""
    card = {"sha256": hashlib.sha256(model.read_bytes()).hexdigest()}
    card_file(model).write_text(json.dumps(card))
    return model


def onnx_model(size=(24, 32), channels_first=False, nodes=(), **parts):
    """Return the model in ONNX, with additional operators or other parts if given."""
    helper, float32 = onnx.helper, onnx.TensorProto.FLOAT
    shape = (1, 3, *size) if channels_first else (1, *size, 3)
    values = [helper.make_tensor_value_info(name, float32, shape) for name in ("flash", "ambient")]
    initializers = [
        onnx.numpy_helper.from_array(np.float32(number), name)
        for name, number in (("half", 0.5), ("quarter", 0.25))
    ]
    effect = [
        helper.make_node("Mul", ["flash", "half"], ["product"]),
        helper.make_node("Add", ["product", "quarter"], ["ambient"]),
    ]
    graph = helper.make_graph([*nodes, *effect], "small", values[:1], values[1:], initializers)
    opsets = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8, **parts)


def save_onnx(path, model=None, **options):
    """Write the model, or one derived from it, and its card."""
    path.write_bytes((model or onnx_model(**options)).SerializeToString())
    return write_card(path)
