"""Converts a network to the bytes of a `.tflite` file: one signature, a fixed size, batch 1."""

import tempfile
from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

from keras_f2a.support.errors import WorkError, one_line
from keras_f2a.support.quiet_tensorflow import silenced

from .formats import INPUT, OUTPUT
from .settings import ImageSize

SIGNATURE = "correct"


def convert_float32(network, size: ImageSize) -> bytes:
    """Convert a network without quantizing its weights.

    Args:
        network: A Keras or tf_keras model that takes and returns float32 RGB in [0, 1],
            (1, height, width, 3).
        size: The file's only image size.

    Raises:
        WorkError: TensorFlow's converter failed. All functions in this module raise it.
    """
    return _convert(network, size, _keep_defaults)


def convert_float16(network, size: ImageSize) -> bytes:
    """Convert a network with weights stored as float16. See `convert_float32`."""

    def configure(converter):
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]

    return _convert(network, size, configure)


def convert_quantization_aware(network, size: ImageSize) -> bytes:
    """Convert a network with ranges from quantization-aware training to int8."""

    def configure(converter):
        converter.optimizations = [tf.lite.Optimize.DEFAULT]

    return _convert(network, size, configure)


def _keep_defaults(converter) -> None:
    """Keep the converter's defaults, which give float32."""


def convert_saved_model(
    folder: str, signatures: Sequence[str], configure: Callable = _keep_defaults
) -> bytes:
    """Convert a SavedModel.

    Args:
        folder: Folder of the SavedModel.
        signatures: The signatures to convert.
        configure: Changes the settings of TensorFlow's converter.

    Raises:
        WorkError: The converter failed.
    """
    converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=list(signatures))
    configure(converter)
    try:
        return converter.convert()
    except Exception as error:  # The converter raises many types of exceptions.
        reason = one_line(error)
        raise WorkError(f"TensorFlow could not convert the network ({reason})") from error


def _convert(network, size: ImageSize, configure) -> bytes:
    with tempfile.TemporaryDirectory() as folder, silenced():
        module = _module(network, size)
        tf.saved_model.save(module, folder, signatures={SIGNATURE: module.correct})
        return convert_saved_model(folder, [SIGNATURE], configure)


def _module(network, size: ImageSize) -> tf.Module:
    images = tf.TensorSpec((1, *size, 3), tf.float32, name=INPUT)

    @tf.function(input_signature=[images])
    def correct(flash):
        return {OUTPUT: network(flash, training=False)}

    module = tf.Module()
    module.correct = correct
    # Keras 3 wraps TensorFlow's variables, but tf_keras does not.
    module.weights = [
        weight.value if isinstance(weight, keras.Variable) else weight for weight in network.weights
    ]
    return module
