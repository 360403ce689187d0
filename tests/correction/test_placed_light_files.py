"""Files with a placed-light network: which are accepted, and the errors for the others."""

import re

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a import Corrector, correct_photo
from keras_f2a.correction.engines import load_engine, load_generator_engine
from keras_f2a.support.errors import InputError


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Return a run directory with a network whose random weights have an effect."""
    from keras_f2a.models import PlacedLight

    network = PlacedLight(width=0.1)
    rng = np.random.default_rng(0)
    network.set_weights([rng.normal(0, 0.1, w.shape) for w in network.get_weights()])
    folder = tmp_path_factory.mktemp("run")
    network.save(folder / "placed_light.keras")
    return folder


def test_a_trained_network_is_taken_from_its_file_and_its_run_directory(trained, photo, tmp_path):
    results = [
        Corrector(model, light="lamp-left").correct(photo)
        for model in (trained, trained / "placed_light.keras")
    ]
    np.testing.assert_array_equal(*results)
    assert np.abs(results[0] - Corrector(trained).correct(photo)).max() > 1e-3
    Image.fromarray((photo * 255).astype(np.uint8)).save(tmp_path / "a.png")
    correct_photo(tmp_path / "a.png", tmp_path / "b.png", model=trained, light="lamp-left")
    written = np.asarray(Image.open(tmp_path / "b.png"), float) / 255
    assert np.abs(written - results[0]).mean() < 0.01


def test_it_is_no_generator(trained):
    message = f"{re.escape(str(trained))}: is a network for placed light, which returns gains"
    with pytest.raises(InputError, match=message):
        keras_f2a.load_generator(trained)


def test_what_needs_a_generator_says_so(trained):
    with pytest.raises(InputError, match="is a network for placed light, which needs a light"):
        load_generator_engine(trained)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((None, None, 1), "its input must be"),
        ((8, 8, 3), "it accepts only images of 8 pixels on a side"),
        ((16384, 16384, 3), "its photographs of 16384x16384 pixels are too large"),
    ],
)
def test_a_file_for_other_images_is_refused(shape, message, tmp_path):
    from keras_f2a.models import PlacedLight

    PlacedLight(shape, width=0.1).save(tmp_path / "placed_light.keras")
    with pytest.raises(InputError, match=message):
        load_engine(tmp_path)
