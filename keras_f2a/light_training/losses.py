"""The losses of a network for placed light, as pure functions of tensors.

The axis `lights` holds the lights of a photograph. A loss is one number per photograph, (batch,).
"""

import keras
from keras import ops

from keras_f2a.support.srgb import from_linear, to_linear

_POOL_SIZE = 4
# In deeper shadows, the sRGB encoding has no gradient that training could follow.
_MIN_LIGHT = 1e-4
# Slope above white, so that training can still darken results that are too bright.
_SLOPE_ABOVE_WHITE = 0.1
_MAX_INVERSE_DEPTH = 3.0


def relight(flash, log_gain):
    """Return the flash photograph under each light, at the photograph's mean.

    Args:
        flash: RGB in [0, 1], (batch, height, width, 3).
        log_gain: Natural logarithm of the gain in linear light, (batch, lights, height, width, 1).

    Returns:
        RGB from 0 to a little above 1, (batch, lights, height, width, 3).
    """
    light = to_linear(flash, ops.where)[:, None]
    result = light * ops.exp(log_gain)
    mean, target_mean = (ops.mean(x, axis=(2, 3, 4), keepdims=True) for x in (result, light))
    result = ops.maximum(result * (target_mean / (mean + 1e-6)), _MIN_LIGHT)
    above_white = _SLOPE_ABOVE_WHITE * ops.relu(result - 1)
    return from_linear(ops.minimum(result, 1.0), ops.where) + above_white


@keras.saving.register_keras_serializable(package="keras_f2a")
class PictureLoss(keras.losses.Loss):
    """Measures how far relit photographs are from the scene under those lights.

    It is the weighted mean of absolute differences, plus that of the differences' gradients at full
    and at a quarter of the resolution. Both sides of a photograph must be above 4 pixels.

    Called with targets, (batch, lights, height, width, 4), RGB in [0, 1] and a weight, and results,
    (batch, lights, height, width, 3).

    Args:
        gradient_weight: Factor on the gradients' part.
    """

    def __init__(self, gradient_weight: float, name: str = "picture", **kwargs):
        super().__init__(name=name, **kwargs)
        self.gradient_weight = gradient_weight

    def call(self, y_true, y_pred):
        """Return one number per photograph."""
        difference = (y_pred - y_true[..., :3]) * y_true[..., 3:]
        loss = ops.mean(ops.abs(difference), axis=(1, 2, 3, 4))
        if not self.gradient_weight:
            return loss
        gradients = _gradients(difference) + _gradients(_downsample(difference))
        return loss + self.gradient_weight * gradients

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "gradient_weight": self.gradient_weight}


@keras.saving.register_keras_serializable(package="keras_f2a")
class SmoothnessLoss(keras.losses.Loss):
    """Measures how much the gain changes where neither the photograph nor the target has an edge.

    Called with weights of the steps to the right and down, (batch, lights, height, width, 2), and
    the logarithm of the gain, (batch, lights, height, width, 1).
    """

    def __init__(self, name: str = "smoothness", **kwargs):
        super().__init__(name=name, **kwargs)

    def call(self, y_true, y_pred):
        """Return one number per photograph."""
        right = y_true[..., :-1, 0] * ops.abs(y_pred[..., 1:, 0] - y_pred[..., :-1, 0])
        down = y_true[:, :, :-1, :, 1] * ops.abs(y_pred[:, :, 1:, :, 0] - y_pred[:, :, :-1, :, 0])
        return ops.mean(right, axis=(1, 2, 3)) + ops.mean(down, axis=(1, 2, 3))


@keras.saving.register_keras_serializable(package="keras_f2a")
class GeometryLoss(keras.losses.Loss):
    """Measures the error of normals and inverse depth, except on the background.

    Called with targets and results, (batch, height, width, 4). Inverse depth is limited to 3 times
    that of the subject.
    """

    def __init__(self, name: str = "geometry", **kwargs):
        super().__init__(name=name, **kwargs)

    def call(self, y_true, y_pred):
        """Return one number per photograph."""
        mask = ops.cast(y_true[..., 3:] > 0, y_pred.dtype)
        normal = ops.abs(y_pred[..., :3] - y_true[..., :3])
        true_depth = ops.minimum(y_true[..., 3:], _MAX_INVERSE_DEPTH)
        depth = ops.abs(ops.minimum(y_pred[..., 3:], _MAX_INVERSE_DEPTH) - true_depth)
        return ops.mean(mask * ops.concatenate([normal, depth], axis=-1), axis=(1, 2, 3))


def _gradients(difference):
    right = difference[:, :, :, 1:] - difference[:, :, :, :-1]
    down = difference[:, :, 1:] - difference[:, :, :-1]
    return sum(ops.mean(ops.abs(step), axis=(1, 2, 3, 4)) for step in (right, down))


def _downsample(images):
    """Return images, (batch, lights, height, width, 3), at a quarter of the resolution."""
    batch, lights, height, width, channels = ops.shape(images)
    flat = ops.reshape(images, (-1, height, width, channels))
    pooled = ops.average_pool(flat, _POOL_SIZE, _POOL_SIZE, padding="same")
    height, width = ops.shape(pooled)[1:3]
    return ops.reshape(pooled, (batch, lights, height, width, channels))
