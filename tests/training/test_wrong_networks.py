"""Networks that cannot be trained are refused in one line, before the first batch."""

import keras
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.support.errors import InputError
from keras_f2a.training.deepflash import DeepFlash
from tests.training.plain_networks import discriminator, generator, pairs


class Own(keras.Model):
    """Subclassed model without `keras.Input`."""

    def __init__(self):
        super().__init__()
        self.layer = keras.layers.Conv2D(3, 1, activation="sigmoid")

    def call(self, image):
        return self.layer(image)


def refused(message, make):
    with pytest.raises(InputError, match=message) as error:
        make()
    assert "\n" not in str(error.value) and len(str(error.value)) < 400


@pytest.mark.parametrize("given", ["vgg16", keras_f2a.SmallGenerator, None, 3])
def test_what_is_no_network(given):
    for make in (keras_f2a.FlashToAmbient, DeepFlash):
        refused("^generator: must be a `keras.Model`, not ", lambda make=make: make(given))
    if given is not None:
        for name in ("discriminator", "features"):
            refused(
                f"^{name}: must be a `keras.Model`",
                lambda name=name: keras_f2a.FlashToAmbient(generator(), **{name: given}),
            )


def unbuilt():
    return keras.Sequential([keras.layers.Conv2D(3, 1)])


@pytest.mark.parametrize("make", [Own, unbuilt])
def test_a_network_without_weights_yet(make):
    network = make()
    model = keras_f2a.FlashToAmbient(network)
    refused("^generator: is not built.* call it once on images, or begin it with", model.compile)
    network(pairs()[0])
    model.compile("sgd", run_eagerly=True)
    model.fit(*pairs(), verbose=0)
    model = keras_f2a.FlashToAmbient(generator(), make())
    refused("^discriminator: is not built|^discriminator: must be a functional", model.compile)


def pooled():
    image = keras.Input((None, None, 3))
    return keras.Model(image, keras.layers.Dense(1)(keras.layers.GlobalMaxPool2D()(image)))


def subclassed():
    network = Own()
    network(pairs()[0])
    return network


WRONG = {
    "one channel": (lambda: generator(channels=1), None, "^generator: must turn images .*, 1"),
    "half the size": (lambda: generator(strides=2), None, "^generator: must turn images .*512"),
    "of gray images": (lambda: generator(inputs=1), None, "^generator: must take images"),
    "of two images": (lambda: two_inputs(), None, "^generator: cannot take images"),
    "subclassed judge": (generator, subclassed, "^discriminator: must be a functional model"),
    "judge of the whole": (generator, pooled, "^discriminator: must turn images .* logits"),
    "three logits": (generator, generator, "^discriminator: must turn images .* logits"),
}


def two_inputs():
    images = [keras.Input((None, None, 3)), keras.Input((None, None, 3))]
    return keras.Model(images, keras.layers.Add()(images))


@pytest.mark.parametrize("kind", WRONG)
def test_a_network_that_does_not_fit(kind):
    first, second, message = WRONG[kind]
    model = keras_f2a.FlashToAmbient(first(), second and second())
    refused(message, model.compile)


def test_a_generator_of_one_size_fits():
    image = keras.Input((24, 16, 3))
    network = keras.Model(image, keras.layers.Conv2D(3, 1, activation="sigmoid")(image))
    model = keras_f2a.FlashToAmbient(network, discriminator())
    model.compile("sgd", run_eagerly=True)


def open_sides():
    """Return a model that resizes to its input's size, which Keras cannot infer for the output."""
    image = keras.Input((None, None, 3))
    smaller = keras.layers.Conv2D(3, 2, strides=2, activation="sigmoid")(image)
    resized = keras.layers.Lambda(
        lambda both: tf.image.resize(both[0], tf.shape(both[1])[1:3]), output_shape=(None, None, 3)
    )
    return keras.Model(image, resized([smaller, image]))


def nine_halvings():
    image = x = keras.Input((None, None, 3))
    for _ in range(9):
        x = keras.layers.MaxPool2D(padding="same")(x)
    x = keras.layers.UpSampling2D(2**9)(x)
    return keras.Model(image, keras.layers.Conv2D(3, 1, activation="sigmoid")(x))


@pytest.mark.parametrize("make", [open_sides, nine_halvings])
def test_what_may_fit_is_not_refused(make):
    keras_f2a.FlashToAmbient(make()).compile("sgd")


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_a_model_of_another_precision_than_its_networks(dtype):
    model = keras_f2a.FlashToAmbient(generator(), discriminator(), dtype=dtype)
    model.compile("sgd", "sgd", run_eagerly=True)
    model.fit(*pairs(), verbose=0)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float64"])
@pytest.mark.parametrize("whose", ["generator", "discriminator", "both"])
def test_networks_that_answer_in_another_precision(policy, whose):
    """An example is a network that does not end with a float32 layer."""
    networks = {"generator": generator, "discriminator": discriminator}
    made = {}
    for name, make in networks.items():
        keras.config.set_dtype_policy(policy if whose in (name, "both") else "float32")
        try:
            made[name] = make()
        finally:
            keras.config.set_dtype_policy("float32")
    assert made["generator"].outputs[0].dtype == (
        "float32" if whose == "discriminator" else policy.removeprefix("mixed_")
    )
    model = keras_f2a.FlashToAmbient(made["generator"], made["discriminator"])
    model.compile("sgd", "sgd")
    logged = model.fit(*pairs(), verbose=0).history
    assert all(value == value for values in logged.values() for value in values)
    model.evaluate(*pairs(), verbose=0)
    assert model.predict(pairs()[0], verbose=0).shape == pairs()[0].shape
