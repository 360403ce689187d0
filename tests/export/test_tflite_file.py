import ctypes
import json
from pathlib import Path

import ai_edge_litert
import keras
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.tools import flatbuffer_utils
from keras_f2a.export import read_metadata
from keras_f2a.export.generator import exported_weights, inference_model
from keras_f2a.export.pairs import load_export_pairs
from keras_f2a.export.probe import run_tflite
from keras_f2a.export.settings import ImageSize
from keras_f2a.export.tflite import convert_float32
from keras_f2a.export.tflite_file import METADATA_NAME, check_integers, check_operators, describe
from keras_f2a.export.tflite_formats import convert, quantize

import keras_f2a
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.support.errors import WorkError
from tests.export.make_golden import MODEL


@pytest.fixture(scope="module")
def content(generator):
    return convert_float32(inference_model(generator, (32, 48), batch_size=1), ImageSize(32, 48))


def test_the_exported_form_gives_the_same_as_the_generator(generator, rng):
    image = rng.random((2, 32, 48, 3), np.float32)
    np.testing.assert_allclose(inference_model(generator)(image), generator(image), atol=1e-6)
    kernel, bias = exported_weights(generator, "preprocessing")
    assert np.array_equal(kernel[0, 0], 255 * np.eye(3)[::-1])
    np.testing.assert_allclose(bias, [-103.939, -116.779, -123.68], rtol=1e-6)


def test_metadata_can_be_read_through_the_runtime_itself(exported):
    """An app that links LiteRT reads it this way, without a parser or a package of ours."""
    path = exported.file("int8")
    litert = ctypes.CDLL(str(Path(ai_edge_litert.__file__).parent / "libLiteRt.so"))
    environment, model = ctypes.c_void_p(), ctypes.c_void_p()
    buffer, size = ctypes.c_void_p(), ctypes.c_size_t()
    assert litert.LiteRtCreateEnvironment(0, None, ctypes.byref(environment)) == 0
    file = str(path).encode()
    assert litert.LiteRtCreateModelFromFile(environment, file, ctypes.byref(model)) == 0
    found = litert.LiteRtGetModelMetadata(
        model, METADATA_NAME.encode(), ctypes.byref(buffer), ctypes.byref(size)
    )
    assert found == 0
    metadata = json.loads(ctypes.string_at(buffer.value, size.value))
    assert metadata == read_metadata(path)
    assert (metadata["name"], metadata["version"]) == ("flash_to_ambient", 3)


@pytest.mark.parametrize("place", [0, 7])
def test_one_bright_image_in_many_dark_ones_is_not_clipped(place, tmp_path):
    """LiteRT's calibration averages ranges, which turned white into 0.73, or 0.14 if it is last."""
    images = [np.full((1, 16, 16, 3), 0.1, np.float32) for _ in range(8)]
    images[place][:] = 1
    output = _calibrated(images, tmp_path, images[place])
    np.testing.assert_allclose(output, images[place], atol=0.01)


def test_one_bright_image_in_a_hundred_does_not_make_the_others_coarse(tmp_path):
    """If 1 were in the range, 0.1 would lie between two steps, 0.002 from either."""
    images = [np.full((1, 16, 16, 3), 0.1, np.float32) for _ in range(100)]
    images[50][:] = 1
    output = _calibrated(images, tmp_path, images[0])
    np.testing.assert_allclose(output, images[0], atol=0.001)


def _calibrated(images, folder, image):
    """Return the output of a quantized identity network for an image."""
    unchanged = keras.initializers.Constant(np.eye(3, dtype=np.float32)[None, None])
    convolutions = [keras.layers.Conv2D(3, 1, kernel_initializer=unchanged) for _ in range(2)]
    path = folder / "model.tflite"
    path.write_bytes(quantize(_converted(*convolutions), images))
    return run_tflite(path, image, threads=1).outputs


def test_weights_behind_the_flatbuffer_are_kept(tmp_path, rng):
    """The quantizer puts weights there once they exceed 256 kB."""
    generator, size = keras_f2a.pretrained(), ImageSize(48, 64)
    pairs = load_export_pairs(BUNDLED_SCENES)
    quantized = convert(generator, "int8", size, pairs=pairs, fine_tuning_steps=1)
    assert len(quantized) > 300_000
    described = describe(quantized, ("flash", "ambient"), {"name": "a", "version": 1})
    image = rng.random((1, *size, 3), np.float32)
    outputs = []
    for content in (quantized, described):
        (tmp_path / "model.tflite").write_bytes(content)
        outputs.append(run_tflite(tmp_path / "model.tflite", image, threads=1).outputs)
    assert np.array_equal(*outputs)


def test_a_file_without_metadata_is_an_error(content, tmp_path):
    (tmp_path / "bare.tflite").write_bytes(content)
    with pytest.raises(WorkError, match="bare.tflite: has no metadata"):
        read_metadata(tmp_path / "bare.tflite")


def test_weights_are_aligned_as_the_format_says():
    model = schema.Model.GetRootAs(MODEL.read_bytes())
    for i in range(model.BuffersLength()):
        if model.Buffers(i).DataLength():
            table = model.Buffers(i)._tab
            assert table.Vector(table.Offset(4)) % 16 == 0


def _converted(*layers):
    network = keras.Sequential([keras.Input((16, 16, 3), batch_size=1), *layers])
    return convert_float32(network, ImageSize(16, 16))


def test_operators_that_the_network_does_not_need_are_refused(content):
    check_operators(content)
    with pytest.raises(WorkError, match="PAD"):
        check_operators(_converted(keras.layers.ZeroPadding2D(1)))
    with pytest.raises(WorkError, match="crops more"):
        check_operators(_converted(keras.layers.Cropping2D(1)))
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(content))
    for operator in model.subgraphs[0].operators:
        if isinstance(operator.builtinOptions, schema.TransposeConvOptionsT):
            operator.builtinOptions.fusedActivationFunction = schema.ActivationFunctionType.RELU
    with pytest.raises(WorkError, match="fuses an activation"):
        check_operators(bytes(flatbuffer_utils.convert_object_to_bytearray(model)))


def test_an_operator_that_stays_in_floating_point_is_an_error():
    inputs = keras.Input((16, 16, 3), batch_size=1)
    x = keras.layers.Conv2D(3, 3, padding="same")(inputs)
    network = keras.Model(inputs, keras.layers.Conv2D(3, 3, padding="same")(keras.ops.sin(x)))
    images = [np.full((1, 16, 16, 3), 0.5, np.float32)]
    content = quantize(convert_float32(network, ImageSize(16, 16)), images)
    with pytest.raises(WorkError, match="in floating point"):
        check_integers(content)
    check_integers(MODEL.read_bytes())
