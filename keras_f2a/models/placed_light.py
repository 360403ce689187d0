"""The network for placed light: it predicts what a described light does to a flash photograph."""

from collections.abc import Sequence
from math import isfinite, log

import keras

from keras_f2a.models.image_layers import CropToMatch, PadToMultiple
from keras_f2a.models.light_branches import (
    decode,
    encode,
    enlarge,
    predict_flash_share,
    skip_connection,
    sum_coarse_to_fine,
)
from keras_f2a.models.light_layers import (
    ForEachLight,
    JoinLights,
    Limit,
    NormalsAndDepth,
    SplitLights,
)
from keras_f2a.models.network import Network, check_width, dtype_policy
from keras_f2a.models.registry import register

LARGEST_LOG_GAIN = log(10)
_CHANNELS = (24, 40, 80, 160)
REDUCTIONS = (1, 2, 4)
STRIDE = 2 ** (len(_CHANNELS) - 1)
# Centers and widths of the numbers' ranges in rendered views. The first and the fifth have a center
# of 0, because mirroring a view changes their sign.
_CENTER = (0, 0.3, -0.1, 0.4, 0, -0.3, 0.1, -0.7, 0.1, 0, 0, 0, 0)
_SCALE = (0.6, 0.5, 0.6, 0.6, 0.6, 0.5, 0.6, 1, 0.3, 1, 1, 1, 1)
LIGHT_NUMBERS = len(_CENTER)
"""How many numbers describe a light, the same as in `keras_f2a.data.light_numbers`."""


@register
class PlacedLight(Network):
    """A U-Net that runs its decoder once for each described light.

    It is not from the paper. A flash photograph does not show what the ambient light was. So a
    network that must return "the" ambient photograph returns a mean of all possible ones. This
    network is told which light to show.

    The encoder reads the photograph once. It has four levels of 3×3 convolutions (24, 40, 80 and
    160 channels). The deepest level is dilated by 1, 2, 4 and 8 and also gets each pixel's
    position. It adds features computed from its mean over the picture. The decoder runs once for
    each light. On every level, the light's description scales and shifts all channels, and the
    level adds its contribution to the logarithm of one gain per pixel. Before training the gain is
    1 everywhere. At `width` 1 there are 1,342,572 parameters.

    A functional model from a list of two inputs to a dictionary of outputs. Inputs:

    - flash photographs, float32 RGB in [0, 1], (batch, height, width, 3), any height and width;
    - descriptions of the lights, float32, (batch, lights, 13), as explained in
      `keras_f2a.data.light_numbers`. The network normalizes the numbers itself.

    Outputs:

    - `"gain"`: natural logarithm of the gain in linear light, in (−ln 10, ln 10), float32, (batch,
      lights, height, width, 1). Only its variation over the picture matters, because training
      scales every result to the photograph's mean.
    - `"geometry"`, only with `geometry`, for training: unit surface normals (right, up, toward the
      lens) and subject distance divided by distance, float32, (batch, height, width, 4).
    - `"flash_share"`, only with `tells_flash`: the flash's share of the photograph's light, in
      (0, 1), float32, (batch, 1).

    Args:
        input_shape: (height, width, 3). `None` leaves a side open.
        width: Factor on the channel counts of image features.
        geometry: Whether to add the output `"geometry"`.
        tells_flash: Whether to add the output `"flash_share"`. Older files have none.
        light_center: Subtracted from the numbers of a light, 13 numbers.
        light_scale: Divisor of these differences, 13 positive numbers.
        reduction: 1, 2 or 4. Average pooling first reduces the photograph by this factor, and
            bilinear interpolation enlarges the outputs again. So a network trained on pictures of
            160 pixels sees photographs of 320 pixels at the scale it knows, in a quarter of the
            time.
        name: The model's name.
        dtype: Precision policy of the layers. `None` uses Keras's global one.

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
        tells_flash: bool = False,
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
            image = flash
            if reduction > 1:
                image = PadToMultiple(reduction, name="pad_to_reduce")(image)
                image = keras.layers.AveragePooling2D(reduction, name="reduce")(image)
            image = PadToMultiple(STRIDE, name="pad")(image)
            features = encode(image, channels)
            skips = [skip_connection(x, level) for level, x in enumerate(features[:-1], start=1)]
            # From here on, the batch axis has one entry per light of each photograph.
            features_per_light = [
                ForEachLight(name=f"each{level}")([x, lights])
                for level, x in enumerate([*skips, features[-1]], start=1)
            ]
            descriptions = JoinLights(name="light_join")(lights)
            gain = decode(
                features_per_light, descriptions, channels, center=light_center, scale=light_scale
            )
            gain = enlarge(gain, "gain", reduction)
            gain = Limit(LARGEST_LOG_GAIN, name="gain_limit")(gain)
            cropped = CropToMatch(name="crop")([gain, flash])
            outputs = {"gain": SplitLights(name="gain")([cropped, lights])}
            if geometry:
                surface = enlarge(
                    sum_coarse_to_fine(features, "geometry", 4), "geometry", reduction
                )
                surface = NormalsAndDepth(name="geometry_limit")(surface)
                outputs["geometry"] = CropToMatch(name="geometry")([surface, flash])
            if tells_flash:
                outputs["flash_share"] = predict_flash_share(features)
            super().__init__([flash, lights], outputs, name=name)
        self.width = width
        self.geometry = geometry
        self.tells_flash = tells_flash
        self.light_center = tuple(map(float, light_center))
        self.light_scale = tuple(map(float, light_scale))
        self.reduction = reduction

    def encoder(self) -> keras.Model:
        """Return the part that runs once per photograph.

        Returns:
            A model with the same weights, from photographs to a dictionary: `"features"` of four
            levels, each at half the resolution of the previous one, and `"flash_share"` if the
            network has that output.
        """
        levels = range(1, 1 + len(_CHANNELS))
        features = [self.get_layer(f"each{level}").input[0] for level in levels]
        outputs = {"features": features}
        if self.tells_flash:
            outputs["flash_share"] = self.output["flash_share"]
        return keras.Model(self.inputs[0], outputs, name="encoder")

    def flash_reader(self) -> keras.Model:
        """Return the part that predicts the flash's share of the light from photographs alone.

        Returns:
            A model with the same weights, from photographs to (batch, 1).

        Raises:
            ValueError: The network does not have that output.
        """
        if not self.tells_flash:
            raise ValueError("this network does not tell the flash's share; see tells_flash")
        return keras.Model(self.inputs[0], self.output["flash_share"], name="flash_reader")

    def decoder(self) -> keras.Model:
        """Return the part that runs once per light.

        Returns:
            A model with the same weights, from the encoder's features and one light description
            for each photograph, (batch, 13), to the logarithm of the gain, (batch, height, width,
            1). Height and width are those of the photograph, rounded up to a multiple of 8 times
            the reduction.
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
            "tells_flash": self.tells_flash,
            "light_center": self.light_center,
            "light_scale": self.light_scale,
            "reduction": self.reduction,
        }

    def reduced(self, reduction: int) -> "PlacedLight":
        """Return a network with the same weights and another reduction.

        Raises:
            ValueError: The reduction is not 1, 2 or 4.
        """
        copy = PlacedLight.from_config({**self.get_config(), "reduction": reduction})
        copy.set_weights(self.get_weights())
        return copy


def _check_numbers(center: Sequence[float], scale: Sequence[float]) -> None:
    for name, values in (("light_center", center), ("light_scale", scale)):
        if len(values) != LIGHT_NUMBERS or not all(map(isfinite, values)):
            raise ValueError(f"{name} must be {LIGHT_NUMBERS} finite numbers, not {values}")
    if min(scale) <= 0:
        raise ValueError(f"light_scale must be positive, not {scale}")
