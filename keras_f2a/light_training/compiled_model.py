"""Trains a network for placed light as a plain supervised problem: `compile` and `fit`."""

from collections.abc import Iterator
from typing import Any

import keras

from keras_f2a.data.light_numbers import LIGHT_NUMBERS
from keras_f2a.light_training.losses import GeometryLoss, PictureLoss, SmoothnessLoss, relit
from keras_f2a.light_training.settings import LightTrainingSettings
from keras_f2a.models.placed_light import PlacedLight

_WARM_UP_SHARE = 1 / 20


@keras.saving.register_keras_serializable(package="keras_f2a")
class RelitPictures(keras.layers.Layer):
    """The flash photograph under each light; `keras_f2a.light_training.losses.relit` as a layer."""

    def __init__(self, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})

    def call(self, inputs):
        """Photograph and the logarithms of their gains to pictures."""
        return relit(*inputs)

    def compute_output_shape(self, input_shapes):
        """(batch, lights, height, width, 3)."""
        return (*input_shapes[1][:-1], 3)


def training_model(network: PlacedLight) -> keras.Model:
    """Return a model of the network's own weights whose outputs have targets.

    Args:
        network: The network.

    Returns:
        A functional model, not compiled, from `"flash"` and `"lights"` to `"picture"`, the
        photographs under each light, `"gain"`, and `"geometry"` if the network has it. If it tells
        the flash's share, there are the inputs `"mixed"` too, photographs under flash and other
        light together, and the outputs `"flash_share"` of both, (batch, 2). Batches of
        `keras_f2a.data.light_batches` fit it.
    """
    flash = keras.Input((None, None, 3), name="flash")
    lights = keras.Input((None, LIGHT_NUMBERS), name="lights")
    inputs = {"flash": flash, "lights": lights}
    outputs = dict(network([flash, lights]))
    outputs["picture"] = RelitPictures(name="picture")([flash, outputs["gain"]])
    if network.tells_flash:
        inputs["mixed"] = keras.Input((None, None, 3), name="mixed")
        both = [outputs["flash_share"], network.flash_reader()(inputs["mixed"])]
        outputs["flash_share"] = keras.layers.Concatenate(name="flash_share")(both)
    return keras.Model(inputs, outputs, name="placed_light_training")


def fitting(
    model: keras.Model, batches: Iterator[tuple[dict, dict]]
) -> Iterator[tuple[dict, dict]]:
    """Yield batches of `keras_f2a.data.light_batches` without what a training model does not take.

    Args:
        model: What `training_model` returned.
        batches: Inputs and targets by name.
    """
    for inputs, targets in batches:
        yield {name: inputs[name] for name in model.input}, {n: targets[n] for n in model.output}


def compiled(network: PlacedLight, settings: LightTrainingSettings, steps: int) -> keras.Model:
    """Return `training_model` with the losses of the settings.

    Args:
        network: The network.
        settings: The weights of the losses, and the rate.
        steps: How many steps the training has in all.
    """
    losses: dict[str, Any] = {
        "picture": PictureLoss(settings.gradient_weight),
        "gain": SmoothnessLoss(),
    }
    weights = {"picture": 1.0, "gain": settings.smoothness_weight}
    if network.geometry:
        losses["geometry"] = GeometryLoss()
        weights["geometry"] = settings.geometry_weight
    if network.tells_flash:
        losses["flash_share"] = keras.losses.BinaryCrossentropy()
        weights["flash_share"] = settings.flash_weight
    model = training_model(network)
    rising = max(1, round(steps * _WARM_UP_SHARE))
    rate = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate / rising,
        max(1, steps - rising),
        warmup_target=settings.learning_rate,
        warmup_steps=rising,
    )
    optimizer = keras.optimizers.Adam(rate, beta_2=0.99, global_clipnorm=1.0)
    model.compile(optimizer=optimizer, loss=losses, loss_weights=weights)
    return model


def untrained(settings: LightTrainingSettings) -> PlacedLight:
    """Return the network of the settings."""
    return PlacedLight(
        width=settings.width,
        geometry=settings.geometry_weight > 0,
        tells_flash=settings.flash_weight > 0,
    )
