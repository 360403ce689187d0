import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_f2a


@pytest.fixture(scope="module")
def generator():
    keras.utils.set_random_seed(0)
    return keras_f2a.SmallGenerator(width=0.125)


def test_size_at_full_width():
    assert keras_f2a.SmallGenerator().count_params() == 1_000_638


@pytest.mark.parametrize("size", [(32, 48), (37, 29), (5, 7)])
def test_starts_as_the_identity_at_any_size(generator, rng, size):
    flash = rng.uniform(size=(2, *size, 3)).astype("float32")
    np.testing.assert_allclose(generator(flash), flash, atol=1e-6)


def test_gain_and_offset_are_limited(rng):
    flash = rng.uniform(size=(1, 8, 8, 3)).astype("float32")
    relight = keras.layers.deserialize(
        {"class_name": "keras_f2a>Relight", "config": {"largest_gain": 4.0, "largest_offset": 0.5}}
    )
    light, dark = (np.full_like(flash, value) for value in (99.0, -99.0))
    nothing = np.zeros_like(flash)
    brighter = np.minimum(4 * flash, 1)
    np.testing.assert_allclose(relight([flash, light, nothing]), brighter, atol=1e-6)
    np.testing.assert_allclose(relight([flash, dark, light]), 0.5, atol=1e-6)
    np.testing.assert_allclose(
        relight([flash, nothing, dark]), np.maximum(flash - 0.5, 0), atol=1e-6
    )


def test_learns_saves_and_loads(generator, rng, tmp_path):
    model = keras.models.clone_model(generator)
    flash = rng.uniform(0.2, 0.6, size=(2, 32, 48, 3)).astype("float32")
    model.compile(keras.optimizers.Adam(3e-3), "mae")
    first, *_, last = model.fit(flash, 1.5 * flash, epochs=25, verbose=0).history["loss"]
    assert last < 0.5 * first
    model.save(tmp_path / "small.keras")
    again = keras.saving.load_model(tmp_path / "small.keras")
    np.testing.assert_array_equal(again(flash), model(flash))


def test_runs_in_half_precision(rng):
    earlier = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = keras_f2a.SmallGenerator(width=0.125)
    finally:
        keras.config.set_dtype_policy(earlier)
    flash = rng.uniform(size=(1, 16, 16, 3)).astype("float32")
    assert model(flash).dtype == "float32"
    np.testing.assert_allclose(model(flash), flash, atol=1e-6)


def test_width_must_be_positive():
    with pytest.raises(ValueError, match="width must be positive"):
        keras_f2a.SmallGenerator(width=0)


def test_takes_images_of_unknown_size_in_a_graph(generator, rng):
    flash = rng.uniform(size=(1, 16, 32, 3)).astype("float32")
    unknown = tf.function(generator, input_signature=[tf.TensorSpec((None, None, None, 3))])
    np.testing.assert_allclose(unknown(flash), flash, atol=1e-6)
