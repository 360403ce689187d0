"""ONNX files with features that no network needs are refused in one line."""

import subprocess
import sys

import onnx
import pytest
from PIL import Image

from keras_f2a.correction.engines import load_engine
from keras_f2a.model_files.card import card_file
from keras_f2a.support.errors import InputError
from tests.small_onnx import onnx_model, save_onnx

HELPER = onnx.helper
FLOAT = onnx.TensorProto.FLOAT


def weights(shape, **data):
    """Return an initializer without data: it is only declared, or its data lies elsewhere."""
    return onnx.TensorProto(name="extra", data_type=FLOAT, dims=shape, **data)


def with_weights(tensor):
    model = onnx_model()
    model.graph.initializer.append(tensor)
    return model


def elsewhere(path):
    tensor = weights([3], data_location=onnx.TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=str(path))
    return tensor


def constant(shape):
    return HELPER.make_node("Constant", [], ["sides"], value_ints=shape)


def loop():
    body = HELPER.make_graph(
        [HELPER.make_node("Identity", ["going"], ["on"])],
        "body",
        [
            HELPER.make_tensor_value_info("number", onnx.TensorProto.INT64, []),
            HELPER.make_tensor_value_info("going", onnx.TensorProto.BOOL, []),
        ],
        [HELPER.make_tensor_value_info("on", onnx.TensorProto.BOOL, [])],
    )
    return HELPER.make_node("Loop", ["", "true"], [], body=body)


def function():
    opsets = [HELPER.make_opsetid("", 17)]
    node = HELPER.make_node("Identity", ["a"], ["b"])
    return HELPER.make_function("own", "Mine", ["a"], ["b"], [node], opsets)


REFUSED = {
    "weights in a file": (
        lambda: with_weights(elsewhere("/etc/passwd")),
        r"stores weights in another file \('extra'\)",
    ),
    "weights of a constant in a file": (
        lambda: onnx_model(nodes=[HELPER.make_node("Constant", [], ["c"], value=elsewhere("w"))]),
        "stores weights in another file",
    ),
    "an operator of somebody": (
        lambda: onnx_model(nodes=[HELPER.make_node("Read", ["flash"], ["r"], domain="evil.org")]),
        "uses the operator 'Read' of 'evil.org', which is not ONNX's own",
    ),
    "a function": (lambda: onnx_model(functions=[function()]), "defines its own functions"),
    "a loop": (lambda: onnx_model(nodes=[loop()]), "has a branch or a loop"),
    "weights that are only declared": (
        lambda: with_weights(weights([1 << 14, 1 << 14])),
        "declares more weights than it stores",
    ),
    "half of the weights": (
        lambda: with_weights(weights([4], raw_data=bytes(12))),
        "declares more weights than it stores",
    ),
    "an input as large as a city": (
        lambda: onnx_model(size=(1 << 16, 1 << 16)),
        "declares a tensor of 1x65536x65536x3 numbers",
    ),
    "a tensor that follows from constants": (
        lambda: onnx_model(
            nodes=[
                constant([1 << 16, 1 << 16]),
                HELPER.make_node("ConstantOfShape", ["sides"], ["huge"]),
            ]
        ),
        "declares a tensor of 65536x65536 numbers",
    ),
    "a random tensor": (
        lambda: onnx_model(
            nodes=[HELPER.make_node("RandomNormal", [], ["r"], shape=[1 << 20, 1 << 20])]
        ),
        "declares a tensor of 1048576x1048576 numbers",
    ),
    "two results": (
        lambda: with_output("product"),
        "not a generator: it must take and return one RGB image",
    ),
    "no image": (lambda: onnx_model(size=(24,)), "not a generator: its input must be"),
    "a size that is none": (
        lambda: onnx_model(size=(2, 32)),
        "not a generator: it accepts only images of 2 pixels",
    ),
}


def with_output(name):
    model = onnx_model()
    model.graph.output.append(HELPER.make_tensor_value_info(name, FLOAT, (1, 24, 32, 3)))
    return model


@pytest.mark.parametrize("with_card", [True, False])
@pytest.mark.parametrize("kind", REFUSED)
def test_what_no_network_needs_is_refused_in_one_line(tmp_path, kind, with_card):
    make, message = REFUSED[kind]
    model = save_onnx(tmp_path / "model.onnx", make())
    if not with_card:
        card_file(model).unlink()
    with pytest.raises(InputError, match=f"model.onnx: {message}") as caught:
        load_engine(model)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\x08", b"not a model at all", b"\xff" * 1000])
def test_what_is_no_onnx_file_is_one_line(tmp_path, content):
    model = tmp_path / "a\nb.onnx"
    model.write_bytes(content)
    with pytest.raises(InputError, match=r"a\\nb\.onnx: not an ONNX file") as caught:
        load_engine(model)
    assert "\n" not in str(caught.value)


def test_the_command_refuses_with_exit_code_2(tmp_path):
    Image.new("RGB", (64, 48)).save(tmp_path / "photo.png")
    model = save_onnx(tmp_path / "model.onnx", with_weights(elsewhere("/etc/passwd")))
    command = [sys.executable, "-m", "keras_f2a", "correct", tmp_path / "photo.png"]
    command += ["--model", model, "--output", tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "model.onnx: stores weights in another file" in done.stderr
