"""Model files with a known effect: half of the image plus a quarter."""

import keras
import numpy as np
import tensorflow as tf

from tests.small_onnx import half_plus_quarter, write_card

__all__ = ["half_plus_quarter", "save_keras", "save_tflite", "write_card"]


def save_keras(path, size=(None, None)):
    image = keras.Input((*size, 3))
    keras.Model(image, keras.layers.Rescaling(0.5, 0.25)(image)).save(path)
    return path


def save_tflite(path, size=(24, 32), integers=None):
    """Write the model with floating-point input and output, or with the given integer type.

    The model gets a card, so that it runs in the process that loads it.
    """
    # Use a convolution, so that there is something to quantize.
    kernel = tf.constant(0.5 * np.eye(3, dtype=np.float32)[None, None])

    @tf.function(input_signature=[tf.TensorSpec((1, *size, 3))])
    def run(image):
        return tf.nn.conv2d(image, kernel, 1, "SAME") + 0.25

    module = tf.Module()
    module.run = run
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [run.get_concrete_function()], module
    )
    if integers is not None:
        rng = np.random.default_rng(0)
        examples = [[rng.random((1, *[side or 16 for side in size], 3), np.float32)]] * 4
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: iter(examples)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = integers
    path.write_bytes(converter.convert())
    return write_card(path)
