"""Converts a network for placed light to one `.tflite` file with two signatures.

`encode` runs once for a photograph, and `light` once for each light. They do not share weights. See
`keras_f2a.correction.litert_light_engine`.
"""

import tempfile
from collections.abc import Iterator, Sequence

import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from keras_f2a.data.described_lights import named_lights
from keras_f2a.data.light_numbers import LIGHT_NUMBERS
from keras_f2a.model_files.placed_light_names import (
    DECODE,
    ENCODE,
    FLASH,
    FLASH_SHARE,
    LIGHT,
    LOG_GAIN,
    feature_names,
)
from keras_f2a.models.placed_light import PlacedLight
from keras_f2a.support.errors import WorkError, one_line
from keras_f2a.support.quiet_tensorflow import silenced

from .settings import ImageSize
from .tflite import convert_saved_model
from .tflite_formats import quantize_signatures

_LIGHT_OPERATORS = ("FULLY_CONNECTED", "SPLIT", "RESHAPE", "SUB")
MAX_FLASH_SHARE_ERROR = 0.1
"""How far the flash share of a quantized file may be from the float32 file's."""


def inference_network(network: PlacedLight, size: ImageSize) -> PlacedLight:
    """Copy a network into its exported form: float32, one size, only the gain as output.

    Args:
        network: The trained network.
        size: Size of the photographs. With multiples of the network's stride, the graph does not
            pad or crop.
    """
    config = {**network.get_config(), "input_shape": (*size, 3), "geometry": False}
    copy = PlacedLight.from_config({**config, "dtype": "float32", "frozen_layers": ()})
    for layer in copy.layers:
        layer.set_weights(network.get_layer(layer.name).get_weights())
    return copy


def convert_placed_light(network: PlacedLight, size: ImageSize) -> bytes:
    """Convert a network without quantizing its weights.

    Args:
        network: A network from `inference_network`.
        size: The only size of the photographs.

    Raises:
        WorkError: TensorFlow's converter failed.
    """
    with tempfile.TemporaryDirectory() as folder, silenced():
        module = _module(network, size)
        signatures = {ENCODE: module.encode, DECODE: module.decode}
        tf.saved_model.save(module, folder, signatures=signatures)
        return convert_saved_model(folder, list(signatures))


def quantize_placed_light(content: bytes, images: Sequence[np.ndarray]) -> bytes:
    """Quantize a file from `convert_placed_light`, with one named light per calibration image.

    Inputs and outputs stay floats. So do the layers that process the light, because some of its
    numbers are logarithms. These layers are cheap.

    Args:
        content: The float32 file.
        images: Calibration images, float32 RGB in [0, 1], each (1, height, width, 3).

    Raises:
        WorkError: LiteRT's quantizer failed.
    """
    try:
        samples = list(_samples(content, images))
    except (ValueError, RuntimeError) as error:
        raise WorkError(f"the converted network does not run ({one_line(error)})") from error
    return quantize_signatures(content, samples, float_operators=_LIGHT_OPERATORS)


def check_flash_share(content: bytes, reference: bytes, images: Sequence[np.ndarray]) -> None:
    """Check that a quantized file estimates the flash share as the float32 file does.

    Args:
        content: The quantized file, of a network that tells the share.
        reference: The float32 file.
        images: Photographs with and without flash, float32 RGB in [0, 1], (height, width, 3).

    Raises:
        WorkError: The difference is larger than `MAX_FLASH_SHARE_ERROR` for one of the images.
    """
    shares = [_flash_shares(file, images) for file in (content, reference)]
    error = float(np.abs(shares[0] - shares[1]).max())
    if not error <= MAX_FLASH_SHARE_ERROR:
        raise WorkError(
            f"the quantized network's flash share is off by up to {error:.2f}, more than "
            f"{MAX_FLASH_SHARE_ERROR}; give more varied --calibration-data, or use --allow-inexact"
        )


def _flash_shares(content: bytes, images: Sequence[np.ndarray]) -> np.ndarray:
    encode = Interpreter(model_content=content).get_signature_runner(ENCODE)
    return np.array(
        [float(encode(**{FLASH: image[np.newaxis]})[FLASH_SHARE].item()) for image in images]
    )


def _samples(content: bytes, images: Sequence[np.ndarray]) -> Iterator[dict]:
    """Yield the inputs of both signatures for each image."""
    interpreter, lights = Interpreter(model_content=content), named_lights()
    encode = interpreter.get_signature_runner(ENCODE)
    for index, image in enumerate(images):
        light = lights[index % len(lights)][np.newaxis]
        inputs = {FLASH: image}
        features = encode(**inputs)
        features.pop(FLASH_SHARE, None)
        yield {ENCODE: [inputs], DECODE: [{**features, LIGHT: light}]}


def _module(network: PlacedLight, size: ImageSize) -> tf.Module:
    encoder, decoder = network.encoder(), network.decoder()
    feature_outputs = encoder.output["features"]
    names = feature_names(len(feature_outputs))
    features = {
        name: tf.TensorSpec((1, *outputs.shape[1:]), tf.float32, name=name)
        for name, outputs in zip(names, feature_outputs, strict=True)
    }

    @tf.function(input_signature=[tf.TensorSpec((1, *size, 3), tf.float32, name=FLASH)])
    def encode(flash):
        outputs = dict(encoder(flash, training=False))
        return {**dict(zip(names, outputs.pop("features"), strict=True)), **outputs}

    has_exact_size = tuple(decoder.output.shape[1:3]) == tuple(size)

    @tf.function
    def decode(light, **features):
        inputs = [*(features[name] for name in names), light]
        gain = decoder(inputs, training=False)
        # If the size is not a multiple of the network's stride, the gain is larger than the image.
        return {LOG_GAIN: gain if has_exact_size else tf.slice(gain, (0, 0, 0, 0), (1, *size, 1))}

    module = tf.Module()
    module.encode = encode
    module.decode = decode.get_concrete_function(
        light=tf.TensorSpec((1, LIGHT_NUMBERS), tf.float32, name=LIGHT), **features
    )
    module.weights = [weight.value for weight in network.weights]
    return module
