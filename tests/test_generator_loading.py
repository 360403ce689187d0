"""Loading networks: their properties, and which files are refused."""

import subprocess
import sys
import zipfile

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.generator_loading import predicts_difference
from keras_f2a.runs import TrainingSettings, train
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.training.building import build_generator
from keras_f2a.training.conditions import CONDITIONS
from keras_f2a.training.settings import NetworkSettings


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_condition_has_its_generator(condition):
    generator = build_generator(condition, NetworkSettings(width=1 / 16))
    assert predicts_difference(generator) == (condition == "deepflash")
    of_unet = condition in ("unet", "pix2pix")
    assert isinstance(generator, keras_f2a.UNetGenerator if of_unet else keras_f2a.VGG16Generator)
    if not of_unet:
        activation = "tanh" if condition == "deepflash" else "sigmoid"
        assert generator.output_activation == activation


@pytest.mark.parametrize("condition", ["guided", "pix2pix", "deepflash"])
def test_a_run_says_what_it_trained(condition, data_directory, tmp_path):
    settings = TrainingSettings(
        run_dir=str(tmp_path / "run"),
        data=str(data_directory),
        condition=condition,
        epochs=1,
        batch_size=2,
        crop_size=32,
        width=1 / 16,
        encoder_weights="none",
        precision="mixed_bfloat16",
    )
    metrics = train(settings).metrics
    assert ("adversarial" in metrics["after"]) == (condition != "deepflash")
    for path in (tmp_path / "run", tmp_path / "run" / "generator.keras"):
        generator = keras_f2a.load_generator(path)
        expected = build_generator(condition, NetworkSettings(width=1 / 16))
        assert type(generator) is type(expected)
        assert generator.get_config() == expected.get_config()
        assert predicts_difference(generator) == (condition == "deepflash")


def damaged(path, **members):
    """Write a small generator's file with changed contents of some members."""
    keras_f2a.SmallGenerator(width=1 / 16).save(path)
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (contents | members).items():
            archive.writestr(name, content)
    return path


def save_batches_of_four(path):
    images = keras.Input((None, None, 3), batch_size=4)
    keras.Model(images, keras.layers.Rescaling(0.5)(images)).save(path)


@keras.saving.register_keras_serializable(package="tests")
class NoGraph(keras.Model):
    def call(self, images):
        return images


def save_no_graph(path):
    model = NoGraph()
    model(np.zeros((1, 16, 16, 3), np.float32))
    model.save(path)


NESTED = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
WRONG_FILES = {
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:5000]), "not a model that"),
    "text": (lambda path: path.write_bytes(b"no model"), "not a model that Keras can load"),
    "empty": (lambda path: path.write_bytes(b""), "not a model that Keras can load"),
    "nested": (lambda path: damaged(path, **{"config.json": NESTED}), "nested more than 100"),
    "not JSON": (lambda path: damaged(path, **{"config.json": b"\xff"}), "not a model that Keras"),
    "large configuration": (
        lambda path: damaged(path, **{"config.json": b" " * 9_000_000}),
        "config.json is larger than 2 MB",
    ),
    "bomb": (
        lambda path: damaged(path, **{"model.weights.h5": bytes(200_000_000)}),
        "would unpack to 200 MB",
    ),
    "no weights": (
        lambda path: damaged(path, **{"model.weights.h5": b""}),
        "not a model that Keras can load",
    ),
    "one pixel": (
        lambda path: keras_f2a.SmallGenerator((1, 1, 3), width=1 / 16).save(path),
        "images of 1 pixels on a side",
    ),
    "three pixels": (
        lambda path: keras_f2a.SmallGenerator((None, 3, 3), width=1 / 16).save(path),
        "not a generator: it accepts only images of 3 pixels on a side",
    ),
    "batches of four": (save_batches_of_four, "only batches of 4 images"),
    "no graph": (save_no_graph, "is of class 'NoGraph'; this program cannot load"),
    "discriminator": (
        lambda path: keras_f2a.PatchDiscriminator(width=1 / 16).save(path),
        r"output must be \(batch, height, width, 3\)",
    ),
    "two inputs": (
        lambda path: keras_f2a.PatchDiscriminator(conditional=True, width=1 / 16).save(path),
        r"input must be \(batch, height, width, 3\)",
    ),
}


@pytest.mark.parametrize("kind", WRONG_FILES)
def test_what_is_no_generator_is_one_line_that_names_the_file(kind, tmp_path):
    write, message = WRONG_FILES[kind]
    path = damaged(tmp_path / "model.keras")
    write(path)
    with pytest.raises(InputError, match=message) as error:
        keras_f2a.load_generator(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("path", [None, 3, b"model.keras"])
def test_what_is_no_path_is_an_input_error(path):
    with pytest.raises(InputError, match="^model: must be a path, a hub address or a name, not "):
        keras_f2a.load_generator(path)


@pytest.mark.parametrize("error", [MemoryError(), tf.errors.ResourceExhaustedError(None, None, "")])
def test_too_little_memory_is_not_called_damage(error, tmp_path, monkeypatch):
    path = damaged(tmp_path / "model.keras")

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(keras.saving, "deserialize_keras_object", fail)
    with pytest.raises(WorkError, match="out of memory"):
        keras_f2a.load_generator(path)


def test_of_a_whole_training_model_the_generator_is_taken(tmp_path, rng):
    """A file that ModelCheckpoint wrote loads in a process that has imported nothing else."""
    image = rng.random((1, 16, 32, 3), np.float32)
    generator = keras_f2a.UNetGenerator(width=1 / 16)
    keras_f2a.FlashToAmbient(generator).save(tmp_path / "best.keras")
    program = "import sys, keras_f2a\nkeras_f2a.load_generator(sys.argv[1]).save(sys.argv[2])"
    paths = [str(tmp_path / "best.keras"), str(tmp_path / "generator.keras")]
    subprocess.run([sys.executable, "-c", program, *paths], check=True)
    again = keras_f2a.load_generator(tmp_path / "generator.keras")
    np.testing.assert_allclose(again(image), generator(image), atol=1e-6)


def test_a_recompressed_file_is_read(tmp_path, rng):
    image = rng.random((1, 16, 16, 3), np.float32)
    generator = keras_f2a.load_generator(damaged(tmp_path / "model.keras"))
    assert generator(image).shape == image.shape
