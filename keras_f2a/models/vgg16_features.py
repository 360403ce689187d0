"""VGG16's features of an image, for a perceptual loss."""

import keras

from keras_f2a.models.encoder_weights import load_encoder_weights
from keras_f2a.models.image_layers import ImageNetPreprocessing
from keras_f2a.models.network import Network, convolutions, dtype_policy
from keras_f2a.models.registry import register

_BLOCKS = ((2, 64), (2, 128), (3, 256))
# The spread of ImageNet's images in 8-bit values, which is the features' order of magnitude.
_SCALE = 1 / 58


@register
class VGG16Features(Network):
    """The frozen features of VGG16's first three blocks, at half an image's resolution.

    A functional model from RGB in [0, 1], (batch, height, width, 3), each side at least 8, to the
    outputs of `block1_conv2`, `block2_conv2` and `block3_conv3` divided by 58. The first is (batch,
    height / 2, width / 2, 64). The next two each have half the resolution of the previous one, with
    128 and 256 channels. Deeper layers were not tried.

    Args:
        input_shape: (height, width, 3). `None` leaves a side open.
        encoder_weights: `"imagenet"`, the path of Keras's VGG16 file without top, or `None` or
            `"none"` for random weights.
        name: The model's name.
        dtype: Precision policy of the layers. `None` uses Keras's global one.

    Raises:
        EncoderWeightsError: The weights could not be downloaded or read.
    """

    PARAMETERS = 1_700_000
    LEAST_SIDE = 8
    """The smallest height and width of an image, in pixels."""

    def __init__(
        self,
        input_shape: tuple[int | None, int | None, int] = (None, None, 3),
        *,
        encoder_weights: str | None = "imagenet",
        name: str = "vgg16_features",
        dtype: str | None = None,
    ):
        with dtype_policy(dtype):
            inputs = keras.Input(input_shape, name="image")
            x = ImageNetPreprocessing(name="preprocessing")(inputs)
            x = keras.layers.AveragePooling2D(2, name="half")(x)
            features = []
            for level, (count, channels) in enumerate(_BLOCKS, start=1):
                if level > 1:
                    x = keras.layers.MaxPooling2D(2, name=f"block{level - 1}_pool")(x)
                x = convolutions(x, channels, f"block{level}", dilations=(1,) * count)
                scaled = keras.layers.Rescaling(_SCALE, dtype="float32", name=f"feature{level}")
                features.append(scaled(x))
            super().__init__(inputs, features, name=name)
        if encoder_weights not in (None, "none"):
            load_encoder_weights(self, encoder_weights, setting="perceptual_features")
        for layer in self.layers:
            layer.trainable = False

    def get_config(self) -> dict:
        """Return the constructor's arguments, for `.keras` files, which hold the weights."""
        return {**super().get_config(), "encoder_weights": None}
