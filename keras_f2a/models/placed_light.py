"""The network for placed light: it is told where light comes from and says what that would do."""

from collections.abc import Sequence
from math import isfinite, log

import keras

from keras_f2a.models.image_layers import CropToMatch, PadToMultiple
from keras_f2a.models.light_branches import (
    coarse_to_fine,
    decoded,
    encoded,
    enlarged,
    flash_share,
    skip,
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
# Middle and width of the ranges of the numbers in rendered views. Those that a mirror changes the
# sign of, the first and the fifth, have a middle of 0.
_CENTER = (0, 0.3, -0.1, 0.4, 0, -0.3, 0.1, -0.7, 0.1, 0, 0, 0, 0)
_SCALE = (0.6, 0.5, 0.6, 0.6, 0.6, 0.5, 0.6, 1, 0.3, 1, 1, 1, 1)
LIGHT_NUMBERS = len(_CENTER)
"""How many numbers are told of a light; `keras_f2a.data.light_numbers` says the same."""


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
    - what is told of the lights, float32, (batch, lights, 13), as `keras_f2a.data.light_numbers`
      describes it. The network normalizes the numbers itself.

    Out:

    - `"gain"`: natural logarithm of the gain in linear light, in (−ln 10, ln 10), float32, (batch,
      lights, height, width, 1). Only its course over the picture counts, because training brings
      every result to the photograph's mean.
    - `"geometry"`, with `geometry` alone: for training; unit vectors of the surfaces (right, up,
      toward the lens) and subject distance divided by distance, float32, (batch, height, width, 4).
    - `"flash_share"`, with `tells_flash` alone: which share of the photograph's light is a flash's,
      in (0, 1), float32, (batch, 1).

    Args:
        input_shape: (height, width, 3); `None` leaves a side open.
        width: Factor on the channel counts of pictures.
        geometry: Whether there is the second output.
        tells_flash: Whether there is the third output. Files from before have none.
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
            photo = flash
            if reduction > 1:
                photo = PadToMultiple(reduction, name="pad_to_reduce")(photo)
                photo = keras.layers.AveragePooling2D(reduction, name="reduce")(photo)
            photo = PadToMultiple(STRIDE, name="pad")(photo)
            features = encoded(photo, channels)
            skips = [skip(x, level) for level, x in enumerate(features[:-1], start=1)]
            # From here on everything is there once for each light.
            repeated = [
                ForEachLight(name=f"each{level}")([x, lights])
                for level, x in enumerate([*skips, features[-1]], start=1)
            ]
            told = JoinLights(name="light_join")(lights)
            gain = decoded(repeated, told, channels, center=light_center, scale=light_scale)
            gain = enlarged(gain, "gain", reduction)
            gain = Limit(LARGEST_LOG_GAIN, name="gain_limit")(gain)
            whole = CropToMatch(name="crop")([gain, flash])
            outputs = {"gain": SplitLights(name="gain")([whole, lights])}
            if geometry:
                solid = enlarged(coarse_to_fine(features, "geometry", 4), "geometry", reduction)
                solid = NormalsAndDepth(name="geometry_limit")(solid)
                outputs["geometry"] = CropToMatch(name="geometry")([solid, flash])
            if tells_flash:
                outputs["flash_share"] = flash_share(features)
            super().__init__([flash, lights], outputs, name=name)
        self.width = width
        self.geometry = geometry
        self.tells_flash = tells_flash
        self.light_center = tuple(map(float, light_center))
        self.light_scale = tuple(map(float, light_scale))
        self.reduction = reduction

    def encoder(self) -> keras.Model:
        """Return what runs once for a photograph.

        Returns:
            A model of the same weights, from photographs to a dictionary: `"features"` of four
            levels, each at half the resolution of the one before, and `"flash_share"` if the
            network tells it.
        """
        inputs = [self.get_layer(f"each{level}").input[0] for level in range(1, 1 + len(_CHANNELS))]
        told = {"flash_share": self.output["flash_share"]} if self.tells_flash else {}
        return keras.Model(self.inputs[0], {"features": inputs, **told}, name="encoder")

    def flash_reader(self) -> keras.Model:
        """Return what tells of photographs alone which share of their light is a flash's.

        Returns:
            A model of the same weights, from photographs to (batch, 1).

        Raises:
            ValueError: The network does not tell it.
        """
        if not self.tells_flash:
            raise ValueError("this network does not tell the flash's share; see tells_flash")
        return keras.Model(self.inputs[0], self.output["flash_share"], name="flash_reader")

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
            "tells_flash": self.tells_flash,
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


def _check_numbers(center: Sequence[float], scale: Sequence[float]) -> None:
    for name, values in (("light_center", center), ("light_scale", scale)):
        if len(values) != LIGHT_NUMBERS or not all(map(isfinite, values)):
            raise ValueError(f"{name} must be {LIGHT_NUMBERS} finite numbers, not {values}")
    if min(scale) <= 0:
        raise ValueError(f"light_scale must be positive, not {scale}")
