import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_f2a.support.errors import InputError
from keras_f2a.training import deepflash
from keras_f2a.training.building import build_generator, build_model
from keras_f2a.training.deepflash import DeepFlash, bilateral_filter
from keras_f2a.training.settings import NetworkSettings, ObjectiveSettings, OptimizerSettings


def tiny_model():
    """Return the model that a run with this condition trains."""
    keras.utils.set_random_seed(0)
    networks = NetworkSettings(width=1 / 16, preprocessing="none")
    model = build_model(networks, ObjectiveSettings(condition="deepflash"), OptimizerSettings())
    assert isinstance(model, DeepFlash)
    return model


@pytest.fixture
def batch(rng):
    """Return six-channel flash and ambient images, (4, 32, 32, 6) each."""
    flash = rng.random((4, 4, 4, 6), np.float32).repeat(8, axis=1).repeat(8, axis=2)
    return flash, flash * 0.5


def test_filter_removes_noise_and_keeps_edges(rng):
    image = np.full((40, 40, 3), 0.2, np.float32)
    image[:, 20:] = 0.9
    noisy = image + rng.normal(0, 0.02, image.shape).astype(np.float32)
    filtered = bilateral_filter(noisy)
    assert np.std(filtered[5:-5, 5:15]) < 0.4 * np.std(noisy[5:-5, 5:15])
    step = filtered[5:-5, 21:23].mean() - filtered[5:-5, 17:19].mean()
    assert step > 0.6


def test_batches_carry_their_filtered_selves(rng):
    flash, ambient = rng.random((2, 3, 20, 24, 3), np.float32)
    batches = tf.data.Dataset.from_tensors((flash, ambient))
    prepared = tiny_model().prepared(batches)
    assert prepared.element_spec[0].shape == (3, 20, 24, 6)
    for images, given in zip(next(iter(prepared)), (flash, ambient), strict=True):
        np.testing.assert_array_equal(images[..., :3], given)
        for image, alone in zip(given, images[..., 3:], strict=True):
            np.testing.assert_array_equal(alone, bilateral_filter(image))


def test_the_correction_is_subtracted_from_the_unfiltered_image(rng):
    flash = rng.random((16, 16, 3), np.float32)
    seen = []

    def network(image):
        seen.append(image)
        return np.full_like(image, 0.1)

    corrected = deepflash.apply(network, flash)
    np.testing.assert_allclose(corrected, np.clip(flash - 0.2, 0, 1), atol=1e-6)
    np.testing.assert_array_equal(seen[0], bilateral_filter(flash))


def test_loss_is_the_error_of_half_the_filtered_difference(batch):
    model = tiny_model()
    model.compile()
    flash, ambient = batch
    predicted = model.generator.predict(flash[..., 3:], verbose=0)
    expected = np.mean(np.abs((flash[..., 3:] - ambient[..., 3:]) / 2 - predicted))
    logged = model.evaluate(flash, ambient, verbose=0, return_dict=True)
    assert logged["reconstruction"] == pytest.approx(float(expected), rel=1e-5)
    generated = np.clip(flash[..., :3] - 2 * predicted, 0, 1)
    np.testing.assert_allclose(model(flash), generated, atol=1e-5)


def test_its_generator_gives_both_signs(batch):
    """Where the flash darkened a pixel, the value to subtract has to be negative."""
    predicted = tiny_model().generator.predict(batch[0][..., 3:], verbose=0)
    assert -1 <= predicted.min() < 0 < predicted.max() <= 1


@pytest.mark.parametrize("generator", ["light", "unet", "small"])
def test_generators_that_end_in_an_image_are_refused(generator):
    with pytest.raises(InputError, match=f"generator={generator}: .condition=deepflash. needs"):
        build_generator("deepflash", NetworkSettings(generator=generator))


def test_it_learns_to_brighten(batch):
    """A generator with only positive outputs cannot brighten."""
    model = tiny_model()
    model.compile(keras.optimizers.Adam(1e-3))
    ambient, flash = batch
    history = model.fit(flash, ambient, epochs=20, verbose=0).history
    assert history["psnr"][-1] > history["psnr"][0] + 1
    unchanged = -10 * np.log10(np.mean((flash - ambient)[..., :3] ** 2))
    assert history["psnr"][-1] > unchanged


def test_it_learns_saves_and_loads(batch, tmp_path):
    model = tiny_model()
    model.compile(keras.optimizers.Adam(1e-3))
    history = model.fit(*batch, epochs=20, verbose=0).history
    assert set(history) == {"reconstruction", "generator", "psnr", "ssim", "loss"}
    assert history["reconstruction"][-1] < 0.7 * history["reconstruction"][0]
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(batch[0]), model(batch[0]), atol=1e-6)
