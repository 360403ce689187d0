"""`FlashToAmbient` and `DeepFlash` do what users of Keras expect, or say why not in one line."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.support.errors import InputError
from keras_f2a.training.deepflash import DeepFlash


def flash_to_ambient(discriminator=True, **more):
    keras.utils.set_random_seed(0)
    generator = keras_f2a.SmallGenerator(width=1 / 16)
    judge = keras_f2a.PatchDiscriminator(width=1 / 64) if discriminator else None
    return keras_f2a.FlashToAmbient(generator, judge, **more)


def deepflash():
    keras.utils.set_random_seed(0)
    tiny = {"encoder_weights": None, "width": 1 / 64, "output_activation": "tanh"}
    return DeepFlash(keras_f2a.VGG16Generator(**tiny))


MODELS = {"flash_to_ambient": flash_to_ambient, "deepflash": deepflash}


@pytest.fixture(params=MODELS)
def model(request):
    return MODELS[request.param]()


def pairs(model, count=4, side=32):
    flash = np.random.default_rng(0).random((count, side, side, model.CHANNELS), np.float32)
    return flash, np.sqrt(flash)


def one_line(error):
    assert "\n" not in str(error.value) and len(str(error.value)) < 300
    return str(error.value)


def test_sample_weight_counts(model):
    """A pair with weight 0 changes nothing, and losses are weighted the way Keras does."""
    flash, ambient = pairs(model)
    model.compile("sgd", run_eagerly=True)
    alone = model.evaluate(flash, ambient, batch_size=4, verbose=0, return_dict=True)
    each = [
        model.evaluate(flash[i : i + 1], ambient[i : i + 1], verbose=0, return_dict=True)
        for i in range(4)
    ]
    weights = np.array([0.0, 1.0, 2.0, 0.5], np.float32)
    for given in (weights, weights[:, None]):
        weighed = model.evaluate(
            flash, ambient, sample_weight=given, batch_size=4, verbose=0, return_dict=True
        )
        expected = np.mean([w * e["reconstruction"] for w, e in zip(weights, each, strict=True)])
        assert weighed["reconstruction"] == pytest.approx(float(expected), rel=1e-4)
        assert weighed["psnr"] == pytest.approx(alone["psnr"], rel=1e-5)
    before = [v.numpy() for v in model.generator.trainable_variables]
    model.fit(flash, ambient, sample_weight=np.zeros(4, np.float32), verbose=0)
    for old, now in zip(before, model.generator.trainable_variables, strict=True):
        np.testing.assert_array_equal(old, now.numpy())
    dataset = tf.data.Dataset.from_tensors((flash, ambient, weights))
    model.compile("sgd")
    model.fit(dataset, shuffle=False, verbose=0)
    moved = zip(before, model.generator.trainable_variables, strict=True)
    assert any(np.any(old != now.numpy()) for old, now in moved)


def test_a_weight_for_each_pixel_is_refused(model):
    flash, ambient = pairs(model)
    model.compile(run_eagerly=True)
    with pytest.raises(InputError, match="sample_weight: must be one number for each") as error:
        model.fit(flash, ambient, sample_weight=flash[..., 0], verbose=0)
    one_line(error)


@pytest.mark.parametrize(
    "given",
    [{"loss": "mse"}, {"metrics": ["mae"]}, {"weighted_metrics": ["mae"]}, {"loss_weights": [1]}],
)
def test_losses_and_metrics_of_others_are_refused(model, given):
    with pytest.raises(InputError, match="has its own losses and metrics") as error:
        model.compile(**given)
    assert next(iter(given)) in one_line(error)
    model.compile(**dict.fromkeys(given))


@pytest.mark.parametrize(
    "given",
    [("adam", {}), (None, {"optimizer": "adam"}), (None, {"generator_optimizer": "adam"})],
    ids=["first", "optimizer", "generator_optimizer"],
)
def test_optimizers_by_name(model, given):
    first, more = given
    more = {**more, "run_eagerly": True}
    model.compile(first, **more) if first else model.compile(**more)
    model.fit(*pairs(model), verbose=0)
    assert type(model.optimizer) is keras.optimizers.Adam
    assert float(model.optimizer.learning_rate) == pytest.approx(1e-3)  # Keras's, not the paper's.


def test_the_discriminators_optimizer_by_name_or_configuration():
    model = flash_to_ambient()
    for given in ("sgd", keras.optimizers.serialize(keras.optimizers.SGD(0.1))):
        model.compile(discriminator_optimizer=given, run_eagerly=True)
        model.fit(*pairs(model), verbose=0)
        assert isinstance(model.discriminator_optimizer, keras.optimizers.SGD)


@pytest.mark.parametrize("name", ["optimizer", "generator_optimizer", "discriminator_optimizer"])
@pytest.mark.parametrize("given", ["fastest", 3, tf.constant(1.0)], ids=["name", "int", "tensor"])
def test_what_is_no_optimizer(name, given):
    with pytest.raises(InputError, match=f"^{name}: not a Keras optimizer") as error:
        flash_to_ambient().compile(**{name: given})
    one_line(error)


@pytest.mark.parametrize("dtype", ["float32", "mixed_float16"])
def test_one_optimizer_for_two_networks_is_refused(dtype):
    """For float16 networks, each network's loss scaling wraps the optimizer."""
    optimizer = keras.optimizers.SGD()
    generator = keras_f2a.SmallGenerator(width=1 / 16, dtype=dtype)
    judge = keras_f2a.PatchDiscriminator(width=1 / 64, dtype=dtype)
    with pytest.raises(InputError, match="^discriminator_optimizer: is the generator's optimizer"):
        keras_f2a.FlashToAmbient(generator, judge).compile(optimizer, optimizer)
    with pytest.raises(InputError, match="^optimizer: means the same"):
        flash_to_ambient().compile(optimizer, optimizer="sgd")


def scaled(images):
    return (images * 255).astype(np.uint8)


BAD = {
    "uint8": (lambda f, a: (scaled(f), scaled(a)), "must be floats in .* divide 8-bit values"),
    "int32 ambient": (lambda f, a: (f, scaled(a).astype(np.int32)), "ambient images must be float"),
    "0 to 255": (lambda f, a: (f * 255, a * 255), "must be RGB in .* divide 8-bit values by 255"),
    "only ambient": (lambda f, a: (f, a * 255), "must be RGB in .* divide 8-bit values by 255"),
    "-1 to 1": (lambda f, a: (f * 2 - 1, a * 2 - 1), "must be RGB in"),
    "not numbers": (lambda f, a: (f * np.nan, a), "must be RGB in"),
    "gray": (lambda f, a: (f[..., :1], a[..., :1]), r"flash images must be \(batch, height"),
    "no batch": (lambda f, a: (f[:, 0], a[:, 0]), r"flash images must be \(batch, height"),
    "other size": (lambda f, a: (f, a[:, :16]), "differ in shape"),
    "tiny": (lambda f, a: (f[:, :6], a[:, :6]), "height and width must be at least 7"),
    "no ambient": (lambda f, a: (f, None), "the ambient images are missing"),
}


@pytest.mark.parametrize("kind", BAD)
def test_batches_that_are_no_pairs_are_refused(kind):
    change, message = BAD[kind]
    model = flash_to_ambient(discriminator=False)
    model.compile("sgd", run_eagerly=kind != "0 to 255")  # Tracing each would take minutes.
    flash, ambient = change(*pairs(model))
    before = model.generator.get_weights()
    calls = [model.fit, model.evaluate]
    for call in calls:
        with pytest.raises(InputError, match=message) as error:
            call(flash, ambient, verbose=0)
        one_line(error)
    for call in (model.train_on_batch, model.test_on_batch):
        with pytest.raises(InputError, match=message):
            call(flash, ambient)
    for old, now in zip(before, model.generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, now)


def test_integers_are_refused_in_prediction(model):
    flash, _ = pairs(model)
    with pytest.raises(InputError, match="flash images must be floats in"):
        model.predict(scaled(flash), verbose=0)
    with pytest.raises(InputError, match="flash images must be floats in"):
        model(scaled(flash))


def test_a_black_and_a_white_pair_and_resizings_overshoot_are_pairs():
    model = flash_to_ambient(discriminator=False)
    model.compile(run_eagerly=True)
    flash, ambient = pairs(model)
    for f, a in ((flash * 0, ambient * 0 + 1), (flash * 1.2 - 0.1, ambient)):
        assert np.isfinite(model.train_on_batch(f, a, return_dict=True)["generator"])


def test_how_steps_run_survives_a_file(model, tmp_path):
    model.compile("sgd", jit_compile=True, steps_per_execution=3)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.jit_compile is True and loaded.steps_per_execution == 3
    model.compile("sgd", run_eagerly=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.run_eagerly is True and loaded.jit_compile is False


def test_a_loss_that_was_not_to_be_scaled_is_not_after_loading(tmp_path):
    model = keras_f2a.FlashToAmbient(keras_f2a.SmallGenerator(width=1 / 16, dtype="mixed_float16"))
    model.compile("sgd", auto_scale_loss=False)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded.optimizer) is keras.optimizers.SGD


def test_several_steps_per_execution_train_alike():
    flash, ambient = pairs(flash_to_ambient(), count=8)
    states = []
    for steps in (1, 2):
        model = flash_to_ambient()
        model.compile("sgd", "sgd", steps_per_execution=steps)
        model.fit(flash, ambient, batch_size=2, shuffle=False, verbose=0)
        states.append(model.get_weights())
    for one, other in zip(*states, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_export_gives_what_calling_the_model_gives(model, tmp_path):
    """A model that was never called can be exported for images of any size."""
    model.export(tmp_path / "exported", verbose=False)
    exported = tf.saved_model.load(tmp_path / "exported")
    for side in (32, 37):
        flash, _ = pairs(model, 2, side)
        np.testing.assert_allclose(exported.serve(flash), model(flash), atol=1e-5)


def test_validation_asks_the_discriminator_twice(monkeypatch):
    model = flash_to_ambient()
    model.compile(run_eagerly=True)
    asked = []
    judge = model._judge
    monkeypatch.setattr(model, "_judge", lambda *a, **k: asked.append(1) or judge(*a, **k))
    model.evaluate(*pairs(model), verbose=0)
    assert len(asked) == 2


def test_a_dataset_of_unknown_shapes_trains():
    model = flash_to_ambient(discriminator=False)
    model.compile(run_eagerly=True)
    types = (tf.TensorSpec(None, tf.float32),) * 2
    dataset = tf.data.Dataset.from_generator(lambda: [pairs(model)], output_signature=types)
    model.fit(dataset.repeat(), steps_per_epoch=1, shuffle=False, verbose=0)
