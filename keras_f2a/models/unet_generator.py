"""The U-Net of the paper's condition 4 (Table 2), trained from scratch."""

import keras

from keras_f2a.models.image_layers import CropToMatch, PadToMultiple
from keras_f2a.models.initialization import check_initialization, initializers
from keras_f2a.models.network import Generator, check_width, dtype_policy
from keras_f2a.models.registry import register

_LEVELS = 5


@register
class UNetGenerator(Generator):
    """The U-Net of Chen et al. 2018 (Learning to See in the Dark) for RGB images.

    It has five levels of two 3×3 convolutions with 32, 64, 128, 256 and 512 channels, max pooling
    on the way down, and 2×2 transposed convolutions and skip connections on the way up. Chen et al.
    use leaky ReLU (slope 0.2) and an output layer for raw sensor data. Here a 1×1 convolution and a
    sigmoid output RGB, as in the paper. For the plain ReLU of the authors' code, pass
    `activation="relu"`.

    A functional model from float32 RGB in [0, 1], (batch, height, width, 3), to the same, with any
    height and width.

    Args:
        input_shape: (height, width, 3). `None` leaves a side open.
        width: Factor on every channel count.
        activation: `"leaky_relu"` (Chen et al.) or `"relu"` (the authors' code).
        initialization: Initial weights: `"torch"`, as in the authors' code, or `"he"`, which are
            larger (`keras_f2a.models.initialization`).
        name: The model's name.
        dtype: Precision policy of the layers. `None` uses Keras's global one.

    Raises:
        ValueError: `width` is not positive, or `activation` or `initialization` is unknown.
    """

    PARAMETERS = 7_760_000

    def __init__(
        self,
        input_shape: tuple[int | None, int | None, int] = (None, None, 3),
        *,
        width: float = 1.0,
        activation: str = "leaky_relu",
        initialization: str = "torch",
        name: str = "unet_generator",
        dtype: str | None = None,
    ):
        check_width(width)
        if activation not in ("leaky_relu", "relu"):
            raise ValueError(f"activation must be 'leaky_relu' or 'relu', not {activation!r}")
        check_initialization(initialization)
        with dtype_policy(dtype):
            inputs = keras.Input(input_shape, name="flash")
            x = PadToMultiple(2 ** (_LEVELS - 1), name="pad")(inputs)
            x = _encoder_decoder(x, width, activation, initialization)
            initial = initializers(initialization, x.shape[-1], "glorot_uniform")
            x = keras.layers.Conv2D(3, 1, name="output_conv", **initial)(x)
            x = keras.layers.Activation("sigmoid", dtype="float32", name="ambient")(x)
            super().__init__(inputs, CropToMatch(name="crop")([x, inputs]), name=name)
        self.width = width
        self.initialization = initialization
        self.activation = activation

    def get_config(self) -> dict:
        """Return the constructor's arguments, for `.keras` files."""
        return {
            **super().get_config(),
            "width": self.width,
            "activation": self.activation,
            "initialization": self.initialization,
        }


def _encoder_decoder(x, width: float, activation: str, initialization: str):
    channels = [max(1, round(32 * 2**level * width)) for level in range(_LEVELS)]
    skips = []
    for level in range(1, _LEVELS + 1):
        name = f"down{level}"
        x = _double_convolution(x, channels[level - 1], activation, name, initialization)
        skips.append(x)
        if level < _LEVELS:
            x = keras.layers.MaxPooling2D(2, name=f"down{level}_pool")(x)
    for level in range(_LEVELS - 1, 0, -1):
        count, name = channels[level - 1], f"up{level}"
        initial = initializers(initialization, 4 * count, "glorot_uniform")
        x = keras.layers.Conv2DTranspose(count, 2, strides=2, name=f"{name}_deconv", **initial)(x)
        x = keras.layers.Concatenate(name=f"{name}_concat")([x, skips[level - 1]])
        x = _double_convolution(x, count, activation, name, initialization)
    return x


def _double_convolution(x, channels: int, activation: str, name: str, initialization: str):
    for i in (1, 2):
        initial = initializers(initialization, 9 * x.shape[-1])
        x = keras.layers.Conv2D(channels, 3, padding="same", name=f"{name}_conv{i}", **initial)(x)
        if activation == "relu":
            x = keras.layers.ReLU(name=f"{name}_relu{i}")(x)
        else:
            x = keras.layers.LeakyReLU(negative_slope=0.2, name=f"{name}_relu{i}")(x)
    return x
