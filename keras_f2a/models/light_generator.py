"""The generator that the package ships with: it predicts light coarse to fine and keeps white."""

import keras

from keras_f2a.models.image_layers import CropToMatch, Enlarge, KeepWhite, PadToMultiple, Relight
from keras_f2a.models.network import Generator, check_width, convolutions, dtype_policy
from keras_f2a.models.registry import register

_CHANNELS = (24, 40, 80, 160)
# The deepest level sees the whole picture: its dilations reach across 320×240 pixels.
_DEEPEST_DILATIONS = (1, 2, 4, 8)
_LARGEST_GAIN = 4.0
_LARGEST_OFFSET = 0.5
STRIDE = 2 ** len(_CHANNELS)


@register
class LightGenerator(Generator):
    """A U-Net that relights: ambient = flash · gain + offset, for each pixel and channel.

    It is not from the paper. Encoder, mirrored decoder and skip connections are as in
    `VGG16Generator`, but at half the image's resolution. There are four levels of 3×3 convolutions
    (24, 40, 80 and 160 channels), and bilinear enlargement replaces transposed convolutions.

    It differs from `SmallGenerator` in three ways. The deepest level, dilated by 1, 2, 4 and 8,
    also adds features computed from its mean over the picture. Every decoder level adds its
    contribution to gain and offset, so the levels that see the coarse distribution of light also
    predict it. And pixels that are near white in all channels of the flash image stay
    (`KeepWhite`), because nothing shows how far they were clipped and gray would be obvious.

    The gain lies in [0, 4] and the offset in [−0.5, 0.5]. Before training the network is the
    identity. At `width` 1 there are 1,297,856 parameters and 3.1 GFLOP for 320×240 pixels.

    A functional model from float32 RGB in [0, 1], (batch, height, width, 3), to the same. The
    images may have any height and width: the graph pads them by reflection to a multiple of 16 and
    crops the result back.

    Args:
        input_shape: (height, width, 3). `None` leaves a side open.
        width: Factor on every channel count.
        name: The model's name.
        dtype: Precision policy of the layers. `None` uses Keras's global one.

    Raises:
        ValueError: `width` is not positive.
    """

    PARAMETERS = 1_297_856

    def __init__(
        self,
        input_shape: tuple[int | None, int | None, int] = (None, None, 3),
        *,
        width: float = 1.0,
        name: str = "light_generator",
        dtype: str | None = None,
    ):
        check_width(width)
        with dtype_policy(dtype):
            inputs = keras.Input(input_shape, name="flash")
            flash = PadToMultiple(STRIDE, name="pad")(inputs)
            half = keras.layers.AveragePooling2D(2, name="half")(flash)
            gain, offset = _predict_gain_and_offset(half, width)
            relit = Relight(_LARGEST_GAIN, _LARGEST_OFFSET, name="relight")([flash, gain, offset])
            relit = KeepWhite(name="ambient")([flash, relit])
            super().__init__(inputs, CropToMatch(name="crop")([relit, inputs]), name=name)
        self.width = width

    def get_config(self) -> dict:
        """Return the constructor's arguments, for `.keras` files."""
        return {**super().get_config(), "width": self.width}


def _predict_gain_and_offset(x, width: float):
    """Return gain and offset before they are limited, each (batch, 2 · height, 2 · width, 3)."""
    channels = [max(1, round(count * width)) for count in _CHANNELS]
    features = []
    for level, count in enumerate(channels[:-1], start=1):
        features.append(convolutions(x, count, f"block{level}"))
        x = keras.layers.MaxPooling2D(2, name=f"block{level}_pool")(features[-1])
    x = convolutions(x, channels[-1], f"block{len(channels)}", dilations=_DEEPEST_DILATIONS)
    x = _add_context(x, channels[-1])
    light = {name: _contribution(x, name, len(channels)) for name in ("gain", "offset")}
    for level in range(len(channels) - 1, 0, -1):
        x = Enlarge(name=f"up{level}_resize")(x)
        x = keras.layers.Concatenate(name=f"up{level}_concat")([x, features[level - 1]])
        x = convolutions(x, channels[level - 1], f"up{level}")
        for name, coarse in light.items():
            enlarged = Enlarge(name=f"{name}{level}_resize")(coarse)
            contribution = _contribution(x, name, level)
            light[name] = keras.layers.Add(name=f"{name}{level}_sum")([enlarged, contribution])
    return [Enlarge(name=f"{name}_resize")(value) for name, value in light.items()]


def _add_context(x, channels: int):
    """Add to every pixel what two layers compute from the mean over all pixels."""
    mean = keras.layers.GlobalAveragePooling2D(keepdims=True, name="context_mean")(x)
    for index, activation in ((1, "relu"), (2, None)):
        mean = keras.layers.Conv2D(channels, 1, activation=activation, name=f"context_conv{index}")(
            mean
        )
    return keras.layers.Add(name="context_sum")([x, mean])


def _contribution(x, name: str, level: int):
    """Return a level's contribution to gain or offset, which is zero before training."""
    return keras.layers.Conv2D(
        3, 3, padding="same", kernel_initializer="zeros", name=f"{name}{level}_conv"
    )(x)
