"""Training on two devices gives the same result as training on one."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.runs.devices import choose_strategy
from tests.training.tiny_models import all_variables, tiny_model


@pytest.fixture(scope="module", params=["SGD", "Adam"])
def one_and_two(request):
    """Return the optimizer and (history, model) of three epochs on one device and on two."""
    # Large enough that the deepest normalization sees more than a few values.
    flash = np.random.default_rng(0).random((16, 64, 64, 3), np.float32)
    dataset = tf.data.Dataset.from_tensor_slices((flash, np.sqrt(flash))).batch(8)
    mirrored = choose_strategy("mirrored", virtual_devices=2)
    assert mirrored.num_replicas_in_sync == 2
    runs = []
    for strategy in (choose_strategy("single"), mirrored):
        with strategy.scope():
            # Larger weights, so that a few steps change them by much more than rounding does.
            model = tiny_model(initialization="he")
            if request.param == "SGD":
                model.compile(keras.optimizers.SGD(1e-3), keras.optimizers.SGD(1e-3))
            else:
                model.compile()
        runs.append((model.fit(dataset, epochs=3, shuffle=False, verbose=0).history, model))
    return request.param, *runs


def test_two_replicas_have_the_losses_of_one_device(one_and_two):
    _, (one, _), (two, _) = one_and_two
    for name in ("reconstruction", "adversarial", "generator", "discriminator"):
        np.testing.assert_allclose(two[name], one[name], rtol=1e-5, err_msg=name)


def test_two_replicas_have_the_weights_and_slots_of_one_device(one_and_two):
    optimizer, (_, one), (_, two) = one_and_two
    weights = {id(variable) for variable in one.weights}
    for expected, actual in zip(all_variables(one), all_variables(two), strict=True):
        # Adam divides by the gradient's size. So where the gradient is only rounding noise, as for
        # biases before a normalization, the weight still moves by the learning rate.
        noisy = optimizer == "Adam" and id(expected) in weights
        absolute, relative = (1e-4 if noisy else 2e-6), 1e-4
        if optimizer == "SGD":
            absolute, relative = 1e-6, 0
        np.testing.assert_allclose(
            actual.numpy(), expected.numpy(), relative, absolute, err_msg=expected.path
        )


@pytest.mark.parametrize("of_keras", [False, True])
def test_an_overflow_on_one_replica_leaves_the_step_out_on_both(of_keras):
    with choose_strategy("mirrored", virtual_devices=2).scope():
        image = keras.Input((None, None, 3))
        half = keras.layers.Conv2D(3, 1, dtype="mixed_float16")(image)
        generator = keras.Model(image, keras.layers.Activation("sigmoid", dtype="float32")(half))
        model = keras_f2a.FlashToAmbient(generator)
        sgd = keras.optimizers.SGD()
        model.compile(keras.optimizers.LossScaleOptimizer(sgd) if of_keras else sgd)
    scale, before = float(model.optimizer.dynamic_scale.numpy()), generator.get_weights()
    flash = np.random.default_rng(0).random((6, 16, 16, 3), np.float32)
    # The first step overflows on the second replica, the second on the first, the third on neither.
    weights = np.array([1, 1e30, 1e30, 1, 1, 1], np.float32)
    both = {"sample_weight": weights, "batch_size": 2}
    model.fit(flash, np.sqrt(flash), **both, shuffle=False, verbose=0)
    assert float(model.optimizer.dynamic_scale.numpy()) == scale / 4
    for value, earlier in zip(generator.get_weights(), before, strict=True):
        assert np.isfinite(value).all() and np.any(value != earlier)


def test_the_comparison_of_replicas_would_notice(one_and_two):
    """The weights changed by much more than the tolerance."""
    _, _, (_, model) = one_and_two
    moved = [
        np.abs(a.numpy() - b.numpy()).max()
        for a, b in zip(model.weights, tiny_model(initialization="he").weights, strict=True)
    ]
    assert np.median(moved) > 5e-5
