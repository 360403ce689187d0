"""Rebuilds a generator in tf_keras (Keras 2), because tensorflow-model-optimization needs it."""

import keras
import numpy as np
import tf_keras

from keras_f2a.models.vgg16_generator import VGG16Generator, encoder_decoder, feature_scale
from keras_f2a.support.errors import InputError, WorkError

from .generator import exported_weights

_MAX_DIFFERENCE = 1e-4


def build_twin(generator: VGG16Generator) -> tf_keras.Model:
    """Rebuild a generator in tf_keras with the same builder, names and weights.

    Args:
        generator: A `VGG16Generator`.

    Returns:
        A model that takes and returns float32 RGB in [0, 1], (batch, height, width, 3), with sides
        that are multiples of 16.

    Raises:
        InputError: The generator is of another kind, for example a U-Net.
        WorkError: The twin's outputs differ.
    """
    check_supported(generator)
    x = inputs = tf_keras.Input((None, None, 3), name="flash")
    if generator.preprocessing == "imagenet":
        x = tf_keras.layers.Conv2D(3, 1, name="preprocessing")(x)
    x = encoder_decoder(
        x,
        width=generator.width,
        output_activation=generator.output_activation,
        feature_scale=feature_scale(generator.preprocessing),
        layers=tf_keras.layers,
    )
    twin = tf_keras.Model(inputs, x, name=generator.name)
    for layer in twin.layers:
        layer.set_weights(exported_weights(generator, layer.name))
    _check_equal(generator, twin)
    return twin


def check_supported(generator: keras.Model) -> None:
    """Check that `build_twin` can rebuild a generator.

    Raises:
        InputError: The generator is of another kind, for example a U-Net.
    """
    if not isinstance(generator, VGG16Generator):
        raise InputError(
            f"{generator.name} is not a VGG16 generator; omit int8_qat (int8 works)",
            setting="formats",
            value="int8_qat",
        )


def _check_equal(generator: keras.Model, twin: tf_keras.Model) -> None:
    image = np.random.default_rng(0).random((1, 32, 48, 3), np.float32)
    expected = keras.ops.convert_to_numpy(generator(image, training=False))
    difference = np.abs(twin(image, training=False).numpy() - expected).max()
    if not difference <= _MAX_DIFFERENCE:
        raise WorkError(f"the generator's twin in tf_keras differs by {difference:.2g}")
