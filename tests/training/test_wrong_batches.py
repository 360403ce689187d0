"""Batches with another dtype, shape or range, whatever batches the model saw before."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.support.errors import InputError
from tests.training.plain_networks import generator, pairs, trained


def one_line(error):
    assert "\n" not in str(error.value) and len(str(error.value)) < 300
    return str(error.value)


def batches(*arrays):
    return tf.data.Dataset.from_tensor_slices(arrays).batch(2)


@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_floats_of_another_precision_train_as_float32(dtype):
    exact = [np.round(images * 64) / 64 for images in pairs()]
    states = []
    for images in (exact, [images.astype(dtype) for images in exact]):
        model = trained()
        model.fit(batches(*images), shuffle=False, verbose=0)
        weighed = (*images, np.ones(4, images[0].dtype))
        model.evaluate(batches(*weighed), verbose=0)
        model.train_on_batch(*images)
        states.append(model.get_weights())
    for one, other in zip(*states, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("which", ["flash", "ambient"])
@pytest.mark.parametrize("eagerly", [True, False])
def test_a_nan_is_called_by_its_name(which, eagerly):
    images = dict(zip(("flash", "ambient"), pairs(), strict=True))
    images[which][1, 2, 3, 0] = np.nan
    model = trained()
    model.compile("sgd", run_eagerly=eagerly)
    with pytest.raises(InputError, match=f"^{which} images contain NaN") as error:
        model.fit(*images.values(), verbose=0)
    one_line(error)


def test_8_bit_values_as_floats_are_refused_everywhere():
    flash, ambient = pairs()
    model = trained()
    calls = {
        "fit": lambda: model.fit(flash, ambient * 255, verbose=0),
        "predict": lambda: model.predict(flash * 255, verbose=0),
        "predict_on_batch": lambda: model.predict_on_batch(flash * 255),
    }
    for name, call in calls.items():
        which = "ambient" if name == "fit" else "flash"
        with pytest.raises(InputError, match=f"^{which} images must be RGB in .*255") as error:
            call()
        one_line(error)
    with pytest.raises(InputError, match="flash images must be RGB in .*255"):
        model(flash * 255)


WRONG = {
    "one image": (lambda images: images[0], r"must be \(batch, height, width, 3\), not"),
    "gray": (lambda images: images[..., :1], r"width, 3\), not \(\d, 16, 16, 1\)"),
    "without channels": (lambda images: images[..., 0], r"width, 3\), not \(\d, 16, 16\)"),
    "RGBA": (lambda images: images[..., [0, 1, 2, 2]], r"width, 3\), not \(\d, 16, 16, 4\)"),
    "channels first": (lambda images: images.transpose(0, 3, 1, 2), r"width, 3\), not"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_shape_is_told_after_right_ones_too(kind):
    change, message = WRONG[kind]
    model = trained(adversarial=False)
    for side in (16, 24):
        model.fit(*pairs(side=side), batch_size=2, verbose=0)
        model.predict(pairs(side=side)[0], batch_size=2, verbose=0)
    flash, ambient = (change(images) for images in pairs())
    for call in (
        lambda: model.fit(flash, ambient, batch_size=2, verbose=0),
        lambda: model.predict(flash, batch_size=2, verbose=0),
    ):
        with pytest.raises(InputError, match=message) as error:
            call()
        one_line(error)


UNKNOWN = {
    "one image": (lambda f, a: (f[0], a[0]), r"must be \(batch, .* not \(16, 16, 3\)"),
    "other size": (lambda f, a: (f, a[:, :12]), "flash and ambient images differ in shape"),
    "fewer": (lambda f, a: (f, a[:3]), "flash and ambient images differ in shape"),
    "tiny": (lambda f, a: (f[:, :6], a[:, :6]), "height and width must be at least 7"),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_a_dataset_of_unknown_shapes_is_checked_where_it_runs(kind):
    change, message = UNKNOWN[kind]
    types = (tf.TensorSpec(None, tf.float32),) * 2
    dataset = tf.data.Dataset.from_generator(lambda: [change(*pairs())], output_signature=types)
    with pytest.raises(InputError, match=message) as error:
        trained(adversarial=False).fit(dataset, shuffle=False, verbose=0)
    one_line(error)


@pytest.mark.parametrize("weight", [-1.0, np.nan, np.inf])
def test_a_weight_that_would_ruin_the_network_is_refused(weight):
    model = trained()
    before = model.get_weights()
    weights = np.array([0, 0, 1, weight], np.float32)
    with pytest.raises(InputError, match="^sample_weight: must be finite numbers of at least 0"):
        model.fit(*pairs(), sample_weight=weights, verbose=0)
    for old, now in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, now)


def test_features_need_larger_images_than_the_scores():
    features = keras_f2a.VGG16Features(encoder_weights=None)
    counted = keras_f2a.FlashToAmbient(generator(), features=features, perceptual_weight=0.1)
    ignored = keras_f2a.FlashToAmbient(generator(), features=features)
    for model in (counted, ignored):
        model.compile("sgd", run_eagerly=True)
    with pytest.raises(InputError, match="height and width must be at least 8"):
        counted.fit(*pairs(side=7), verbose=0)
    counted.fit(*pairs(side=8), verbose=0)
    ignored.fit(*pairs(side=7), verbose=0)


def test_an_equal_pair_leaves_the_other_pairs_psnr_to_decide():
    """A black pair has a finite score, so that `val_psnr` still rises."""
    image = keras.Input((None, None, 3))
    gain = keras.layers.DepthwiseConv2D(1, use_bias=False, depthwise_initializer="ones")
    model = keras_f2a.FlashToAmbient(keras.Model(image, gain(image)))
    model.compile(keras.optimizers.SGD(1.0))
    flash, ambient = pairs()
    flash, ambient = flash * 0.5, flash * 0.6
    flash[0] = ambient[0] = 0
    history = model.fit(
        flash, ambient, epochs=3, validation_data=(flash, ambient), verbose=0
    ).history
    assert np.isfinite(history["val_psnr"]).all()
    assert history["val_psnr"][-1] > history["val_psnr"][0] + 0.1
