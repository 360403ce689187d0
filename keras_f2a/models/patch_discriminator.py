"""The discriminator: a fully convolutional network that judges overlapping patches."""

import keras

from keras_f2a.models.initialization import check_initialization, initializers
from keras_f2a.models.network import Network, check_width, dtype_policy
from keras_f2a.models.registry import register

_CHANNELS = (64, 128, 256, 512, 1024)


@register
class PatchDiscriminator(Network):
    """The discriminator D of the paper's Figure 2.

    It follows the authors' code: five 3×3 convolutions of stride 2 with 64 to 1024 channels and
    leaky ReLU of slope 0.01, then a 3×3 convolution to one logit per patch. Batch normalization
    follows all strided convolutions but the first. There are 6,283,649 parameters at `width` 1. All
    convolutions pad one pixel of zeros on every side. The normalization statistics span all
    replicas, so the result does not depend on the number of GPUs.

    The paper describes a conditional GAN, but the authors' discriminator sees only the image times
    the attention map. That is the default here.

    A functional model from an image (batch, height, width, 3), or from a list of image and flash
    image if `conditional`, to logits (batch, ⌈height/32⌉, ⌈width/32⌉, 1). A logit is positive
    where the patch looks like a real ambient photograph.

    Args:
        input_shape: (height, width, 3). `None` leaves a side open.
        conditional: Whether D also sees the flash image, concatenated with the image as in pix2pix.
        width: Factor on every channel count.
        initialization: Initial weights: `"torch"`, as in the authors' code, or `"he"`, which here
            means Glorot's range with zero biases (`keras_f2a.models.initialization`).
        name: The model's name.
        dtype: Precision policy of the layers. `None` uses Keras's global one.

    Raises:
        ValueError: `width` is not positive, or `initialization` is unknown.
    """

    PARAMETERS = 6_283_649

    def __init__(
        self,
        input_shape: tuple[int | None, int | None, int] = (None, None, 3),
        *,
        conditional: bool = False,
        width: float = 1.0,
        initialization: str = "torch",
        name: str = "patch_discriminator",
        dtype: str | None = None,
    ):
        check_width(width)
        check_initialization(initialization)
        with dtype_policy(dtype):
            image = keras.Input(input_shape, name="image")
            inputs, x = image, image
            if conditional:
                flash = keras.Input(input_shape, name="flash")
                inputs = [image, flash]
                x = keras.layers.Concatenate(name="pair")(inputs)
            super().__init__(inputs, _logits(x, width, initialization), name=name)
        self.conditional = conditional
        self.width = width
        self.initialization = initialization

    def get_config(self) -> dict:
        """Return the constructor's arguments, for `.keras` files."""
        return {
            **super().get_config(),
            "conditional": self.conditional,
            "width": self.width,
            "initialization": self.initialization,
        }


def _logits(x, width: float, initialization: str):
    for level, channels in enumerate(_CHANNELS, start=1):
        channels = max(1, round(channels * width))
        x = keras.layers.ZeroPadding2D(1, name=f"pad{level}")(x)
        initial = initializers(initialization, 9 * x.shape[-1], "glorot_uniform")
        x = keras.layers.Conv2D(channels, 3, strides=2, name=f"conv{level}", **initial)(x)
        if level > 1:
            # PyTorch's momentum 0.1 is Keras's 0.9.
            x = keras.layers.BatchNormalization(
                momentum=0.9, epsilon=1e-5, synchronized=True, name=f"norm{level}"
            )(x)
        x = _leaky_relu(x)
    initial = initializers(initialization, 9 * x.shape[-1], "glorot_uniform")
    return keras.layers.Conv2D(1, 3, padding="same", dtype="float32", name="logits", **initial)(x)


def _leaky_relu(x):
    # Not the Keras layer: TensorFlow's graph optimizer fuses it with the preceding convolution,
    # fails on its gradient, and then leaves the whole step unfused.
    return keras.ops.maximum(x, 0.01 * x)
