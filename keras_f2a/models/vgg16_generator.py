"""The paper's generator: VGG16 as the encoder, a mirrored decoder, and skip connections."""

from types import ModuleType

import keras

from keras_f2a.models.encoder_weights import load_encoder_weights
from keras_f2a.models.image_layers import CropToMatch, ImageNetPreprocessing, PadToMultiple
from keras_f2a.models.initialization import check_initialization, initializers
from keras_f2a.models.network import Generator, check_width, dtype_policy
from keras_f2a.models.registry import register

# Convolutions and channels of VGG16's five blocks (Simonyan and Zisserman, 2015).
_BLOCKS = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))
# Convolutions after the concatenation in the decoder's levels 1 to 4.
_DECODER_CONVOLUTIONS = (2, 2, 2, 3)
# The spread of ImageNet's training images, 0 to 255. Keras's VGG16 does not divide by it. Apart
# from biases, its layers scale with their input, so its features are of this order, not of 1.
_IMAGENET_SPREAD = 58.0
STRIDE = 2 ** (len(_BLOCKS) - 1)


@register
class VGG16Generator(Generator):
    """The generator G of the paper's Figure 2, which maps flash to ambient images.

    The encoder is VGG16 up to `block5_conv3` with Keras's layer names. Each decoder level has a
    transposed convolution (kernel 3, stride 2), a concatenation with the encoder's features of
    that level, and two convolutions, or three at the deepest level. The paper's section 4.2 freezes
    the encoder. At `width` 1 there are 30,387,011 parameters, 15,672,323 of them in the decoder.

    A functional model from float32 RGB in [0, 1], (batch, height, width, 3), to the same. The
    images may have any height and width: the graph pads them by reflection to a multiple of 16 and
    crops the result back.

    Args:
        input_shape: (height, width, 3). `None` leaves a side open.
        encoder_weights: `"imagenet"`, the path of Keras's VGG16 file without top, or `None` or
            `"none"` for random weights.
        preprocessing: `"imagenet"` gives the encoder the kind of input that Keras's VGG16 was
            trained with. It also divides the features that go to the decoder by 58, the spread of
            that input, so that the decoder starts at a sound scale. `"none"` gives the encoder RGB
            in [0, 1] and passes its features on unchanged, like the authors' code.
        width: Factor on every channel count. Pretrained weights fit only a width of 1.
        freeze_encoder: Whether to freeze the encoder's weights. By default, they are frozen if they
            are pretrained.
        output_activation: `"sigmoid"` for images, `"tanh"` for DeepFlash's differences.
        initialization: Initial weights of the decoder: `"torch"`, as in the authors' code, or
            `"he"`, which are larger (`keras_f2a.models.initialization`).
        name: The model's name.
        dtype: Precision policy of the layers. `None` uses Keras's global one.

    Raises:
        ValueError: An argument is out of range, or `width` is not 1 with pretrained weights.
        EncoderWeightsError: The encoder's weights could not be downloaded or read.

    Example:
        ```python
        generator = keras_f2a.VGG16Generator(encoder_weights=None, width=0.25)
        ambient = generator.predict(flash)  # (batch, height, width, 3), RGB in [0, 1]
        ```
    """

    PARAMETERS = 30_387_011
    FOR_DIFFERENCES = {"output_activation": "tanh"}

    def __init__(
        self,
        input_shape: tuple[int | None, int | None, int] = (None, None, 3),
        *,
        encoder_weights: str | None = "imagenet",
        preprocessing: str = "imagenet",
        width: float = 1.0,
        freeze_encoder: bool | None = None,
        output_activation: str = "sigmoid",
        initialization: str = "torch",
        name: str = "vgg16_generator",
        dtype: str | None = None,
    ):
        encoder_weights = None if encoder_weights == "none" else encoder_weights
        _check_arguments(preprocessing, width, encoder_weights, output_activation)
        check_initialization(initialization)
        with dtype_policy(dtype):
            inputs = keras.Input(input_shape, name="flash")
            x = PadToMultiple(STRIDE, name="pad")(inputs)
            if preprocessing == "imagenet":
                x = ImageNetPreprocessing(name="preprocessing")(x)
            x = encoder_decoder(
                x,
                width=width,
                output_activation=output_activation,
                feature_scale=feature_scale(preprocessing),
                initialization=initialization,
            )
            super().__init__(inputs, CropToMatch(name="crop")([x, inputs]), name=name)
        self.preprocessing = preprocessing
        self.width = width
        self.initialization = initialization
        self.output_activation = output_activation
        if encoder_weights is not None:
            load_encoder_weights(self, encoder_weights)
        if freeze_encoder is None:
            freeze_encoder = encoder_weights is not None
        if freeze_encoder:
            freeze(self)

    @property
    def predicts_difference(self) -> bool:
        """Whether the output is half the difference to the input (DeepFlash), not an image."""
        return self.output_activation == "tanh"

    def get_config(self) -> dict:
        """Return the constructor's arguments, without the weights that the file holds."""
        return {
            **super().get_config(),
            "encoder_weights": None,
            "preprocessing": self.preprocessing,
            "width": self.width,
            "freeze_encoder": all(not layer.trainable for layer in _encoder_layers(self)),
            "output_activation": self.output_activation,
            "initialization": self.initialization,
        }


def freeze(generator: keras.Model) -> None:
    """Freeze the weights of the encoder, the layers `block1_conv1` to `block5_conv3`."""
    for layer in _encoder_layers(generator):
        layer.trainable = False


def _encoder_layers(generator: keras.Model) -> list[keras.Layer]:
    return [layer for layer in generator.layers if layer.name.startswith("block")]


def feature_scale(preprocessing: str) -> float | None:
    """Return the factor on the features that go to the decoder, `None` for none."""
    return 1 / _IMAGENET_SPREAD if preprocessing == "imagenet" else None


def encoder_decoder(
    x,
    *,
    width: float,
    output_activation: str,
    feature_scale: float | None,
    initialization: str = "he",
    layers: ModuleType = keras.layers,
):
    """Build the network between padding and cropping, in Keras or in its twin tf_keras.

    Args:
        x: Symbolic input, (batch, height, width, 3), sides multiples of 16.
        width: Factor on every channel count.
        output_activation: Name of the last activation.
        feature_scale: Factor on the features that go to the decoder, `None` for none.
        initialization: Scheme of the decoder, one of `INITIALIZATIONS`. tf_keras takes `"he"` only.
        layers: The module whose layers build the graph: `keras.layers` or `tf_keras.layers`.

    Returns:
        Symbolic output, (batch, height, width, 3), float32.
    """
    features = []
    for level, (count, channels) in enumerate(_BLOCKS, start=1):
        if level > 1:
            x = layers.MaxPooling2D(2, name=f"block{level - 1}_pool")(x)
        name = f"block{level}"
        x = _convolutions(x, count, _scale_channels(channels, width), name, "he", layers)
        features.append(x)
    if feature_scale is not None:
        features = [
            layers.Rescaling(feature_scale, name=f"feature{level}_scale")(x)
            for level, x in enumerate(features, start=1)
        ]
    x = features[-1]
    for level in range(len(_BLOCKS) - 1, 0, -1):
        channels = _scale_channels(_BLOCKS[level - 1][1], width)
        name = f"up{level}"
        x = _upsample(x, channels, name, initialization, layers)
        x = layers.Concatenate(name=f"{name}_concat")([x, features[level - 1]])
        count = _DECODER_CONVOLUTIONS[level - 1]
        x = _convolutions(x, count, channels, name, initialization, layers)
    initial = initializers(initialization, 9 * x.shape[-1], "glorot_uniform")
    x = layers.Conv2D(3, 3, padding="same", name="output_conv", **initial)(x)
    return layers.Activation(output_activation, dtype="float32", name="ambient")(x)


def _convolutions(x, count: int, channels: int, name: str, initialization: str, layers: ModuleType):
    for i in range(1, count + 1):
        x = layers.Conv2D(
            channels,
            3,
            padding="same",
            activation="relu",
            name=f"{name}_conv{i}",
            **initializers(initialization, 9 * x.shape[-1]),
        )(x)
    return x


def _upsample(x, channels: int, name: str, initialization: str, layers: ModuleType):
    """Apply a centered transposed convolution.

    Output row 2i + k − 1 gets kernel row k of input row i. With "same" padding, Keras starts at row
    2i + k instead. With "valid" padding and without the first row and column, it is centered, like
    the authors' network.
    """
    initial = initializers(initialization, 9 * channels, "glorot_uniform")
    x = layers.Conv2DTranspose(
        channels, 3, strides=2, padding="valid", name=f"{name}_deconv", **initial
    )(x)
    return layers.Cropping2D(((1, 0), (1, 0)), name=f"{name}_crop")(x)


def _scale_channels(channels: int, width: float) -> int:
    return max(1, round(channels * width))


def _check_arguments(
    preprocessing: str, width: float, encoder_weights: str | None, output_activation: str
) -> None:
    if preprocessing not in ("imagenet", "none"):
        raise ValueError(f"preprocessing must be 'imagenet' or 'none', not {preprocessing!r}")
    if output_activation not in ("sigmoid", "tanh"):
        raise ValueError(
            f"output_activation must be 'sigmoid' or 'tanh', not {output_activation!r}"
        )
    check_width(width)
    if width != 1 and encoder_weights is not None:
        raise ValueError(
            f"pretrained encoder weights need width 1, not {width}: pass encoder_weights=None"
        )
