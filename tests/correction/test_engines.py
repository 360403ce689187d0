import json
import pickle
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.correction.engine import validate_output
from keras_f2a.correction.engines import load_engine
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.training.building import build_generator
from keras_f2a.training.settings import NetworkSettings
from tests.small_models import half_plus_quarter, save_keras, save_tflite


@pytest.fixture
def image(rng):
    return rng.random((24, 32, 3), np.float32)


@pytest.mark.parametrize(
    ("integers", "tolerance"), [(None, 1e-6), (tf.float32, 0.01), (tf.int8, 0.01), (tf.uint8, 0.01)]
)
def test_tflite_files_of_every_type_agree_with_the_effect(tmp_path, image, integers, tolerance):
    engine = load_engine(save_tflite(tmp_path / "model.tflite", integers=integers))
    assert engine.fixed_size == (24, 32)
    output = engine.run(image)
    assert output.dtype == np.float32
    np.testing.assert_allclose(output, half_plus_quarter(image), atol=tolerance)


def test_a_tflite_file_of_any_size_takes_several(tmp_path, rng):
    engine = load_engine(save_tflite(tmp_path / "model.tflite", size=(None, None)))
    assert engine.fixed_size is None
    for size in (24, 32), (40, 16):
        image = rng.random((*size, 3), np.float32)
        np.testing.assert_allclose(engine.run(image), half_plus_quarter(image), atol=1e-6)


@pytest.mark.parametrize("size", [(None, None), (24, 32)])
def test_keras_files_and_run_directories(tmp_path, image, size):
    save_keras(tmp_path / "generator.keras", size)
    for model in tmp_path, tmp_path / "generator.keras":
        engine = load_engine(model)
        assert engine.fixed_size == (None if size == (None, None) else size)
        np.testing.assert_allclose(engine.run(image), half_plus_quarter(image), atol=1e-6)


def test_a_saved_generator_of_this_project_runs(tmp_path, image):
    from keras_f2a.models import UNetGenerator

    generator = UNetGenerator((None, None, 3), width=0.0625)
    generator.save(tmp_path / "generator.keras")
    expected = keras.ops.convert_to_numpy(generator(image[None]))[0]
    np.testing.assert_allclose(load_engine(tmp_path).run(image), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.tflite", None, "no such model"),
        ("model.pt", b"x", "not a .tflite, .onnx or .keras file"),
        ("model.onnx", b"x", "not an ONNX file, or damaged"),
        ("model.tflite", b"not a model at all", "not a model that LiteRT can run"),
        ("model.tflite", b"", "not a model that LiteRT can run"),
        ("model.keras", b"not a model", "not a model that Keras can load"),
    ],
)
def test_what_is_no_model_is_an_input_error_of_one_line(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message) as error:
        load_engine(tmp_path / name)
    assert name in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a\nb.tflite", r"a\\nb\.tflite: not a model that LiteRT can run"),
        ("a\nb.keras", r"a\\nb\.keras: not a model that Keras can load"),
        ("\udcff.tflite", r"\\udcff\.tflite: not a model that LiteRT can run"),
    ],
)
def test_a_models_name_stays_on_one_line(tmp_path, name, message):
    path = tmp_path / name
    with pytest.raises(InputError, match="there is no such model") as caught:
        load_engine(path)
    assert "\n" not in str(caught.value)
    path.write_bytes(b"damaged")
    with pytest.raises(InputError, match=message) as caught:
        load_engine(path)
    assert "\n" not in str(caught.value)


def test_a_file_with_any_name_runs(tmp_path, image):
    model = save_tflite(tmp_path / "model.tflite")
    for file in model, model.with_suffix(".json"):
        file = file.rename(tmp_path / f"\udcff{file.suffix}")
    engine = load_engine(tmp_path / "\udcff.tflite")
    np.testing.assert_allclose(engine.run(image), half_plus_quarter(image), atol=1e-6)


def test_a_sibling_of_another_generator_is_refused(tmp_path):
    for kind in ("int8.tflite", "portrait_int8.tflite"):
        for suffix in (".tflite", ".json"):
            shutil.copy(pretrained_file(kind).with_suffix(suffix), tmp_path)
    model, sibling = (
        tmp_path / pretrained_file(kind).name for kind in ("int8.tflite", "portrait_int8.tflite")
    )
    card = json.loads(sibling.with_suffix(".json").read_text())
    sibling.with_suffix(".json").write_text(json.dumps(card | {"generator_sha256": "0" * 64}))
    with pytest.raises(InputError, match=f"{sibling.name}: comes from another generator.*export"):
        keras_f2a.Corrector(model)
    # Without a card, the mismatch cannot be detected.
    sibling.with_suffix(".json").unlink()
    keras_f2a.Corrector(model)


def test_a_folder_without_a_generator_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="generator.keras"):
        load_engine(tmp_path)


def test_a_keras_model_that_is_no_generator_is_an_input_error(tmp_path):
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)]).save(tmp_path / "dense.keras")
    with pytest.raises(InputError, match="not a generator"):
        load_engine(tmp_path / "dense.keras")


def test_outputs_that_no_generator_makes_are_work_errors(image):
    with pytest.raises(WorkError, match="shape"):
        validate_output(image[:12], image)
    with pytest.raises(WorkError, match="NaN or infinite values"):
        validate_output(np.full_like(image, np.nan), image)


def test_a_size_that_the_model_cannot_take_is_a_work_error(tmp_path, rng):
    image = keras.Input((None, None, 3))
    halves = keras.layers.MaxPooling2D()(image)
    same = keras.layers.Concatenate(axis=-1)([image, keras.layers.UpSampling2D()(halves)])
    keras.Model(image, same[..., :3]).save(tmp_path / "even_only.keras")
    engine = load_engine(tmp_path / "even_only.keras")
    assert engine.run(rng.random((4, 6, 3), np.float32)).shape == (4, 6, 3)
    with pytest.raises(WorkError, match="7x5 pixels"):
        engine.run(rng.random((5, 7, 3), np.float32))


def test_a_tflite_file_runs_without_tensorflow_and_keras(tmp_path):
    model = save_tflite(tmp_path / "model.tflite")
    program = f"""
import sys, numpy, keras_f2a
corrected = keras_f2a.Corrector({str(model)!r}).correct(numpy.zeros((48, 64, 3), "uint8"))
assert (corrected == 64).all(), corrected
print([name for name in ("tensorflow", "keras", "tf_keras") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.fixture
def photograph(rng):
    return rng.integers(0, 256, (48, 64, 3), np.uint8)


@pytest.mark.parametrize("name", ["light_v2", "placed_light_v3"])
def test_a_network_in_memory_corrects_as_its_file_does(photograph, name):
    network = keras_f2a.pretrained(name)
    expected = keras_f2a.Corrector(pretrained_file("keras", name)).correct(photograph)
    corrector = keras_f2a.Corrector(network)
    np.testing.assert_array_equal(corrector.correct(photograph), expected)
    copy = pickle.loads(pickle.dumps(corrector))
    np.testing.assert_array_equal(copy.correct(photograph), expected)


def test_of_a_training_model_the_generator_corrects_as_its_file_does(photograph, tmp_path):
    generator = keras_f2a.SmallGenerator(width=0.1)
    model = keras_f2a.FlashToAmbient(generator, keras_f2a.PatchDiscriminator(width=0.05))
    generator.save(tmp_path / "generator.keras")
    expected = keras_f2a.Corrector(tmp_path / "generator.keras").correct(photograph)
    for given in model, generator, keras.Model(generator.inputs, generator.outputs):
        np.testing.assert_array_equal(keras_f2a.Corrector(given).correct(photograph), expected)
        np.testing.assert_array_equal(keras_f2a.correct_photo(photograph, model=given), expected)
    message = "model=SmallGenerator: must be the path of a model; `Corrector` and `correct_photo`"
    with pytest.raises(InputError, match=message):
        keras_f2a.correct_photos(["missing.jpg"], tmp_path, model=generator)


def test_the_package_s_generator_trained_further_is_the_user_s_own(photograph):
    ours = keras_f2a.pretrained()
    ours.set_weights([1.1 * array for array in ours.get_weights()])
    expected = keras_f2a.Corrector(ours, rules="off").correct(photograph)
    np.testing.assert_array_equal(keras_f2a.Corrector(ours).correct(photograph), expected)


def _dense():
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda: 3, "model: must be a file, a run directory, a Keras model or a .* not int"),
        (lambda: keras_f2a.SmallGenerator, "model: must be a file, .* not "),
        (_dense, "model: not a generator: its input must be"),
        (lambda: keras_f2a.PatchDiscriminator(width=0.05), "model: not a generator: its output"),
        (lambda: build_generator("deepflash", NetworkSettings(width=1 / 64)), "model: predicts"),
    ],
)
def test_what_in_memory_is_no_generator_is_an_input_error(model, message):
    with pytest.raises(InputError, match=message) as error:
        keras_f2a.Corrector(model())
    assert "\n" not in str(error.value)
