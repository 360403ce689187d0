"""Layers of a network that is told where the light comes from, all written in `keras.ops`."""

from collections.abc import Sequence

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_f2a")
class Standardize(keras.layers.Layer):
    """Subtracts a center from every number and divides by a scale.

    It computes in float32 under any precision policy, because some of the numbers are logarithms.

    Args:
        center: One number for each entry of the last axis.
        scale: The same. None may be 0.
    """

    def __init__(self, center: Sequence[float], scale: Sequence[float], **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.center = tuple(map(float, center))
        self.scale = tuple(map(float, scale))

    def call(self, numbers):
        return (numbers - ops.convert_to_tensor(self.center, numbers.dtype)) / (
            ops.convert_to_tensor(self.scale, numbers.dtype)
        )

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "center": self.center, "scale": self.scale}


@keras.saving.register_keras_serializable(package="keras_f2a")
class Positions(keras.layers.Layer):
    """Gives each pixel's position right and down of the center, in units of half the long side.

    Input shape: (batch, height, width, channels). Output shape: (batch, height, width, 2).
    """

    def call(self, images):
        batch, height, width = ops.shape(images)[:3]
        half = ops.cast(ops.maximum(height, width), "float32") / 2
        right, down = _offsets(width) / half, _offsets(height) / half
        size = (batch, height, width)
        positions = [ops.broadcast_to(right[None, None, :], size)]
        positions.append(ops.broadcast_to(down[None, :, None], size))
        return ops.cast(ops.stack(positions, axis=-1), images.dtype)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], 2)


def _offsets(count):
    """Return the offsets of `count` pixel centers from the middle of their row."""
    indices = ops.cast(ops.arange(count), "float32")
    return indices + 0.5 - ops.cast(count, "float32") / 2


@keras.saving.register_keras_serializable(package="keras_f2a")
class ForEachLight(keras.layers.Layer):
    """Repeats the features of each photograph for each of its lights.

    Called with a list of two: features, (batch, …), and the descriptions of the lights, (batch,
    lights, numbers). Output shape: (batch · lights, …), with all lights of the first photograph
    first.
    """

    def call(self, inputs):
        images, lights = inputs
        return ops.repeat(images, ops.shape(lights)[1], axis=0)

    def compute_output_shape(self, input_shapes):
        images, lights = input_shapes
        is_static = images[0] is not None and lights[1] is not None
        return (images[0] * lights[1] if is_static else None, *images[1:])


@keras.saving.register_keras_serializable(package="keras_f2a")
class JoinLights(keras.layers.Layer):
    """Flattens the lights of all photographs into one axis: (batch · lights, numbers).

    It stays in float32 under any precision policy, because half precision would round the numbers.
    """

    def __init__(self, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})

    def call(self, lights):
        return ops.reshape(lights, (-1, lights.shape[-1]))

    def compute_output_shape(self, input_shape):
        is_static = None not in input_shape[:2]
        return (input_shape[0] * input_shape[1] if is_static else None, input_shape[2])


@keras.saving.register_keras_serializable(package="keras_f2a")
class SplitLights(keras.layers.Layer):
    """Splits the flattened axis into photographs and lights again.

    Called with a list of two: images, (batch · lights, height, width, channels), and the
    descriptions of the lights, (batch, lights, numbers). Output shape: (batch, lights, height,
    width, channels).
    """

    def __init__(self, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})

    def call(self, inputs):
        images, lights = inputs
        height, width = ops.shape(images)[1:3]
        return ops.reshape(images, (-1, ops.shape(lights)[1], height, width, images.shape[-1]))

    def compute_output_shape(self, input_shapes):
        images, lights = input_shapes
        return (*lights[:2], *images[1:])


@keras.saving.register_keras_serializable(package="keras_f2a")
class Modulate(keras.layers.Layer):
    """Scales and shifts every channel by values computed from a light (FiLM, Perez et al. 2018).

    Called with a list of two: features, (batch, height, width, channels), and the values, (batch,
    2 · channels). The first half is added to each channel's factor of 1, and the second half is
    added to the channel.
    """

    def call(self, inputs):
        features, modulation = inputs
        factor, shift = ops.split(ops.expand_dims(modulation, (1, 2)), 2, axis=-1)
        return features * (1 + factor) + shift

    def compute_output_shape(self, input_shapes):
        return input_shapes[0]


@keras.saving.register_keras_serializable(package="keras_f2a")
class Limit(keras.layers.Layer):
    """Limits values smoothly to (−largest, largest). Small values stay nearly unchanged.

    Args:
        largest: The limit.
    """

    def __init__(self, largest: float, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.largest = largest

    def call(self, values):
        return self.largest * ops.tanh(values / self.largest)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "largest": self.largest}


@keras.saving.register_keras_serializable(package="keras_f2a")
class NormalsAndDepth(keras.layers.Layer):
    """Turns the first three channels into unit vectors and the fourth into positive numbers.

    Input and output shape: (batch, height, width, 4).
    """

    def __init__(self, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})

    def call(self, values):
        normal, depth = values[..., :3], values[..., 3:]
        # Not `ops.normalize`, whose gradient is undefined at the zero vector.
        length = ops.sqrt(ops.sum(normal * normal, axis=-1, keepdims=True) + 1e-6)
        return ops.concatenate([normal / length, ops.softplus(depth)], axis=-1)

    def compute_output_shape(self, input_shape):
        return input_shape
