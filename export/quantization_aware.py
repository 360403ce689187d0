"""Quantization-aware training: a generator learns to compensate for 8-bit rounding."""

from collections.abc import Iterable

import keras
import numpy as np
import tensorflow as tf
import tf_keras
from tensorflow_model_optimization.quantization import keras as tfmot

from keras_f2a.data.pairs import LoadedPairs
from keras_f2a.data.pipeline import training_dataset
from keras_f2a.data.settings import PairSettings
from keras_f2a.training.losses import reconstruction_loss

from .settings import SIDE_MULTIPLE
from .twin import build_twin

# With ten times this rate, the full-width network already moves too far from the trained one.
LEARNING_RATE = 1e-7
BATCH_SIZE = 2
LARGEST_CROP = 128


def fine_tune(
    generator: keras.Model,
    pairs: LoadedPairs,
    images: Iterable[np.ndarray],
    *,
    steps: int,
    seed: int = 0,
) -> tf_keras.Model:
    """Train a generator's twin briefly with rounded weights and activations.

    As in the paper, only the decoder is trained, with the reconstruction loss. It also compensates
    for the encoder's rounding.

    Args:
        generator: A `VGG16Generator`, which is not changed.
        pairs: Decoded pairs to train on, with sides of at least 16 pixels.
        images: Calibration images for the initial ranges, float32 RGB in [0, 1], each
            (1, height, width, 3), with sides that are multiples of 16.
        steps: Number of updates, each with a batch of up to two crops.
        seed: Seed for the crops and their order.

    Returns:
        A tf_keras model with its ranges, for `export.tflite.convert_quantization_aware`.

    Raises:
        InputError: The generator is not a VGG16 generator.
        WorkError: The twin's outputs differ from the generator's.
    """
    twin = build_twin(generator)
    ranges = _measure_ranges(twin, images)
    network = _add_fake_quantization(twin)
    _set_ranges(network, ranges)
    # Select by name, because the quantization wrappers ignore `trainable`.
    decoder = [
        variable
        for variable in network.trainable_variables
        if not variable.name.startswith(("block", "preprocessing"))
    ]
    optimizer = tf_keras.optimizers.Adam(LEARNING_RATE)

    @tf.function
    def step(flash, ambient):
        with tf.GradientTape() as tape:
            generated = network(flash, training=True)
            loss = tf.reduce_mean(reconstruction_loss(ambient, generated))
        optimizer.apply_gradients(zip(tape.gradient(loss, decoder), decoder, strict=True))

    settings = PairSettings(batch_size=min(BATCH_SIZE, len(pairs)), crop_size=_crop_size(pairs))
    batches = training_dataset(pairs, settings, seed=seed)
    for flash, ambient in batches.take(steps):
        step(flash, ambient)
    return network


def _crop_size(pairs: LoadedPairs) -> int:
    shortest = min(min(image.shape[:2]) for image in pairs.flash)
    return min(LARGEST_CROP, shortest // SIDE_MULTIPLE * SIDE_MULTIPLE)


def _add_fake_quantization(twin: tf_keras.Model) -> tf_keras.Model:
    """Wrap every layer so that it computes with values rounded to 8 bits."""
    registry = tfmot.default_8bit.Default8BitQuantizeRegistry()

    def annotate(layer):
        if isinstance(layer, tf_keras.layers.InputLayer):
            return layer
        if isinstance(layer, tf_keras.layers.Rescaling):
            # The registry lacks this layer. As for a sum, only the output must be rounded.
            sum_config = registry.get_quantize_config(tf_keras.layers.Add())
            return tfmot.quantize_annotate_layer(layer, sum_config)
        if isinstance(layer, tf_keras.layers.Conv2DTranspose):
            # Its output goes into a concatenation, which has one range for all inputs.
            config = registry.get_quantize_config(layer)
            config.activation_attrs = []
            return tfmot.quantize_annotate_layer(layer, config)
        return tfmot.quantize_annotate_layer(layer)

    copy = tf_keras.models.clone_model(twin, clone_function=annotate)
    with tfmot.quantize_scope():
        return tfmot.quantize_apply(copy)


def _measure_ranges(
    twin: tf_keras.Model, images: Iterable[np.ndarray]
) -> dict[str, tuple[float, float]]:
    """Return the minimum and maximum of each layer's output over the images."""
    layers = twin.layers
    outputs = tf.function(tf_keras.Model(twin.inputs, [layer.output for layer in layers]))
    lows, highs = [], []
    for image in images:
        values = outputs(tf.constant(image))
        lows.append([tf.reduce_min(value).numpy() for value in values])
        highs.append([tf.reduce_max(value).numpy() for value in values])
    low, high = np.min(lows, axis=0), np.max(highs, axis=0)
    return {
        # The range must include 0, because the convolutions pad with it.
        layer.name: (min(0.0, low[i]), max(0.0, high[i]))
        for i, layer in enumerate(layers)
    }


def _set_ranges(network: tf_keras.Model, ranges: dict[str, tuple[float, float]]) -> None:
    """Initialize each activation's range with the measured one.

    The package initializes every range to [−6, 6] and moves it by a thousandth in each step.
    """
    for layer in network.layers:
        name = _wrapped_name(layer)
        # The layer that the package inserts after the input has a new name each time.
        low, high = ranges.get(name, (0.0, 1.0))
        for variable in layer.non_trainable_variables:
            if "kernel" in variable.name:
                continue
            if variable.name.endswith("_min:0"):
                variable.assign(low)
            elif variable.name.endswith("_max:0"):
                variable.assign(high)


def _wrapped_name(layer: tf_keras.layers.Layer) -> str:
    return getattr(layer, "layer", layer).name
