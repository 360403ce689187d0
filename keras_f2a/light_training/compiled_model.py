"""Trains a network for placed light as a plain supervised problem: `compile` and `fit`."""

from collections.abc import Iterator
from typing import Any

import keras

from keras_f2a.data.light_numbers import LIGHT_NUMBERS
from keras_f2a.light_training.losses import GeometryLoss, PictureLoss, SmoothnessLoss, relight
from keras_f2a.light_training.settings import LightTrainingSettings
from keras_f2a.models.placed_light import PlacedLight

_WARM_UP_SHARE = 1 / 20


@keras.saving.register_keras_serializable(package="keras_f2a")
class RelitPictures(keras.layers.Layer):
    """Relights a flash photograph with each light: `light_training.losses.relit` as a layer."""

    def __init__(self, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})

    def call(self, inputs):
        """Return pictures from photographs and the logarithms of their gains."""
        return relight(*inputs)

    def compute_output_shape(self, input_shapes):
        """Return (batch, lights, height, width, 3)."""
        return (*input_shapes[1][:-1], 3)


def training_model(network: PlacedLight) -> keras.Model:
    """Return a model that shares the network's weights and whose outputs all have targets.

    Args:
        network: The network.

    Returns:
        A functional model, not compiled, from `"flash"` and `"lights"` to `"picture"`, the
        photographs under each light, `"gain"`, and `"geometry"` if the network has it. If the
        network predicts the flash's share, there is also an input `"mixed"`, photographs under
        flash and other light together. The output `"flash_share"` then holds the shares of both
        photographs, (batch, 2). `adapt_batches` makes the batches of
        `keras_f2a.data.light_batches` fit it.
    """
    flash = keras.Input((None, None, 3), name="flash")
    lights = keras.Input((None, LIGHT_NUMBERS), name="lights")
    inputs = {"flash": flash, "lights": lights}
    outputs = dict(network([flash, lights]))
    outputs["picture"] = RelitPictures(name="picture")([flash, outputs["gain"]])
    if network.tells_flash:
        inputs["mixed"] = keras.Input((None, None, 3), name="mixed")
        flash_shares = [outputs["flash_share"], network.flash_reader()(inputs["mixed"])]
        outputs["flash_share"] = keras.layers.Concatenate(name="flash_share")(flash_shares)
    return keras.Model(inputs, outputs, name="placed_light_training")


def adapt_batches(
    model: keras.Model, batches: Iterator[tuple[dict, dict]]
) -> Iterator[tuple[dict, dict]]:
    """Yield batches of `keras_f2a.data.light_batches`, reduced to what a training model takes.

    Args:
        model: The model that `training_model` returned.
        batches: Inputs and targets by name.
    """
    for inputs, targets in batches:
        yield {name: inputs[name] for name in model.input}, {n: targets[n] for n in model.output}


def build_compiled_model(
    network: PlacedLight, settings: LightTrainingSettings, steps: int
) -> keras.Model:
    """Return the training model, compiled with the losses of the settings.

    Args:
        network: The network.
        settings: The weights of the losses, and the learning rate.
        steps: Total number of training steps.
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
    warmup_steps = max(1, round(steps * _WARM_UP_SHARE))
    rate = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate / warmup_steps,
        max(1, steps - warmup_steps),
        warmup_target=settings.learning_rate,
        warmup_steps=warmup_steps,
    )
    optimizer = keras.optimizers.Adam(rate, beta_2=0.99, global_clipnorm=1.0)
    model.compile(optimizer=optimizer, loss=losses, loss_weights=weights)
    return model


def build_network(settings: LightTrainingSettings) -> PlacedLight:
    """Return the untrained network of the settings."""
    return PlacedLight(
        width=settings.width,
        geometry=settings.geometry_weight > 0,
        tells_flash=settings.flash_weight > 0,
    )
