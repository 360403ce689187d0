"""The network for placed light: it is told where light comes from and says what that would do."""

from collections.abc import Sequence
from math import isfinite, log

import keras

from keras_f2a.models.image_layers import CropToMatch, Enlarge, PadToMultiple
from keras_f2a.models.light_layers import (
    ForEachLight,
    JoinLights,
    Limit,
    Modulate,
    NormalsAndDepth,
    Positions,
    SplitLights,
    Standardize,
)
from keras_f2a.models.network import Network, check_width, convolutions, dtype_policy
from keras_f2a.models.registry import register

LIGHT_NUMBERS = 13
"""What is told of a light: nine numbers and its kind as one of four (`data.light_views`)."""
LARGEST_LOG_GAIN = log(10)
_CHANNELS = (24, 40, 80, 160)
# The deepest level sees the whole picture: its dilations reach across 160×120 pixels.
_DEEPEST_DILATIONS = (1, 2, 4, 8)
_LIGHT_FEATURES = 64
REDUCTIONS = (1, 2, 4)
STRIDE = 2 ** (len(_CHANNELS) - 1)
# Middle and width of the ranges of the numbers in rendered views. Those that a mirror changes the
# sign of, the first and the fifth, have a middle of 0.
_CENTER = (0, 0.3, -0.1, 0.4, 0, -0.3, 0.1, -0.7, 0.1, 0, 0, 0, 0)
_SCALE = (0.6, 0.5, 0.6, 0.6, 0.6, 0.5, 0.6, 1, 0.3, 1, 1, 1, 1)


@register
class PlacedLight(Network):
    """A U-Net with one decoder pass for each light that is described to it.

    Not the paper's. A flash photograph does not tell what the ambient light was, so a network that
    is to answer with "the" ambient photograph answers with a mean of all. This one is told which
    light to show. The encoder reads the photograph once: four levels of 3×3 convolutions (24, 40,
    80 and 160 channels), of which the deepest is dilated by 1, 2, 4 and 8, knows where each place
    lies, and adds what it makes of its mean over the picture. The decoder runs once for each light.
    On every level the light's description scales and shifts all channels, and every level adds its
    share to the logarithm of one gain for each pixel. Before training the gain is 1 everywhere.
    At `width` 1 there are 1,342,572 parameters.

    A functional model from a list of two to a dictionary. In:

    - flash photographs, float32 RGB in [0, 1], (batch, height, width, 3), any height and width;
    - what is told of the lights, float32, (batch, lights, 13), as `keras_f2a.data.light_views`
      describes it. The network normalizes the numbers itself.

    Out:

    - `"gain"`: natural logarithm of the gain in linear light, in (−ln 10, ln 10), float32, (batch,
      lights, height, width, 1). Only its course over the picture counts, because training brings
      every result to the photograph's mean.
    - `"geometry"`, with `geometry` alone: for training; unit vectors of the surfaces (right, up,
      toward the lens) and subject distance divided by distance, float32, (batch, height, width, 4).

    Args:
        input_shape: (height, width, 3); `None` leaves a side open.
        width: Factor on the channel counts of pictures.
        geometry: Whether there is the second output.
        light_center: What is subtracted from the numbers of a light, 13 of them.
        light_scale: What the differences are divided by, 13 positive numbers.
        reduction: 1, 2 or 4. The photograph is reduced by it, as means, before anything else, and
            the outputs are enlarged again, bilinearly. So a network that was trained on pictures of
            160 pixels shows photographs of 320 as it knows them, in a quarter of the time.
        name: The model's name.
        dtype: The layers' precision policy; `None` is Keras's global one.

    Raises:
        ValueError: An argument is out of range.
    """

    PARAMETERS = 1_331_000

    def __init__(
        self,
        input_shape: tuple[int | None, int | None, int] = (None, None, 3),
        *,
        width: float = 1.0,
        geometry: bool = True,
        light_center: Sequence[float] = _CENTER,
        light_scale: Sequence[float] = _SCALE,
        reduction: int = 1,
        name: str = "placed_light",
        dtype: str | None = None,
    ):
        check_width(width)
        _check_numbers(light_center, light_scale)
        if reduction not in REDUCTIONS:
            raise ValueError(f"reduction must be one of {REDUCTIONS}, not {reduction!r}")
        channels = [max(1, round(count * width)) for count in _CHANNELS]
        with dtype_policy(dtype):
            flash = keras.Input(input_shape, name="flash")
            lights = keras.Input((None, LIGHT_NUMBERS), name="lights")
            photo = PadToMultiple(STRIDE * reduction, name="pad")(flash)
            if reduction > 1:
                photo = keras.layers.AveragePooling2D(reduction, name="reduce")(photo)
            features = _encoded(photo, channels)
            skips = [_skip(x, level) for level, x in enumerate(features[:-1], start=1)]
            # From here on everything is there once for each light.
            repeated = [
                ForEachLight(name=f"each{level}")([x, lights])
                for level, x in enumerate([*skips, features[-1]], start=1)
            ]
            told = JoinLights(name="light_join")(lights)
            gain = _decoded(repeated, told, channels, light_center, light_scale)
            gain = _enlarged(gain, "gain", reduction)
            gain = Limit(LARGEST_LOG_GAIN, name="gain_limit")(gain)
            whole = CropToMatch(name="crop")([gain, flash])
            outputs = {"gain": SplitLights(name="gain")([whole, lights])}
            if geometry:
                solid = _enlarged(_coarse_to_fine(features, "geometry", 4), "geometry", reduction)
                solid = NormalsAndDepth(name="geometry_limit")(solid)
                outputs["geometry"] = CropToMatch(name="geometry")([solid, flash])
            super().__init__([flash, lights], outputs, name=name)
        self.width = width
        self.geometry = geometry
        self.light_center = tuple(map(float, light_center))
        self.light_scale = tuple(map(float, light_scale))
        self.reduction = reduction

    def encoder(self) -> keras.Model:
        """Return what runs once for a photograph.

        Returns:
            A model of the same weights, from photographs to the features of four levels, each at
            half the resolution of the one before.
        """
        inputs = [self.get_layer(f"each{level}").input[0] for level in range(1, 1 + len(_CHANNELS))]
        return keras.Model(self.inputs[0], inputs, name="encoder")

    def decoder(self) -> keras.Model:
        """Return what runs once for each light.

        Returns:
            A model of the same weights, from the encoder's features and what is told of one light
            for each photograph, (batch, 13), to the gain's logarithm, (batch, height, width, 1).
            Height and width are those of the photograph rounded up to a multiple of 8 times the
            reduction.
        """
        levels = range(1, 1 + len(_CHANNELS))
        inputs = [self.get_layer(f"each{level}").output for level in levels]
        inputs.append(self.get_layer("light_join").output)
        return keras.Model(inputs, self.get_layer("gain_limit").output, name="decoder")

    def get_config(self) -> dict:
        """Return the constructor's arguments, for `.keras` files."""
        return {
            **super().get_config(),
            "width": self.width,
            "geometry": self.geometry,
            "light_center": self.light_center,
            "light_scale": self.light_scale,
            "reduction": self.reduction,
        }

    def reduced(self, reduction: int) -> "PlacedLight":
        """Return a network of the same weights that reduces photographs so.

        Raises:
            ValueError: The reduction is not 1, 2 or 4.
        """
        copy = PlacedLight.from_config({**self.get_config(), "reduction": reduction})
        copy.set_weights(self.get_weights())
        return copy


def _encoded(x, channels: list[int]) -> list:
    """Return the features of every level, finest first."""
    features = []
    for level, count in enumerate(channels[:-1], start=1):
        features.append(convolutions(x, count, f"block{level}"))
        x = keras.layers.MaxPooling2D(2, name=f"block{level}_pool")(features[-1])
    deepest = f"block{len(channels)}"
    x = keras.layers.Concatenate(name="position_concat")([x, Positions(name="position")(x)])
    x = convolutions(x, channels[-1], deepest, dilations=_DEEPEST_DILATIONS)
    mean = keras.layers.GlobalAveragePooling2D(keepdims=True, name="context_mean")(x)
    for number, activation in ((1, "relu"), (2, None)):
        mean = keras.layers.Conv2D(
            channels[-1], 1, activation=activation, name=f"context_conv{number}"
        )(mean)
    return [*features, keras.layers.Add(name="context_sum")([x, mean])]


def _skip(x, level: int):
    """Return a level's part of the decoder's first convolution there, the same for all lights."""
    return keras.layers.Conv2D(
        x.shape[-1], 3, padding="same", kernel_initializer="he_normal", name=f"skip{level}_conv"
    )(x)


def _decoded(features: list, told, channels: list[int], center, scale):
    """Return the logarithm of the gain before its limits.

    The features of every level come finest first, with a light for each.
    """
    light = Standardize(center, scale, name="light_standardize")(told)
    for number in (1, 2):
        light = keras.layers.Dense(_LIGHT_FEATURES, activation="relu", name=f"light_dense{number}")(
            light
        )
    *skips, x = features
    x = _lit(x, light, len(channels))
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
        x = _lit(x, light, level)
        levels.insert(0, x)
    return _coarse_to_fine(levels, "gain", 1)


def _lit(x, light, level: int):
    """Feature as a light asks for them."""
    asked = keras.layers.Dense(2 * x.shape[-1], name=f"light{level}_dense")(light)
    x = Modulate(name=f"light{level}_modulate")([x, asked])
    return keras.layers.ReLU(name=f"light{level}_relu")(x)


def _coarse_to_fine(levels: list, kind: str, channels: int):
    """Return the sum of every level's share, finest first; zero before training."""
    total = None
    for level in range(len(levels), 0, -1):
        share = keras.layers.Conv2D(
            channels, 3, padding="same", kernel_initializer="zeros", name=f"{kind}{level}_conv"
        )(levels[level - 1])
        if total is not None:
            total = Enlarge(name=f"{kind}{level}_resize")(total)
            share = keras.layers.Add(name=f"{kind}{level}_sum")([total, share])
        total = share
    return total


def _enlarged(x, kind: str, reduction: int):
    for times in range(1, reduction.bit_length()):
        x = Enlarge(name=f"{kind}_enlarge{times}")(x)
    return x


def _check_numbers(center: Sequence[float], scale: Sequence[float]) -> None:
    for name, values in (("light_center", center), ("light_scale", scale)):
        if len(values) != LIGHT_NUMBERS or not all(map(isfinite, values)):
            raise ValueError(f"{name} must be {LIGHT_NUMBERS} finite numbers, not {values}")
    if min(scale) <= 0:
        raise ValueError(f"light_scale must be positive, not {scale}")
