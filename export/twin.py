"""The generator's twin in tf_keras, which tensorflow-model-optimization needs: Keras 2, not 3."""

import keras
import numpy as np
import tf_keras

from export.generator import exported_weights
from keras_f2a.models.vgg16_generator import encoder_decoder
from keras_f2a.support.errors import InputError, WorkError

_WIDEST_LAYER = "block5_conv3"
_WIDEST_CHANNELS = 512
_LARGEST_DIFFERENCE = 1e-4


def build_twin(generator: keras.Model) -> tf_keras.Model:
    """Builds a generator again in tf_keras, with the same builder, names and weights.

    Args:
        generator: A functional model of `VGG16Generator`.

    Returns:
        From float32 RGB in [0, 1], (batch, height, width, 3), sides multiples of 16, to the same.

    Raises:
        InputError: The generator is of another kind, for example a U-Net.
        WorkError: The twin's outputs differ.
    """
    check_kind(generator)
    names = {layer.name for layer in generator.layers}
    inputs = tf_keras.Input((None, None, 3), name="flash")
    x = inputs
    if "preprocessing" in names:
        x = tf_keras.layers.Conv2D(3, 1, name="preprocessing")(x)
    twin = tf_keras.Model(inputs, _network(x, generator, names), name=generator.name)
    _copy_weights(generator, twin)
    _check_equal(generator, twin)
    return twin


def check_kind(generator: keras.Model) -> None:
    """Checks that `build_twin` can build a generator again.

    Raises:
        InputError: It is of another kind, for example a U-Net.
    """
    if _WIDEST_LAYER not in {layer.name for layer in generator.layers}:
        raise InputError(
            f"--formats int8_qat: {generator.name} is not a VGG16 generator; leave int8_qat out "
            "(int8 works)"
        )


def _network(x, generator: keras.Model, names: set[str]):
    scale = generator.get_layer("feature5_scale").scale if "feature5_scale" in names else None
    return encoder_decoder(
        x,
        width=generator.get_layer(_WIDEST_LAYER).filters / _WIDEST_CHANNELS,
        output_activation=generator.get_layer("ambient").get_config()["activation"],
        feature_scale=scale,
        layers=tf_keras.layers,
    )


def _copy_weights(generator: keras.Model, twin: tf_keras.Model) -> None:
    for layer in twin.layers:
        try:
            layer.set_weights(exported_weights(generator, layer.name))
        except ValueError as error:  # Another layer's name or another shape.
            raise InputError(
                f"--formats int8_qat: layer {layer.name} is not as VGG16Generator builds it; leave "
                "int8_qat out (int8 works)"
            ) from error


def _check_equal(generator: keras.Model, twin: tf_keras.Model) -> None:
    image = np.random.default_rng(0).random((1, 32, 48, 3), np.float32)
    expected = keras.ops.convert_to_numpy(generator(image, training=False))
    difference = np.abs(twin(image, training=False).numpy() - expected).max()
    if not difference <= _LARGEST_DIFFERENCE:
        raise WorkError(f"the generator's twin in tf_keras differs by {difference:.2g}")
