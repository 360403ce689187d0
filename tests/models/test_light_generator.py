import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.models.image_layers import KeepWhite


@pytest.fixture(scope="module")
def generator():
    keras.utils.set_random_seed(0)
    return keras_f2a.LightGenerator(width=0.125)


def test_size_at_full_width():
    assert keras_f2a.LightGenerator().count_params() == 1_297_856


@pytest.mark.parametrize("size", [(32, 48), (37, 29), (5, 7)])
def test_starts_as_the_identity_at_any_size(generator, rng, size):
    flash = rng.uniform(size=(2, *size, 3)).astype("float32")
    np.testing.assert_allclose(generator(flash), flash, atol=1e-6)


def test_white_fades_to_what_it_was():
    flash = np.array([[[[1.0, 1.0, 1.0], [0.5, 1.0, 0.9], [1.0, 1.0, 0.0]]]], "float32")
    kept = KeepWhite()([flash, np.zeros_like(flash)]).numpy()
    np.testing.assert_allclose(kept[0, 0], flash[0, 0] * [[1], [0.5**4], [0]], atol=1e-6)


def test_learns_keeps_white_saves_and_loads(rng, tmp_path):
    model = keras_f2a.LightGenerator(width=0.125)
    flash = rng.uniform(0.2, 0.8, size=(2, 32, 48, 3)).astype("float32")
    flash[:, :8] = 1.0
    model.compile(keras.optimizers.Adam(3e-3), "mae")
    first, *_, last = model.fit(flash, 0.5 * flash, epochs=25, verbose=0).history["loss"]
    assert last < 0.8 * first  # white pixels cannot improve
    darkened = model(flash).numpy()
    np.testing.assert_allclose(darkened[:, :8], 1, atol=1e-6)
    assert darkened[:, 12:].mean() < 0.8 * flash[:, 12:].mean()
    model.save(tmp_path / "light.keras")
    again = keras.saving.load_model(tmp_path / "light.keras")
    np.testing.assert_array_equal(again(flash), model(flash))


def test_the_whole_picture_shapes_the_light(rng):
    """A change in one corner reaches the opposite corner."""
    model = keras_f2a.LightGenerator(width=0.125)
    model.set_weights([rng.normal(0, 0.2, w.shape) for w in model.get_weights()])
    flash = rng.uniform(0.2, 0.6, size=(1, 128, 128, 3)).astype("float32")
    other = flash.copy()
    other[:, :16, :16] = 0
    assert np.abs(model(other) - model(flash))[0, 112:, 112:].max() > 1e-4


def test_runs_in_half_precision(rng):
    model = keras_f2a.LightGenerator(width=0.125, dtype="mixed_bfloat16")
    flash = rng.uniform(size=(1, 16, 16, 3)).astype("float32")
    assert model(flash).dtype == "float32"
    np.testing.assert_allclose(model(flash), flash, atol=1e-6)


def test_width_must_be_positive():
    with pytest.raises(ValueError, match="width must be positive"):
        keras_f2a.LightGenerator(width=0)


def test_takes_images_of_unknown_size_in_a_graph(generator, rng):
    flash = rng.uniform(size=(1, 16, 32, 3)).astype("float32")
    unknown = tf.function(generator, input_signature=[tf.TensorSpec((None, None, None, 3))])
    np.testing.assert_allclose(unknown(flash), flash, atol=1e-6)
