"""Quantization-aware training: a generator learns to live with 8-bit weights and activations."""

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

# Ten times as much already takes the full-width network too far from what was trained.
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

    The decoder alone learns, as in the paper, with the reconstruction loss; it makes up for the
    encoder's rounding too.

    Args:
        generator: A functional model of `VGG16Generator`, which stays as it is.
        pairs: Decoded pairs to train on, sides of at least 16 pixels.
        images: Calibration images, float32 RGB in [0, 1], each (1, height, width, 3), sides
            multiples of 16, for the ranges that training starts with.
        steps: Updates with a batch of two crops.
        seed: Decides the crops and their order.

    Returns:
        A tf_keras model that carries its ranges, for `export.tflite.convert_quantization_aware`.

    Raises:
        InputError: The generator is no VGG16 generator.
        WorkError: The twin's outputs differ from the generator's.
    """
    twin = build_twin(generator)
    ranges = _measure_ranges(twin, images)
    network = _with_rounding(twin)
    _set_ranges(network, ranges)
    # By name: the package's wrappers pass over `trainable`.
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


def _with_rounding(twin: tf_keras.Model) -> tf_keras.Model:
    """Wrap every layer so that it computes with the values that 8 bit can hold."""
    registry = tfmot.default_8bit.Default8BitQuantizeRegistry()

    def annotated(layer):
        if isinstance(layer, tf_keras.layers.InputLayer):
            return layer
        if isinstance(layer, tf_keras.layers.Rescaling):
            # Not in the package's list; a sum is what it treats alike: only the output is rounded.
            sum_config = registry.get_quantize_config(tf_keras.layers.Add())
            return tfmot.quantize_annotate_layer(layer, sum_config)
        if isinstance(layer, tf_keras.layers.Conv2DTranspose):
            # Its output goes into a concatenation, which has one range for all its inputs.
            config = registry.get_quantize_config(layer)
            config.activation_attrs = []
            return tfmot.quantize_annotate_layer(layer, config)
        return tfmot.quantize_annotate_layer(layer)

    copy = tf_keras.models.clone_model(twin, clone_function=annotated)
    with tfmot.quantize_scope():
        return tfmot.quantize_apply(copy)


def _measure_ranges(
    twin: tf_keras.Model, images: Iterable[np.ndarray]
) -> dict[str, tuple[float, float]]:
    """Return the least and the largest value of each layer's output over the images."""
    layers = twin.layers
    outputs = tf.function(tf_keras.Model(twin.inputs, [layer.output for layer in layers]))
    lows, highs = [], []
    for image in images:
        values = outputs(tf.constant(image))
        lows.append([tf.reduce_min(value).numpy() for value in values])
        highs.append([tf.reduce_max(value).numpy() for value in values])
    low, high = np.min(lows, axis=0), np.max(highs, axis=0)
    return {
        # Zero must be in the range: it is what the convolutions pad with.
        layer.name: (min(0.0, low[i]), max(0.0, high[i]))
        for i, layer in enumerate(layers)
    }


def _set_ranges(network: tf_keras.Model, ranges: dict[str, tuple[float, float]]) -> None:
    """Start each activation's range at what was measured.

    The package starts every range at −6 to 6 and moves it by a thousandth in a step.
    """
    for layer in network.layers:
        name = _wrapped_name(layer)
        # The layer that the package puts behind the input has another name each time.
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
