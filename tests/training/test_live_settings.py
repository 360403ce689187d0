"""What may change after a model has been built: settings, frozen networks, additional losses."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.support.errors import InputError
from keras_f2a.training.losses import LOSSES, Loss, register
from tests.training.plain_networks import discriminator, generator, pairs, trained
from tests.training.tiny_models import further_sum


def evaluated(model, images=None):
    return model.evaluate(*(images or pairs()), verbose=0, return_dict=True)


def weighed(model, logged, factor):
    total = logged["reconstruction"] + factor * logged["adversarial"]
    return pytest.approx(total + further_sum(model, logged), rel=1e-5)


def test_a_weight_set_between_two_fits_counts_from_then_on():
    model = trained(adversarial_weight=0.01)
    for factor in (0.01, 1000.0):
        model.adversarial_weight = factor
        logged = model.fit(*pairs(), verbose=0).history
        logged = {name: values[-1] for name, values in logged.items()}
        assert logged["generator"] == weighed(model, logged, factor)
        logged = evaluated(model)
        assert logged["generator"] == weighed(model, logged, factor)
        assert model.get_config()["adversarial_weight"] == factor


def test_a_callback_ramps_a_weight_inside_fit():
    model = trained()
    ramp = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: setattr(model, "adversarial_weight", epoch * 10)
    )
    logged = model.fit(*pairs(), epochs=3, callbacks=[ramp], verbose=0).history
    for epoch in range(3):
        row = {name: values[epoch] for name, values in logged.items()}
        assert row["generator"] == weighed(model, row, 10 * epoch)


@pytest.mark.parametrize("setting", ["guided", "saturating"])
def test_the_other_settings_count_too(setting):
    fresh = trained(**{setting: setting == "saturating"})
    changed = trained(**{setting: setting != "saturating"})
    assert evaluated(changed)["generator"] != evaluated(fresh)["generator"]
    setattr(changed, setting, setting == "saturating")
    assert evaluated(changed) == evaluated(fresh)


def test_features_that_get_a_weight_later_are_logged(tmp_path):
    image = keras.Input((None, None, 3))
    features = keras.Model(image, [keras.layers.Conv2D(2, 1)(image), image])
    model = trained(features=features)
    assert "perceptual" not in evaluated(model)
    model.perceptual_weight = 0.5
    logged = evaluated(model)
    total = logged["reconstruction"] + logged["adversarial"] + 0.5 * logged["perceptual"]
    total += further_sum(model, logged)
    assert logged["generator"] == pytest.approx(total, rel=1e-5)
    model.save(tmp_path / "model.keras")
    assert evaluated(keras.saving.load_model(tmp_path / "model.keras")) == logged
    model.perceptual_weight = 0
    assert "perceptual" not in evaluated(model)
    with pytest.raises(InputError, match="perceptual_weight=0.5: needs `features`"):
        trained().perceptual_weight = 0.5


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "1", None])
@pytest.mark.parametrize("name", ["adversarial_weight", "perceptual_weight"])
def test_weights_that_are_no_factors_are_refused(name, value):
    with pytest.raises(InputError, match=f"^{name}=.*: must be a finite number of at least 0"):
        trained(compiled=False, **{name: value})
    with pytest.raises(InputError, match=f"^{name}="):
        setattr(trained(compiled=False), name, value)


@pytest.mark.parametrize("frozen", [("generator",), ("discriminator",), ()])
@pytest.mark.parametrize("optimizer", ["sgd", "scaled"])
def test_a_frozen_network_stays_as_it_is_while_the_other_learns(frozen, optimizer):
    model = trained(compiled=False)
    for name in frozen:
        getattr(model, name).trainable = False
    if not frozen:
        model.trainable = False
    scaled = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD())
    model.compile("sgd" if optimizer == "sgd" else scaled)
    before = {n: getattr(model, n).get_weights() for n in ("generator", "discriminator")}
    model.fit(*pairs(), verbose=0)
    for name, weights in before.items():
        moved = [
            not np.array_equal(*both)
            for both in zip(weights, getattr(model, name).get_weights(), strict=True)
        ]
        assert any(moved) == (bool(frozen) and name not in frozen)


def brightness(name="brightness"):
    return Loss(name, "the mean", 3, lambda batch: tf.reduce_mean(batch.generated, (1, 2, 3)), 0.5)


def test_a_loss_registered_later_has_no_part_in_a_model_made_before():
    model = trained(adversarial=False)
    before = evaluated(model)
    register(brightness())
    try:
        assert evaluated(model) == before
        model.saturating = True
        assert evaluated(model) == before
        assert evaluated(trained(adversarial=False)).keys() - before.keys() == {"brightness"}
    finally:
        del LOSSES["brightness"]


@pytest.mark.parametrize("name", ["psnr", "ssim", "generator", "discriminator", "loss"])
def test_a_loss_cannot_have_the_name_of_something_else_that_is_logged(name):
    with pytest.raises(ValueError, match=f"a loss cannot be named `{name}`"):
        register(brightness(name))
    assert name not in LOSSES
    with pytest.raises(InputError, match=f"a loss cannot be named `{name}`"):
        trained(logged=[name])


class Smooth(keras_f2a.FlashToAmbient):
    """Model with a user's own loss in addition to the paper's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, logged=("smoothness",), **kwargs)

    def losses_of(self, pairs, tape):
        logged, generated = super().losses_of(pairs, tape)
        smoothness = tf.image.total_variation(generated)
        total = logged["generator"] + 0.5 * smoothness
        return {**logged, "smoothness": smoothness, "generator": total}, generated


def test_a_subclass_logs_a_loss_of_its_own():
    model = Smooth(generator(), discriminator())
    model.compile("sgd", run_eagerly=True)
    logged = evaluated(model)
    total = logged["reconstruction"] + logged["adversarial"] + 0.5 * logged["smoothness"]
    total += further_sum(model, logged)
    assert logged["generator"] == pytest.approx(total, rel=1e-5)
    assert isinstance(Smooth.from_config(model.get_config()), Smooth)


def test_a_loss_that_is_not_named_does_not_vanish():
    model = Smooth(generator(), discriminator())
    model._logged = ()
    model.renew_steps()
    model.compile("sgd", run_eagerly=True)
    with pytest.raises(InputError, match="`losses_of` returns .*smoothness.*`logged`"):
        evaluated(model)


def test_the_loss_comes_first_as_in_keras():
    model = trained()
    assert model.metrics_names[0] == "loss"
    logged = evaluated(model)
    values = model.evaluate(*pairs(), verbose=0)
    assert dict(zip(model.metrics_names, values, strict=True)) == logged
    assert values[0] == logged["generator"]


@pytest.mark.parametrize("steps", [0, -1, 1.5, "2"])
def test_steps_per_execution_is_a_count(steps):
    with pytest.raises(InputError, match="^steps_per_execution=.*: must be a whole number"):
        trained(compiled=False).compile(steps_per_execution=steps)


@pytest.mark.parametrize("value", ["yes", "", 2, None, ["auto"]])
def test_jit_compile_is_true_false_or_auto(value):
    with pytest.raises(InputError, match="^jit_compile.*: must be True, False or 'auto'"):
        trained(compiled=False).compile(jit_compile=value)
    for allowed in True, np.bool_(False), "auto":
        trained(compiled=False).compile(jit_compile=allowed)
