import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.training import losses
from tests.training.tiny_models import assert_same_state, further, further_sum, tiny_model

LOGGED = {"reconstruction", "adversarial", "generator", "discriminator", "psnr", "ssim", "loss"}


@pytest.fixture
def images(rng):
    """Return flash and ambient images, (8, 32, 32, 3) each."""
    flash = rng.random((8, 4, 4, 3), np.float32).repeat(8, axis=1).repeat(8, axis=2)
    return flash, np.sqrt(flash)


def test_paper_optimizers_are_the_default():
    model = tiny_model()
    model.compile()
    for optimizer, rate in ((model.optimizer, 2e-5), (model.discriminator_optimizer, 2e-6)):
        assert isinstance(optimizer, keras.optimizers.Adam)
        assert float(optimizer.learning_rate) == pytest.approx(rate)
        assert optimizer.beta_1 == 0.5


def test_fit_logs_every_loss_and_learns(images):
    model = tiny_model(adversarial_weight=0.01)
    model.compile(keras.optimizers.Adam(3e-3, beta_1=0.5), keras.optimizers.Adam(1e-4))
    history = model.fit(*images, batch_size=4, epochs=15, validation_data=images, verbose=0).history
    logged = LOGGED | further(model).keys()
    assert set(history) == logged | {f"val_{name}" for name in logged}
    assert history["loss"] == history["generator"]
    assert history["val_loss"] == history["val_generator"]
    assert history["val_reconstruction"][-1] < 0.7 * history["val_reconstruction"][0]
    assert history["val_psnr"][-1] > history["val_psnr"][0] + 1


def test_reconstruction_alone_has_no_adversarial_terms(images):
    model = tiny_model(discriminator=False, guided=False)
    model.compile()
    logged = model.train_on_batch(*images, return_dict=True)
    alone = {"reconstruction", "generator", "psnr", "ssim", "loss"}
    assert set(logged) == alone | further(model).keys()
    assert logged["generator"] == logged["reconstruction"] + further_sum(model, logged)


def test_guidance_weighs_the_losses(images):
    flash, ambient = images
    guided, unguided = tiny_model(), tiny_model(guided=False)
    for model in (guided, unguided):
        model.compile()
    generated = guided.predict(flash, verbose=0)
    attention = keras_f2a.attention_map(flash, ambient)
    for model, weight in ((guided, attention), (unguided, 1.0)):
        logged = model.evaluate(flash, ambient, verbose=0, return_dict=True)
        expected = np.mean(np.abs((ambient - generated) * weight))
        assert logged["reconstruction"] == pytest.approx(float(expected), rel=1e-4)


def test_adversarial_weight_is_lambda(images):
    model = tiny_model(adversarial_weight=0.25)
    model.compile()
    logged = model.evaluate(*images, verbose=0, return_dict=True)
    expected = logged["reconstruction"] + 0.25 * logged["adversarial"]
    expected += further_sum(model, logged)
    assert logged["generator"] == pytest.approx(expected, rel=1e-5)


def test_saturating_loss_is_negative(images):
    model = tiny_model(saturating=True)
    model.compile()
    assert model.train_on_batch(*images, return_dict=True)["adversarial"] < 0


def test_features_count_with_their_weight(images, tmp_path):
    features = keras_f2a.VGG16Features(encoder_weights=None)
    model = tiny_model(False, guided=False, features=features, perceptual_weight=0.5)
    model.compile(keras.optimizers.Adam(3e-3, beta_1=0.5))
    weights = features.get_weights()
    flash, ambient = images
    expected = losses.perceptual_loss(features(ambient), features(model(flash)))
    logged = model.evaluate(flash, ambient, verbose=0, return_dict=True)
    assert logged["perceptual"] == pytest.approx(float(np.mean(expected)), rel=1e-4)
    total = logged["reconstruction"] + 0.5 * logged["perceptual"] + further_sum(model, logged)
    assert logged["generator"] == pytest.approx(total, rel=1e-5)
    history = model.fit(flash, ambient, batch_size=4, epochs=10, verbose=0).history
    assert history["perceptual"][-1] < 0.8 * history["perceptual"][0]
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.perceptual_weight == 0.5
    for before, kept, after in zip(
        weights, features.get_weights(), loaded.features.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(before, kept)
        np.testing.assert_array_equal(before, after)


def test_conditional_discriminator_trains(images):
    model = tiny_model(conditional=True)
    model.compile()
    assert np.isfinite(model.train_on_batch(*images, return_dict=True)["discriminator"])


def test_only_trainable_weights_change(images):
    model = tiny_model()
    keras_f2a.models.vgg16_generator.freeze(model.generator)
    model.compile()
    before = {v.path: v.numpy() for v in model.generator.weights}
    model.train_on_batch(*images)
    for variable in model.generator.weights:
        frozen = variable.path.startswith("block")
        assert np.array_equal(before[variable.path], variable.numpy()) == frozen, variable.path


# Keras warns about its own default.
@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
def test_other_peoples_fit(images, tmp_path):
    """Users' tf.data and standard callbacks work. Some callbacks warn that a value is missing."""
    dataset = tf.data.Dataset.from_tensor_slices(images).shuffle(8, seed=1).batch(4)
    model = tiny_model()
    model.compile()
    best = tmp_path / "best.keras"
    callbacks = [
        keras.callbacks.ModelCheckpoint(best, monitor="val_psnr", mode="max", save_best_only=True),
        keras.callbacks.EarlyStopping("val_psnr", mode="max", patience=2),
        keras.callbacks.ReduceLROnPlateau(),
        keras.callbacks.EarlyStopping(patience=2),
        keras.callbacks.TensorBoard(tmp_path / "logs"),
    ]
    model.fit(dataset, epochs=2, validation_data=dataset, callbacks=callbacks, verbose=0)
    assert best.is_file()
    flash = images[0]
    assert model.predict(flash, verbose=0).shape == flash.shape
    np.testing.assert_allclose(model(flash), model.predict(flash, verbose=0), atol=1e-6)


def test_a_loss_that_is_no_number_ends_the_training(images):
    model = tiny_model(discriminator=False)
    model.compile("sgd", run_eagerly=True)
    model.generator.trainable_variables[-1].assign([np.nan] * 3)
    history = model.fit(
        *images,
        epochs=2,
        callbacks=[keras.callbacks.TerminateOnNaN()],
        verbose=0,
    )
    assert len(history.epoch) == 1


def test_generator_nests_in_a_bigger_model(images):
    inputs = keras.Input((32, 32, 3))
    generator = keras_f2a.VGG16Generator(encoder_weights=None, width=1 / 16)
    brighter = keras.layers.Rescaling(1.2)(generator(inputs))
    bigger = keras.Model(inputs, brighter)
    bigger.compile("adam", "mse")
    bigger.fit(*images, verbose=0)
    assert bigger.predict(images[0], verbose=0).shape == images[0].shape


@pytest.mark.parametrize("discriminator", [True, False])
def test_whole_model_saves_with_both_optimizers(discriminator, images, tmp_path):
    model = tiny_model(discriminator, adversarial_weight=0.5, guided=False)
    model.compile(keras.optimizers.Adam(1e-3), keras.optimizers.SGD(1e-3, momentum=0.9))
    model.fit(*images, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.adversarial_weight == 0.5 and not loaded.guided
    assert_same_state(model, loaded)
    for m in (model, loaded):
        m.train_on_batch(*images)
    assert_same_state(model, loaded)


def test_a_model_that_was_not_compiled_saves_too(images, tmp_path):
    model = tiny_model()
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert not loaded.compiled and isinstance(loaded.generator, type(model.generator))
    np.testing.assert_array_equal(loaded(images[0]), model(images[0]))


def test_weights_file_restores_both_optimizers(images, tmp_path):
    model, other = tiny_model(), tiny_model()
    for m in (model, other):
        m.compile()
    model.fit(*images, verbose=0)
    model.save_weights(tmp_path / "model.weights.h5")
    other.load_weights(tmp_path / "model.weights.h5")
    assert int(other.discriminator_optimizer.iterations) == 1
    assert_same_state(model, other)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_trains(policy, images):
    keras.config.set_dtype_policy(policy)
    try:
        model = tiny_model()
        model.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-4))
    finally:
        keras.config.set_dtype_policy("float32")
    for optimizer in (model.optimizer, model.discriminator_optimizer):
        scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        assert scaled == (policy == "mixed_float16")
    history = model.fit(*images, batch_size=4, epochs=12, verbose=0).history
    assert history["reconstruction"][-1] < history["reconstruction"][0]
    assert model.predict(images[0], verbose=0).dtype == np.float32
