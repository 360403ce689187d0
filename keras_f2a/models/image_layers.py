"""Layers for generators that take RGB photographs of any size, in [0, 1], and relight them."""

import math

import keras
from keras import ops

# Means of ImageNet's training images in Keras's VGG16 channel order: blue, green, red (0 to 255).
_IMAGENET_MEAN_BGR = (103.939, 116.779, 123.68)


@keras.saving.register_keras_serializable(package="keras_f2a")
class PadToMultiple(keras.layers.Layer):
    """Pads images at the bottom and the right, by reflection, to a multiple of the stride.

    Images of any size work. If they are smaller than the stride, the reflection goes back and forth
    as often as needed. Images whose static size is already a multiple pass through unchanged, so a
    graph of fixed size contains no padding.

    Args:
        multiple: The stride of the network after this layer, in pixels.

    Input shape: (batch, height, width, channels). Output shape: the same, with height and width
    rounded up.
    """

    def __init__(self, multiple: int, **kwargs):
        # This layer only moves pixels. In half precision it would round them.
        super().__init__(**{"dtype": "float32", **kwargs})
        self.multiple = multiple

    def call(self, images):
        for axis in (1, 2):
            size = images.shape[axis]
            if size is None or self._round_up(size) > 2 * size - 1:
                images = ops.take(
                    images, self._reflected_indices(ops.shape(images)[axis]), axis=axis
                )
            elif size % self.multiple:
                # The same as a single operator, which phones also support.
                padding = [(0, 0)] * 4
                padding[axis] = (0, self._round_up(size) - size)
                images = ops.pad(images, padding, mode="reflect")
        return images

    def _reflected_indices(self, size):
        """Return the indices 0 to size − 1, continued by reflection to a multiple of the stride."""
        padded = (size + self.multiple - 1) // self.multiple * self.multiple
        period = ops.maximum(2 * size - 2, 1)
        position = ops.arange(padded) % period
        return ops.minimum(position, period - position)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        return (batch, self._round_up(height), self._round_up(width), channels)

    def _round_up(self, size):
        return None if size is None else -(-size // self.multiple) * self.multiple

    def get_config(self):
        return {**super().get_config(), "multiple": self.multiple}


@keras.saving.register_keras_serializable(package="keras_f2a")
class CropToMatch(keras.layers.Layer):
    """Crops images at the bottom and the right to the height and width of a reference.

    Called with a pair: the images and the reference, both (batch, height, width, channels).
    """

    def __init__(self, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})

    def call(self, inputs):
        images, reference = inputs
        if None not in images.shape[1:3] and images.shape[1:3] == reference.shape[1:3]:
            return images
        height, width = ops.shape(reference)[1], ops.shape(reference)[2]
        return images[:, :height, :width, :]

    def compute_output_shape(self, input_shapes):
        images, reference = input_shapes
        return (images[0], reference[1], reference[2], images[3])


@keras.saving.register_keras_serializable(package="keras_f2a")
class ImageNetPreprocessing(keras.layers.Layer):
    """Turns RGB in [0, 1] into input for Keras's VGG16: BGR, 0 to 255, ImageNet's mean subtracted.

    It computes in float32 under any precision policy, because bfloat16 cannot represent the mean.
    """

    def __init__(self, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})

    def call(self, images):
        return images[..., ::-1] * 255.0 - ops.convert_to_tensor(_IMAGENET_MEAN_BGR)

    def compute_output_shape(self, input_shape):
        return input_shape


@keras.saving.register_keras_serializable(package="keras_f2a")
class Enlarge(keras.layers.Layer):
    """Doubles height and width by bilinear interpolation between pixel centers.

    `keras.layers.UpSampling2D` does the same, but only for images of static size.
    """

    def call(self, images):
        if None in images.shape[1:3]:
            return self._enlarge_dynamic_size(images)
        # Converters and phone GPUs accept only sizes that are static in the graph.
        return ops.image.resize(images, [2 * side for side in images.shape[1:3]])

    def _enlarge_dynamic_size(self, images):
        """Enlarge images of dynamic size. Only TensorFlow has them, and `ops` rejects them."""
        import tensorflow as tf

        return tf.cast(tf.image.resize(images, 2 * tf.shape(images)[1:3]), images.dtype)

    def compute_output_shape(self, input_shape):
        batch, *sides, channels = input_shape
        return (batch, *(side and 2 * side for side in sides), channels)


@keras.saving.register_keras_serializable(package="keras_f2a")
class Relight(keras.layers.Layer):
    """Multiplies a flash image by a gain and adds an offset. Predictions of 0 change nothing.

    Called with a list of three, each (batch, height, width, 3): the flash image, RGB in [0, 1], the
    gain before its sigmoid, and the offset before its tanh. Returns RGB in [0, 1].

    Args:
        largest_gain: The gain lies in [0, largest_gain].
        largest_offset: The offset lies in [−largest_offset, largest_offset].
    """

    def __init__(self, largest_gain: float, largest_offset: float, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.largest_gain = largest_gain
        self.largest_offset = largest_offset
        self._gain_bias = -math.log(largest_gain - 1)

    def call(self, inputs):
        flash, gain, offset = inputs
        # Scale by 6, because quantizers support ReLU6, which clips to [0, 6].
        gain = 6.0 * self.largest_gain * ops.sigmoid(gain + self._gain_bias)
        offset = 6.0 * self.largest_offset * ops.tanh(offset)
        return ops.relu6(flash * gain + offset) * (1 / 6)

    def compute_output_shape(self, input_shapes):
        return input_shapes[0]

    def get_config(self):
        limits = {"largest_gain": self.largest_gain, "largest_offset": self.largest_offset}
        return {**super().get_config(), **limits}


@keras.saving.register_keras_serializable(package="keras_f2a")
class KeepWhite(keras.layers.Layer):
    """Fades from a result to the flash image where the flash image is near white in all channels.

    The share of the flash image is the fourth power of its smallest channel: 0.06 for middle gray,
    0.85 at 245 of 255, and 1 for white. A steep fade from 224 to 245 also keeps white, but leaves
    bright patches with hard edges on overexposed skin.

    Called with a list of two, each RGB in [0, 1], (batch, height, width, 3): the flash image and
    the result.
    """

    def __init__(self, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})

    def call(self, inputs):
        flash, result = inputs
        darkest_channel = ops.min(flash, axis=-1, keepdims=True)
        flash_share = darkest_channel * darkest_channel
        flash_share = flash_share * flash_share
        return result + flash_share * (flash - result)

    def compute_output_shape(self, input_shapes):
        return input_shapes[0]
