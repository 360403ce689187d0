"""The branches of `PlacedLight`: the encoder, the decoder, and the heads of its outputs."""

import keras

from keras_f2a.models.image_layers import Enlarge
from keras_f2a.models.light_layers import (
    Modulate,
    Positions,
    Standardize,
)
from keras_f2a.models.network import convolutions

# The deepest level sees the whole picture: its dilations reach across 160×120 pixels.
_DEEPEST_DILATIONS = (1, 2, 4, 8)
_LIGHT_FEATURES = 64
_SHARE_FEATURES = 32


def encode(x, channels: list[int]) -> list:
    """Return the features of every level, finest first."""
    features = []
    for level, count in enumerate(channels[:-1], start=1):
        features.append(convolutions(x, count, f"block{level}"))
        x = keras.layers.MaxPooling2D(2, name=f"block{level}_pool")(features[-1])
    deepest = f"block{len(channels)}"
    x = keras.layers.Concatenate(name="position_concat")([x, Positions(name="position")(x)])
    x = convolutions(x, channels[-1], deepest, dilations=_DEEPEST_DILATIONS)
    mean = keras.layers.GlobalAveragePooling2D(keepdims=True, name="context_mean")(x)
    for index, activation in ((1, "relu"), (2, None)):
        mean = keras.layers.Conv2D(
            channels[-1], 1, activation=activation, name=f"context_conv{index}"
        )(mean)
    return [*features, keras.layers.Add(name="context_sum")([x, mean])]


def skip_connection(x, level: int):
    """Return the skip part of a level's first decoder convolution, the same for all lights."""
    return keras.layers.Conv2D(
        x.shape[-1], 3, padding="same", kernel_initializer="he_normal", name=f"skip{level}_conv"
    )(x)


def decode(features: list, lights, channels: list[int], *, center, scale):
    """Return the logarithm of the gain before it is limited.

    `features` holds every level, finest first. Each batch entry has its own light in `lights`.
    """
    light = Standardize(center, scale, name="light_standardize")(lights)
    for index in (1, 2):
        light = keras.layers.Dense(_LIGHT_FEATURES, activation="relu", name=f"light_dense{index}")(
            light
        )
    *skips, x = features
    x = _modulate(x, light, len(channels))
    levels = [x]
    for level in range(len(channels) - 1, 0, -1):
        count, name = channels[level - 1], f"up{level}"
        x = Enlarge(name=f"{name}_resize")(x)
        x = keras.layers.Conv2D(
            count,
            3,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            name=f"{name}_conv1",
        )(x)
        x = keras.layers.Add(name=f"{name}_sum")([x, skips[level - 1]])
        x = keras.layers.ReLU(name=f"{name}_relu1")(x)
        x = keras.layers.Conv2D(
            count, 3, padding="same", kernel_initializer="he_normal", name=f"{name}_conv2"
        )(x)
        x = _modulate(x, light, level)
        levels.insert(0, x)
    return sum_coarse_to_fine(levels, "gain", 1)


def predict_flash_share(features: list):
    """Return the flash's share of the photograph's light, (batch, 1), in (0, 1)."""
    pooled = [
        layer(name=f"share{level}_{pooling}")(x)
        for level, x in enumerate(features, start=1)
        for pooling, layer in (
            ("mean", keras.layers.GlobalAveragePooling2D),
            ("most", keras.layers.GlobalMaxPooling2D),
        )
    ]
    x = keras.layers.Concatenate(name="share_concat")(pooled)
    x = keras.layers.Dense(_SHARE_FEATURES, activation="relu", name="share_dense1")(x)
    # In float32, because a sigmoid saturates.
    return keras.layers.Dense(1, activation="sigmoid", dtype="float32", name="share_dense2")(x)


def _modulate(x, light, level: int):
    """Modulate features by a light."""
    modulation = keras.layers.Dense(2 * x.shape[-1], name=f"light{level}_dense")(light)
    x = Modulate(name=f"light{level}_modulate")([x, modulation])
    return keras.layers.ReLU(name=f"light{level}_relu")(x)


def sum_coarse_to_fine(levels: list, name: str, channels: int):
    """Sum the contributions of all levels, given finest first. Before training, they are zero."""
    total = None
    for level in range(len(levels), 0, -1):
        contribution = keras.layers.Conv2D(
            channels, 3, padding="same", kernel_initializer="zeros", name=f"{name}{level}_conv"
        )(levels[level - 1])
        if total is not None:
            total = Enlarge(name=f"{name}{level}_resize")(total)
            contribution = keras.layers.Add(name=f"{name}{level}_sum")([total, contribution])
        total = contribution
    return total


def enlarge(x, name: str, reduction: int):
    """Enlarge an output to the size that the photograph had before its reduction."""
    for step in range(1, reduction.bit_length()):
        x = Enlarge(name=f"{name}_enlarge{step}")(x)
    return x
