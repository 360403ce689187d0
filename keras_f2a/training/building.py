"""Builds the networks of a condition, and the model that trains them."""

import inspect

import keras

from keras_f2a.models import Generator, PatchDiscriminator, generator_class
from keras_f2a.support.errors import InputError
from keras_f2a.training.base_model import PairModel
from keras_f2a.training.conditions import CONDITIONS, generator_of
from keras_f2a.training.deepflash import DeepFlash
from keras_f2a.training.flash_to_ambient import FlashToAmbient


def build_generator(
    condition: str,
    *,
    width: float = 1.0,
    encoder_weights: str | None = "imagenet",
    preprocessing: str = "imagenet",
    generator: str | None = None,
    initialization: str = "torch",
) -> Generator:
    """Builds a condition's generator; what it does not know of the arguments is left out.

    Args:
        condition: A key of `CONDITIONS`.
        width: Factor on every channel count.
        encoder_weights: As for `VGG16Generator`.
        preprocessing: As for `VGG16Generator`.
        generator: The name of one in place of the condition's own.
        initialization: As for `VGG16Generator` and `UNetGenerator`.

    Raises:
        InputError: There is no such generator, or the condition cannot train it.
    """
    offered = {
        "width": width,
        "encoder_weights": encoder_weights,
        "preprocessing": preprocessing,
        "initialization": initialization,
    }
    chosen = class_for(condition, generator)
    if CONDITIONS[condition].difference:
        offered |= chosen.FOR_DIFFERENCES or {}
    taken = inspect.signature(chosen).parameters
    return chosen(**{name: value for name, value in offered.items() if name in taken})


def class_for(condition: str, generator: str | None = None) -> type[Generator]:
    """Finds the class of a condition's generator.

    Args:
        condition: A key of `CONDITIONS`.
        generator: The name of one in place of the condition's own.

    Raises:
        InputError: There is no such generator, or the condition trains a difference, which it
            cannot predict.
    """
    name = generator_of(condition, generator)
    try:
        chosen = generator_class(name)
    except ValueError as error:
        raise InputError(str(error), setting="generator", value=name) from error
    if CONDITIONS[condition].difference and chosen.FOR_DIFFERENCES is None:
        raise InputError(
            f"`condition={condition}` needs negative outputs, which this generator cannot give",
            setting="generator",
            value=name,
        )
    return chosen


def has_encoder_weights(generator: type[Generator]) -> bool:
    """Whether a generator can begin with the weights of a pretrained encoder."""
    return "encoder_weights" in inspect.signature(generator).parameters


def build_model(
    condition: str,
    generator: keras.Model,
    *,
    width: float = 1.0,
    adversarial_weight: float | None = None,
    conditional: bool | None = None,
    saturating: bool = False,
    initialization: str = "torch",
    features: keras.Model | None = None,
    perceptual_weight: float = 0.0,
) -> PairModel:
    """Builds what a condition trains around its generator.

    Args:
        condition: A key of `CONDITIONS`.
        generator: What `build_generator` made for it.
        width: Factor on the discriminator's channel counts.
        adversarial_weight: λ of equation 4; the condition's own by default.
        conditional: Whether the discriminator also sees the flash image; as the condition has it
            by default.
        saturating: As for `FlashToAmbient`.
        initialization: As for `PatchDiscriminator`.
        features: As for `FlashToAmbient`; DeepFlash takes none.
        perceptual_weight: As for `FlashToAmbient`.
    """
    chosen = CONDITIONS[condition]
    if chosen.difference:
        return DeepFlash(generator)
    if adversarial_weight is None:
        adversarial_weight = chosen.adversarial_weight
    if conditional is None:
        conditional = chosen.conditional
    discriminator = PatchDiscriminator(
        conditional=conditional, width=width, initialization=initialization
    )
    return FlashToAmbient(
        generator,
        discriminator if chosen.adversarial else None,
        adversarial_weight=adversarial_weight,
        guided=chosen.guided,
        saturating=saturating,
        features=features,
        perceptual_weight=perceptual_weight,
    )
