"""A training step matches the authors' recorded step and a miniature in plain TensorFlow."""

import importlib.util

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.models.authors_tensors import (
    authors_name,
    load_generator_tensors,
    to_keras_layout,
)
from keras_f2a.training import losses
from tests import reference


def discriminators_name(variable):
    """Return the authors' name for a variable of our discriminator."""
    layer = variable.path.split("/")[-2]
    suffix = {
        "kernel": "weight",
        "gamma": "weight",
        "beta": "bias",
        "bias": "bias",
        "moving_mean": "running_mean",
        "moving_variance": "running_var",
    }[variable.name]
    # The index counts convolutions, normalizations and activations. Level 1 has no normalization.
    level = 6 if layer == "logits" else int(layer[-1])
    index = max(0, 3 * level - 4) + layer.startswith("norm")
    return f"dis_arch.{index}.{suffix}"


def load_discriminator_tensors(discriminator, tensors):
    names = map(discriminators_name, discriminator.weights)
    discriminator.set_weights([to_keras_layout(tensors[name]) for name in names])


class OneStep:
    """One step with the arithmetic of `FlashToAmbient.train_step` that keeps every quantity."""

    def __init__(self, generator, discriminator, flash, ambient):
        attention = losses.attention_map(flash, ambient)
        self.attention = np.asarray(attention)
        with tf.GradientTape() as tape:
            generated = generator(flash, training=True)
            with tape.stop_recording(), tf.GradientTape() as discriminator_tape:
                fake = discriminator(generated * attention, training=True)
                real = discriminator(ambient * attention, training=True)
                loss = tf.reduce_mean(losses.discriminator_loss(real, fake))
            with tape.stop_recording():
                variables = discriminator.trainable_variables
                gradients = discriminator_tape.gradient(loss, variables)
                self.discriminator_gradients = {
                    discriminators_name(v): g.numpy()
                    for v, g in zip(variables, gradients, strict=True)
                }
                self.statistics = {discriminators_name(v): v.numpy() for v in discriminator.weights}
                keras.optimizers.Adam(2e-6, beta_1=0.5, epsilon=1e-8).apply_gradients(
                    zip(gradients, variables, strict=True)
                )
            reconstruction = tf.reduce_mean(
                losses.reconstruction_loss(ambient, generated, attention)
            )
            updated = discriminator(generated * attention, training=True)
            adversarial = tf.reduce_mean(losses.adversarial_loss(updated))
            total = losses.generator_loss(reconstruction, adversarial, 1.0)
        variables = generator.trainable_variables
        gradients = tape.gradient(total, variables)
        self.generator_gradients = {
            authors_name(v): g.numpy() for v, g in zip(variables, gradients, strict=True)
        }
        self.generated, self.fake, self.real = generated.numpy(), fake.numpy(), real.numpy()
        self.losses = {
            "loss_dis_fake": np.mean(np.logaddexp(0, self.fake)),
            "loss_dis_real": np.mean(np.logaddexp(0, -self.real)),
            "loss_R": float(reconstruction),
            "loss_Gen": float(adversarial),
            "loss_Gen_L1": float(total),
        }


def to_pytorch_layout(kernel):
    return kernel.transpose(3, 2, 0, 1) if kernel.ndim == 4 else kernel


def before_normalization(name):
    """Return whether a normalization cancels this bias, whose gradient is then rounding noise."""
    return name in {f"dis_arch.{i}.bias" for i in (2, 5, 8, 11)}


@pytest.fixture(scope="module")
def recorded(request):
    from tests.conftest import SHARED

    folder = SHARED / "reference_step"
    if not folder.is_dir():
        pytest.skip(f"no {folder}: the recorded step of the authors' code is not in the project")
    specification = importlib.util.spec_from_file_location(
        "reference_weights", folder / "reference_weights.py"
    )
    weights = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(weights)
    recording = dict(np.load(folder / "reference_step.npz"))
    generator = keras_f2a.VGG16Generator(
        encoder_weights=None, preprocessing="none", freeze_encoder=True
    )
    discriminator = keras_f2a.PatchDiscriminator()
    seed = int(recording["seed"])
    load_generator_tensors(generator, weights.make_state_dict(seed, "generator"))
    load_discriminator_tensors(discriminator, weights.make_state_dict(seed, "discriminator"))
    before = {discriminators_name(v): v.numpy() for v in discriminator.weights}
    step = OneStep(generator, discriminator, recording["flash"], recording["ambient"])
    return recording, step, before


def test_recorded_forward_pass(recorded):
    recording, step, _ = recorded
    np.testing.assert_allclose(step.attention, recording["attention"], atol=1e-7)
    np.testing.assert_allclose(step.generated, recording["generator_output"], atol=2e-5)
    np.testing.assert_allclose(step.fake, recording["discriminator_logits_fake"], atol=2e-4)
    np.testing.assert_allclose(step.real, recording["discriminator_logits_real"], atol=2e-4)


def test_recorded_losses(recorded):
    recording, step, _ = recorded
    for name, value in step.losses.items():
        assert value == pytest.approx(float(recording[name]), rel=1e-5), name


@pytest.mark.parametrize("network", ["generator", "discriminator"])
def test_recorded_gradients(recorded, network):
    recording, step, _ = recorded
    for name, gradient in getattr(step, f"{network}_gradients").items():
        if before_normalization(name):
            continue
        norm, *sample = recording[f"grad/{network}/{name}"]
        assert np.linalg.norm(gradient) == pytest.approx(norm, rel=1e-3), name
        ours = to_pytorch_layout(gradient).ravel()[: len(sample)]
        # Where rounding moves a pixel across a ReLU's kink, an element jumps. The largest error is
        # 1.8% of a typical element, or 0.2% with TF_ENABLE_ONEDNN_OPTS=0.
        typical = max(norm / np.sqrt(gradient.size), np.linalg.norm(sample) / np.sqrt(len(sample)))
        error = np.linalg.norm(ours - sample) / np.sqrt(len(sample))
        assert error < 0.03 * typical, f"{name}: {error / typical:.4f}"


def test_recorded_statistics(recorded):
    recording, step, before = recorded
    shape = {"3": (16, 24), "6": (8, 12), "9": (4, 6), "12": (2, 3)}
    for key, expected in recording.items():
        if not key.startswith("after/"):
            continue
        name = key.removeprefix("after/discriminator/")
        ours = step.statistics[name][: len(expected)]
        if name.endswith("running_var"):
            # After two passes, PyTorch's running variance includes n/(n − 1), and Keras's does not.
            n = 2 * np.prod(shape[name.split(".")[1]])
            kept = 0.9**2 * before[name][: len(expected)]
            ours = kept + (ours - kept) * n / (n - 1)
        np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.fixture(scope="module")
def miniature():
    width = 4
    generator_tensors, discriminator_tensors = reference.make_tensors(width, seed=3)
    rng = np.random.default_rng(1)
    flash, ambient = rng.random((2, 2, 64, 96, 3)).astype(np.float32)
    generator = keras_f2a.VGG16Generator(
        encoder_weights=None, preprocessing="none", width=width / 64
    )
    discriminator = keras_f2a.PatchDiscriminator(width=width / 64)
    load_generator_tensors(generator, generator_tensors)
    load_discriminator_tensors(discriminator, discriminator_tensors)
    step = OneStep(generator, discriminator, flash, ambient)
    return step, flash, ambient, generator_tensors, discriminator_tensors


def test_miniature_forward_pass(miniature):
    step, flash, ambient, generator_tensors, discriminator_tensors = miniature
    generated = reference.generate(flash, generator_tensors)
    np.testing.assert_allclose(step.generated, generated, atol=2e-5)
    attention = 1 - np.abs(ambient - flash).mean(-1, keepdims=True)
    for ours, image in ((step.fake, generated), (step.real, ambient)):
        expected = reference.discriminate(image * attention, discriminator_tensors)
        np.testing.assert_allclose(ours, expected, atol=2e-4)


def test_miniature_gradients(miniature):
    step, flash, ambient, generator_tensors, discriminator_tensors = miniature
    attention = 1 - np.abs(ambient - flash).mean(-1, keepdims=True)
    generator = {name: tf.Variable(value) for name, value in generator_tensors.items()}
    discriminator = {name: tf.Variable(value) for name, value in discriminator_tensors.items()}
    with tf.GradientTape(persistent=True) as tape:
        generated = reference.generate(flash, generator)
        fake = reference.discriminate(tf.stop_gradient(generated) * attention, discriminator)
        real = reference.discriminate(ambient * attention, discriminator)
        bce = tf.nn.sigmoid_cross_entropy_with_logits
        judged = tf.reduce_mean(bce(tf.zeros_like(fake), fake) + bce(tf.ones_like(real), real))
    gradients = tape.gradient(judged, discriminator)
    compare_gradients(step.discriminator_gradients, gradients)
    with tf.GradientTape() as tape:
        generated = reference.generate(flash, generator)
        fake = reference.discriminate(generated * attention, discriminator)
        total = tf.reduce_mean(tf.abs((ambient - generated) * attention)) + tf.reduce_mean(
            bce(tf.ones_like(fake), fake)
        )
    # In between, the discriminator moved by 2e-6, which changes only the last digits.
    compare_gradients(step.generator_gradients, tape.gradient(total, generator))


def compare_gradients(ours, expected):
    for name, gradient in ours.items():
        if not before_normalization(name):
            reference_gradient = to_keras_layout(expected[name].numpy())
            error = np.linalg.norm(gradient - reference_gradient)
            assert error < 0.01 * np.linalg.norm(reference_gradient), name


def test_train_step_is_this_arithmetic(miniature):
    """`fit` logs the same losses as the step above, so it computes them in the same order."""
    step, flash, ambient, generator_tensors, discriminator_tensors = miniature
    generator = keras_f2a.VGG16Generator(encoder_weights=None, preprocessing="none", width=4 / 64)
    discriminator = keras_f2a.PatchDiscriminator(width=4 / 64)
    load_generator_tensors(generator, generator_tensors)
    load_discriminator_tensors(discriminator, discriminator_tensors)
    model = keras_f2a.FlashToAmbient(generator, discriminator)
    model.compile()
    logged = model.train_on_batch(flash, ambient, return_dict=True)
    assert logged["reconstruction"] == pytest.approx(step.losses["loss_R"], rel=1e-5)
    assert logged["adversarial"] == pytest.approx(step.losses["loss_Gen"], rel=1e-5)
    assert logged["generator"] == pytest.approx(step.losses["loss_Gen_L1"], rel=1e-5)
    both_sides = step.losses["loss_dis_fake"] + step.losses["loss_dis_real"]
    assert logged["discriminator"] == pytest.approx(both_sides, rel=1e-5)
