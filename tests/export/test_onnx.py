"""`.onnx` files are as accurate as their gates require, take any size, and run in `correct`."""

import hashlib
import json

import keras_f2a.export.onnx_formats
import numpy as np
import onnx
import onnxruntime
import pytest
from keras_f2a.export import ExportSettings, export_generator
from keras_f2a.export.onnx_file import read_metadata
from keras_f2a.export.settings import ImageSize

import keras_f2a
from keras_f2a.correction.engines import load_engine
from keras_f2a.correction.onnx_engine import ONNXEngine
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.support.errors import InputError, WorkError

SIZE = ImageSize(96, 128)


def float_file(exported):
    return exported.folder / "flash_to_ambient.onnx"


def int8_file(exported):
    return exported.folder / "flash_to_ambient_64x48_int8.onnx"


def card(path):
    return json.loads(path.with_name(f"{path.name}.json").read_text())


def decibels(output, expected):
    return -10 * np.log10(np.mean((output.astype(np.float64) - expected) ** 2) + 1e-20)


def session(path):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("shape", [(1, 48, 64), (2, 48, 64), (1, 33, 47), (1, 128, 16)])
def test_the_float_file_takes_batches_of_any_size(exported, generator, rng, shape):
    images = rng.random((*shape, 3), np.float32)
    [output] = session(float_file(exported)).run(["ambient"], {"flash": images})
    assert decibels(output, generator.predict(images, verbose=0)) > 90


def test_the_files_say_what_they_are(exported):
    path = float_file(exported)
    model = onnx.load(path)
    [source], [result] = model.graph.input, model.graph.output
    assert (source.name, result.name) == ("flash", "ambient")
    for value in source, result:
        sides = [side.dim_param or side.dim_value for side in value.type.tensor_type.shape.dim]
        assert sides == ["batch", "height", "width", 3]
    assert [entry.domain for entry in model.opset_import] == [""]
    metadata = read_metadata(path)
    assert (metadata["name"], metadata["version"]) == ("flash_to_ambient", 3)
    assert metadata["input"]["shape"] == [None, None, None, 3]
    assert read_metadata(int8_file(exported))["input"]["shape"] == [1, 48, 64, 3]
    [source] = session(int8_file(exported)).get_inputs()
    assert source.shape == [1, 48, 64, 3]


def test_the_card_proves_the_file(exported):
    for path in float_file(exported), int8_file(exported):
        found = card(path)
        assert found["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert found["measured"]["size"] == path.stat().st_size
        assert found["generator_sha256"] == read_metadata(path)["generator_sha256"]
        assert {"onnx", "onnxruntime", "tf2onnx"} <= set(found["versions"])
        assert "Conv" in found["operators"]
        assert isinstance(load_engine(path), ONNXEngine)  # in this process, thanks to the card


def test_the_integer_file_is_small_and_computes_with_integers(exported):
    assert int8_file(exported).stat().st_size < 0.5 * float_file(exported).stat().st_size
    model = onnx.load(int8_file(exported))
    integers = {node.output[0] for node in model.graph.node if node.op_type == "DequantizeLinear"}
    layers = [node for node in model.graph.node if node.op_type in ("Conv", "ConvTranspose")]
    assert layers and all(set(node.input[:2]) <= integers for node in layers)


def test_correct_takes_them_as_it_takes_the_generator(exported, run_directory, rng):
    photo = np.kron(rng.integers(0, 256, (6, 8, 3), np.uint8), np.ones((12, 12, 1), np.uint8))
    expected = keras_f2a.Corrector(run_directory).correct(photo).astype(int)
    corrected = keras_f2a.Corrector(float_file(exported)).correct(photo)
    assert np.abs(corrected - expected).max() <= 1


def test_the_packages_own_generator_keeps_one_bright_photograph_among_dark_ones(tmp_path):
    formats = ("onnx", "onnx_int8")
    result = export_generator(
        ExportSettings(str(pretrained_file("keras")), str(tmp_path), formats, sizes=(SIZE,))
    )
    assert not result.missed
    _, float32, int8 = result.rows
    assert float32.parity.parity >= 90 and int8.parity.parity >= 45
    properties = {
        entry.key: entry.value
        for entry in onnx.load(tmp_path / "flash_to_ambient.onnx").metadata_props
    }
    assert properties["license"] == "Apache-2.0"
    assert properties["author"] == "the keras_f2a developers"
    generator = keras_f2a.pretrained()
    bright = np.full((1, *SIZE, 3), 0.97, np.float32)
    bright[:, 20:60, 30:70] = 0.6
    [output] = session(tmp_path / "flash_to_ambient_128x96_int8.onnx").run(None, {"flash": bright})
    assert decibels(output, generator.predict(bright, verbose=0)) > 38


def test_a_network_that_computes_something_else_misses_its_gate(
    run_directory, tmp_path, monkeypatch
):
    real = keras_f2a.export.onnx_formats.onnx_network

    def of_another(network, **options):
        model = real(network, **options)
        for tensor in model.graph.initializer:
            if list(tensor.dims) == [3]:  # such as the last layer's bias
                values = onnx.numpy_helper.to_array(tensor) + np.float32(0.1)
                tensor.CopyFrom(onnx.numpy_helper.from_array(values, tensor.name))
        return model

    monkeypatch.setattr(keras_f2a.export.onnx_formats, "onnx_network", of_another)
    settings = ExportSettings(
        str(run_directory), str(tmp_path), ("onnx",), sizes=(ImageSize(48, 64),)
    )
    result = export_generator(settings)
    assert [row.name for row in result.missed] == ["flash_to_ambient.onnx"]
    assert not (tmp_path / "flash_to_ambient.onnx").exists()


def test_what_its_own_reader_refuses_is_not_written(run_directory, tmp_path, monkeypatch):
    real = keras_f2a.export.onnx_formats.onnx_network

    def with_a_foreign_operator(network, **options):
        model = real(network, **options)
        model.graph.node[0].domain = "example.org"
        return model

    monkeypatch.setattr(keras_f2a.export.onnx_formats, "onnx_network", with_a_foreign_operator)
    settings = ExportSettings(
        str(run_directory), str(tmp_path), ("onnx",), sizes=(ImageSize(48, 64),)
    )
    with pytest.raises(
        WorkError, match="flash_to_ambient.onnx: the converted network is not valid"
    ):
        export_generator(settings)
    assert list(tmp_path.glob("*.onnx*")) == []


def test_an_exported_file_is_no_generator_to_export(exported, tmp_path):
    settings = ExportSettings(str(float_file(exported)), str(tmp_path))
    with pytest.raises(InputError, match="is already exported"):
        export_generator(settings)
