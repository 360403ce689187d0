"""Small networks as users might write them, which trace fast, and pairs for them."""

import keras
import numpy as np

import keras_f2a


def generator(channels=3, strides=1, inputs=3):
    image = keras.Input((None, None, inputs))
    first = keras.layers.Conv2D(channels, 1, strides=strides, activation="sigmoid")
    return keras.Model(image, first(image))


def discriminator():
    image = keras.Input((None, None, 3))
    return keras.Model(image, keras.layers.Conv2D(1, 3, strides=2, padding="same")(image))


def trained(*, adversarial=True, compiled=True, **settings):
    keras.utils.set_random_seed(0)
    judge = discriminator() if adversarial else None
    model = keras_f2a.FlashToAmbient(generator(), judge, **settings)
    if compiled:
        model.compile("sgd")
    return model


def pairs(count=4, side=16):
    flash = np.random.default_rng(0).random((count, side, side, 3), np.float32)
    return flash, np.sqrt(flash)
