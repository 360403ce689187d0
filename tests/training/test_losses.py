import numpy as np
import pytest

from keras_f2a.training import losses


@pytest.fixture
def images(rng):
    return rng.random((3, 2, 5, 6, 3), np.float32)


def test_attention_map_is_equation_1(images):
    flash, ambient, _ = images
    expected = 1 - np.mean(np.abs(ambient - flash), axis=-1, keepdims=True)
    np.testing.assert_allclose(losses.attention_map(flash, ambient), expected, atol=1e-7)
    np.testing.assert_array_equal(losses.attention_map(flash, flash), np.ones((2, 5, 6, 1)))


def test_reconstruction_is_the_mean_absolute_error_of_guided_images(images):
    flash, ambient, generated = images
    attention = losses.attention_map(flash, ambient)
    expected = np.mean(np.abs(ambient * attention - generated * attention), axis=(1, 2, 3))
    actual = losses.reconstruction_loss(ambient, generated, attention)
    np.testing.assert_allclose(actual, expected, rtol=1e-5)
    unguided = np.mean(np.abs(ambient - generated), axis=(1, 2, 3))
    np.testing.assert_allclose(losses.reconstruction_loss(ambient, generated), unguided, rtol=1e-5)


def test_adversarial_losses_are_equation_3(rng):
    real, fake = rng.normal(size=(2, 4, 2, 3, 1)).astype(np.float32)
    d_real, d_fake = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
    mean = lambda values: np.mean(values, axis=(1, 2, 3))  # noqa: E731
    np.testing.assert_allclose(
        losses.discriminator_loss(real, fake), mean(-np.log(d_real) - np.log(1 - d_fake)), rtol=1e-5
    )
    np.testing.assert_allclose(losses.adversarial_loss(fake), mean(-np.log(d_fake)), rtol=1e-5)
    np.testing.assert_allclose(
        losses.saturating_adversarial_loss(fake), mean(np.log(1 - d_fake)), rtol=1e-5
    )


def test_adversarial_losses_stay_finite_for_large_logits():
    logits = np.full((1, 1, 1, 1), 1e4, np.float32)
    for loss in (losses.adversarial_loss, losses.saturating_adversarial_loss):
        assert np.all(np.isfinite(loss(logits))) and np.all(np.isfinite(loss(-logits)))


def test_generator_loss_is_equation_4():
    assert float(losses.generator_loss(np.float32(2), np.float32(3), 0.5)) == 3.5


def test_perceptual_loss_sums_the_layers_mean_errors(rng):
    real = [rng.random((2, 4, 4, 8), np.float32), rng.random((2, 2, 2, 16), np.float32)]
    fake = [features + 0.25 for features in real]
    np.testing.assert_allclose(losses.perceptual_loss(real, fake), [0.5, 0.5], rtol=1e-5)
    assert not np.any(losses.perceptual_loss(real, real))
