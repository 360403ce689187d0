"""Builds the networks of a condition and the model that trains them."""

import inspect
from dataclasses import replace
from typing import Any

import keras

from keras_f2a.models import (
    EncoderWeightsError,
    Generator,
    PatchDiscriminator,
    VGG16Features,
    generator_class,
)
from keras_f2a.support.errors import InputError
from keras_f2a.training.base_model import PairModel
from keras_f2a.training.conditions import CONDITIONS, generator_of
from keras_f2a.training.deepflash import DeepFlash
from keras_f2a.training.flash_to_ambient import FlashToAmbient
from keras_f2a.training.optimizers import cosine_decay, paper_adam
from keras_f2a.training.settings import NetworkSettings, ObjectiveSettings, OptimizerSettings


def build_model(
    networks: NetworkSettings,
    objective: ObjectiveSettings,
    optimizer: OptimizerSettings,
    *,
    steps: int = 1,
    restored: bool = False,
) -> PairModel:
    """Build and compile a model from settings, in the current strategy and precision.

    Args:
        networks: Settings of the networks.
        objective: Settings of the condition and its losses.
        optimizer: Settings of the optimizers.
        steps: Total number of training steps, for decaying learning rates.
        restored: Whether a checkpoint provides all weights, so that no other file is read.

    Raises:
        InputError: The condition cannot train that generator, or weights cannot be loaded.
    """
    condition = CONDITIONS[objective.condition]
    generator = build_generator(objective.condition, networks, restored=restored)
    discriminator = _discriminator(networks, objective) if condition.adversarial else None
    features = _features(objective, restored)
    rates = (optimizer.generator_learning_rate, optimizer.discriminator_learning_rate)
    optimizers: list[Any] = [
        paper_adam(cosine_decay(rate, steps) if optimizer.cosine_decay else rate) for rate in rates
    ]
    if optimizer.ema is not None:
        optimizers[0].use_ema = True
        optimizers[0].ema_momentum = optimizer.ema
    if condition.difference:
        difference = DeepFlash(generator)
        difference.compile(optimizers[0])
        return difference
    weight = objective.adversarial_weight
    model = FlashToAmbient(
        generator,
        discriminator,
        adversarial_weight=condition.adversarial_weight if weight is None else weight,
        guided=condition.guided,
        saturating=objective.saturating,
        features=features,
        perceptual_weight=objective.perceptual_weight,
    )
    model.compile(*optimizers)
    return model


def build_generator(
    condition: str, networks: NetworkSettings | None = None, *, restored: bool = False
) -> Generator:
    """Build a condition's generator. Settings that it does not have are ignored.

    Args:
        condition: A key of `CONDITIONS`.
        networks: The settings, by default the paper's.
        restored: Whether a checkpoint provides the encoder's weights.

    Raises:
        InputError: There is no such generator, the condition cannot train it, or the encoder's
            weights cannot be loaded.
    """
    networks = resolved_networks(networks or NetworkSettings(), condition)
    network_class = generator_class_for(condition, networks.generator)
    pretrained = networks.encoder_weights != "none"
    arguments: dict[str, Any] = {
        "width": networks.width,
        "encoder_weights": networks.encoder_weights if pretrained and not restored else None,
        "preprocessing": networks.preprocessing,
        "initialization": networks.initialization,
        "freeze_encoder": pretrained,
    }
    if CONDITIONS[condition].difference:
        arguments |= network_class.FOR_DIFFERENCES or {}
    parameters = inspect.signature(network_class).parameters
    try:
        return network_class(**{name: arguments[name] for name in arguments if name in parameters})
    except EncoderWeightsError as error:
        raise InputError(str(error), setting="encoder_weights") from error


def generator_class_for(condition: str, generator: str | None = None) -> type[Generator]:
    """Return the class of a condition's generator.

    Args:
        condition: A key of `CONDITIONS`.
        generator: Name of a generator to use instead of the condition's own.

    Raises:
        InputError: There is no such generator, or the condition trains a difference, which the
            generator cannot predict.
    """
    name = generator_of(condition, generator)
    try:
        network_class = generator_class(name)
    except ValueError as error:
        raise InputError(str(error), setting="generator", value=name) from error
    if CONDITIONS[condition].difference and network_class.FOR_DIFFERENCES is None:
        raise InputError(
            f"`condition={condition}` needs negative outputs, which this generator cannot produce",
            setting="generator",
            value=name,
        )
    return network_class


def resolved_networks(networks: NetworkSettings, condition: str) -> NetworkSettings:
    """Return the settings with the encoder's initial weights filled in.

    Args:
        networks: The settings.
        condition: A key of `CONDITIONS`.

    Raises:
        InputError: The condition cannot train that generator, or pretrained weights do not fit it.
    """
    weights = networks.encoder_weights
    pretrained = has_encoder(networks, condition) and networks.width == 1
    if networks.width != 1 and weights not in (None, "none"):
        raise InputError(
            "pretrained weights need `width=1`; use `encoder_weights=none`",
            setting="encoder_weights",
            value=weights,
        )
    return replace(networks, encoder_weights=weights or ("imagenet" if pretrained else "none"))


def has_encoder(networks: NetworkSettings, condition: str) -> bool:
    """Return whether the generator can start from a pretrained encoder."""
    network_class = generator_class_for(condition, networks.generator)
    return "encoder_weights" in inspect.signature(network_class).parameters


def network_warnings(networks: NetworkSettings, condition: str) -> list[str]:
    """Return what a user of resolved settings must know before trusting the result."""
    if not has_encoder(networks, condition) or networks.encoder_weights != "none":
        return []
    return [
        "the encoder starts from random weights instead of ImageNet's and is trained too; "
        "this is not the paper's method, and the results are worse"
    ]


def _discriminator(networks: NetworkSettings, objective: ObjectiveSettings) -> PatchDiscriminator:
    conditional = objective.conditional_discriminator
    if conditional is None:
        conditional = CONDITIONS[objective.condition].conditional
    return PatchDiscriminator(
        conditional=conditional,
        width=networks.width,
        initialization=networks.initialization,
    )


def _features(objective: ObjectiveSettings, restored: bool) -> keras.Model | None:
    if not objective.perceptual_weight:
        return None
    try:
        return VGG16Features(encoder_weights=None if restored else objective.perceptual_features)
    except EncoderWeightsError as error:
        raise InputError(str(error), setting="perceptual_features") from error
