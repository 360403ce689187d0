"""Every network in the registry has these properties, including networks added later."""

import inspect
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import keras_f2a
from keras_f2a.models import Generator, generator_class, generators, networks
from keras_f2a.training.conditions import GENERATORS

PACKAGE = Path(keras_f2a.__file__).parent
TINY = {"width": 1 / 16, "encoder_weights": None}
OTHER_VALUES = {
    "input_shape": (32, 48, 3),
    "width": 0.2,
    "encoder_weights": None,  # A file holds the weights.
    "preprocessing": "none",
    "freeze_encoder": True,
    "output_activation": "tanh",
    "initialization": "he",
    "activation": "relu",
    "conditional": True,
    "geometry": False,
    "tells_flash": True,
    "light_center": (0.5,) * 13,
    "light_scale": (2.0,) * 13,
    "reduction": 2,
    "name": "another_name",
    "dtype": "mixed_bfloat16",
}
"""A value other than the default for each constructor argument."""


def arguments(network):
    return list(inspect.signature(network).parameters)


def build(network, **given):
    """Build a tiny network from those arguments that its constructor takes."""
    given = TINY | given
    return network(**{name: given[name] for name in arguments(network) if name in given})


def inputs(model, height=33, width=40):
    """Return random images, or random numbers for an input of another rank."""
    rng, sizes = np.random.default_rng(0), [one.shape for one in model.inputs]
    shapes = [(1, height, width, 3) if len(size) == 4 else (1, 2, *size[2:]) for size in sizes]
    found = [keras.ops.convert_to_tensor(rng.random(shape, np.float32)) for shape in shapes]
    return found if len(found) > 1 else found[0]


def outputs(model, *size):
    return [np.asarray(output) for output in keras.tree.flatten(model(inputs(model, *size)))]


@pytest.fixture(params=networks().values(), ids=networks())
def network(request):
    return request.param


@pytest.fixture(params=generators().values(), ids=generators())
def generator(request):
    return request.param


def test_the_names_are_known_without_keras():
    assert sorted(generators()) == sorted(GENERATORS)
    code = "import keras_f2a.runs.settings, sys; print('keras' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert printed.strip() == b"False"


def test_an_unknown_generator_is_refused():
    message = "no generator is named 'resnet'; choose one of light, small, unet"
    with pytest.raises(ValueError, match=message):
        generator_class("resnet")


def test_the_configuration_holds_every_argument(network):
    names = arguments(network)
    unknown = set(names) - OTHER_VALUES.keys()
    assert not unknown, f"OTHER_VALUES lacks {unknown}"
    for given in ({}, {name: OTHER_VALUES[name] for name in names}):
        model = build(network, **given)
        config = model.get_config()
        assert not set(names) - config.keys()
        for name, value in given.items():
            assert config[name] == value, name
        again = network.from_config(config)
        assert type(again) is network and again.get_config() == config
        frozen = [[layer.trainable for layer in one.layers] for one in (model, again)]
        assert frozen[0] == frozen[1]


def test_a_file_gives_the_same_network(network, tmp_path):
    model = build(network)
    model.layers[1].trainable = False
    model.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    assert type(again) is network and again.get_config() == model.get_config()
    for one, other in zip(outputs(model), outputs(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_file_names_no_weights_to_read(network):
    with pytest.raises(ValueError, match="must not set `encoder_weights`"):
        network.from_config({**build(network).get_config(), "encoder_weights": "/etc/passwd"})


def test_it_computes_in_half_and_returns_float32(network):
    whole, half = build(network), build(network, dtype="mixed_bfloat16")
    half.set_weights(whole.get_weights())
    dtypes = {layer.compute_dtype for layer in half.layers if layer.weights}
    assert "bfloat16" in dtypes
    for one, other in zip(outputs(whole), outputs(half), strict=True):
        assert other.dtype == np.float32
        np.testing.assert_allclose(one, other, atol=0.05 * max(1, np.abs(one).max()))


def test_it_is_a_functional_model_with_at_least_its_parameters(network):
    model = build(network)
    assert keras.Model(model.input, model.layers[2].output) is not None
    assert 0 < network.PARAMETERS <= build(network, width=1.0).count_params()


@pytest.mark.parametrize("size", [(16, 16), (33, 40), (1, 17)])
def test_a_generator_takes_any_size(generator, size):
    for result in outputs(build(generator), *size):
        assert result.shape == (1, *size, 3)
        assert result.min() >= 0 and result.max() <= 1


def test_a_generator_says_whether_it_predicts_a_difference(generator, tmp_path):
    assert build(generator).predicts_difference is False
    if generator.FOR_DIFFERENCES is None:
        return
    model = build(generator, **generator.FOR_DIFFERENCES)
    model.save(tmp_path / "generator.keras")
    assert keras_f2a.load_generator(tmp_path / "generator.keras").predicts_difference is True
    assert min(result.min() for result in outputs(model)) < 0


MADE_UP = '''
"""A made-up network."""

import keras

from keras_f2a.models.image_layers import CropToMatch, PadToMultiple
from keras_f2a.models.network import Generator, dtype_policy
from keras_f2a.models.registry import register


@register
class MadeUpGenerator(Generator):
    """One convolution."""

    PARAMETERS = 84

    def __init__(self, input_shape=(None, None, 3), *, name="made_up", dtype=None):
        with dtype_policy(dtype):
            inputs = keras.Input(input_shape, name="flash")
            x = PadToMultiple(2, name="pad")(inputs)
            x = keras.layers.Conv2D(3, 3, padding="same", activation="sigmoid", dtype="float32")(x)
            super().__init__(inputs, CropToMatch(name="crop")([x, inputs]), name=name)
'''

USE = """
import sys
from keras_f2a.export.generator import load_exportable
import keras_f2a

run, data = sys.argv[1:]
settings = keras_f2a.TrainingSettings(run_dir=run, data=data, condition="unguided", width=1 / 64,
    generator="made_up", epochs=1, batch_size=2, crop_size=16)
from keras_f2a.runs import train
train(settings)
assert type(keras_f2a.load_generator(run)).__name__ == "MadeUpGenerator"
assert load_exportable(run).model.count_params() == 84
"""


def test_a_new_network_is_one_file(data_directory, tmp_path):
    """The help text, training, loading and export all find it."""
    copy = tmp_path / "copy" / "keras_f2a"
    skipped = shutil.ignore_patterns("__pycache__", "bundled_scenes", "export")
    shutil.copytree(PACKAGE, copy, ignore=skipped)
    shutil.copytree(PACKAGE.parent / "export", copy / "export", ignore=skipped)
    (copy / "models" / "made_up_generator.py").write_text(MADE_UP)

    def python(*given):
        return subprocess.run(
            [sys.executable, *given], cwd=copy.parent, capture_output=True, text=True
        )

    assert "made_up" in python("-m", "keras_f2a", "train", "--help").stdout
    done = python("-c", USE, str(tmp_path / "run"), str(data_directory))
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_generator_is_derived_from_the_base():
    assert all(issubclass(c, Generator) for c in generators().values())
