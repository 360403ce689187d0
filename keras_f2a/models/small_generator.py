"""A small generator for phones and quick corrections: it predicts light, not colors."""

import keras

from keras_f2a.models.image_layers import CropToMatch, Enlarge, PadToMultiple, Relight
from keras_f2a.models.network import Generator, check_width, convolutions, dtype_policy
from keras_f2a.models.registry import register

_CHANNELS = (24, 40, 80, 160)
# The deepest level has a larger receptive field, so that it sees the whole picture's light.
_DEEPEST_DILATIONS = (1, 2, 4)
_LARGEST_GAIN = 4.0
_LARGEST_OFFSET = 0.5
STRIDE = 2 ** len(_CHANNELS)


@register
class SmallGenerator(Generator):
    """A U-Net that relights: ambient = flash · gain + offset, for each pixel and channel.

    It is not from the paper. Encoder, mirrored decoder and skip connections are as in
    `VGG16Generator`, but at half the image's resolution. There are four levels of 3×3 convolutions
    (24, 40, 80 and 160 channels), and the deepest is dilated by 1, 2 and 4. Bilinear enlargement
    replaces transposed convolutions. The network predicts a gain in [0, 4] and an offset in
    [−0.5, 0.5] for every pixel and channel. Both are predicted at half resolution and enlarged
    smoothly, so detail comes from the photograph. Before training the network is the identity. At
    `width` 1 there are 1,000,638 parameters and 2.9 GFLOP for 320×240 pixels, 1/45 of
    `VGG16Generator`'s.

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

    PARAMETERS = 1_000_638

    def __init__(
        self,
        input_shape: tuple[int | None, int | None, int] = (None, None, 3),
        *,
        width: float = 1.0,
        name: str = "small_generator",
        dtype: str | None = None,
    ):
        check_width(width)
        with dtype_policy(dtype):
            inputs = keras.Input(input_shape, name="flash")
            flash = PadToMultiple(STRIDE, name="pad")(inputs)
            half = keras.layers.AveragePooling2D(2, name="half")(flash)
            gain, offset = _predict_gain_and_offset(half, width)
            relight = Relight(_LARGEST_GAIN, _LARGEST_OFFSET, name="ambient")
            outputs = CropToMatch(name="crop")([relight([flash, gain, offset]), inputs])
            super().__init__(inputs, outputs, name=name)
        self.width = width

    def get_config(self) -> dict:
        """Return the constructor's arguments, for `.keras` files."""
        return {**super().get_config(), "width": self.width}


def _predict_gain_and_offset(x, width: float):
    """Return gain and offset before they are limited, each (batch, 2 · height, 2 · width, 3)."""
    channels = [max(1, round(count * width)) for count in _CHANNELS]
    features = []
    for level, count in enumerate(channels, start=1):
        if level > 1:
            x = keras.layers.MaxPooling2D(2, name=f"block{level - 1}_pool")(x)
        dilations = _DEEPEST_DILATIONS if level == len(channels) else (1, 1)
        x = convolutions(x, count, f"block{level}", dilations=dilations)
        features.append(x)
    for level in range(len(channels) - 1, 0, -1):
        x = Enlarge(name=f"up{level}_resize")(x)
        x = keras.layers.Concatenate(name=f"up{level}_concat")([x, features[level - 1]])
        x = convolutions(x, channels[level - 1], f"up{level}")
    return [_output(x, name) for name in ("gain", "offset")]


def _output(x, name: str):
    # Zero weights, so that the untrained network changes nothing.
    x = keras.layers.Conv2D(3, 3, padding="same", kernel_initializer="zeros", name=f"{name}_conv")(
        x
    )
    return Enlarge(name=f"{name}_resize")(x)
