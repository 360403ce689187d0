"""The networks of the paper's named configurations, and the models that train them."""

import keras

from keras_f2a.models import (
    LightGenerator,
    PatchDiscriminator,
    SmallGenerator,
    UNetGenerator,
    VGG16Generator,
)
from keras_f2a.training.deepflash import DeepFlash
from keras_f2a.training.flash_to_ambient import FlashToAmbient
from keras_f2a.training.paper import CONDITIONS, check_generator, generator_of

_OF_LIGHT = {"light": LightGenerator, "small": SmallGenerator}


def build_generator(
    condition: str,
    *,
    width: float = 1.0,
    encoder_weights: str | None = "imagenet",
    preprocessing: str = "imagenet",
    generator: str | None = None,
    initialization: str = "torch",
) -> keras.Model:
    """Builds a condition's generator; only VGG16's has encoder weights and preprocessing.

    Args:
        condition: A key of `CONDITIONS`.
        width: Factor on every channel count.
        encoder_weights: As for `VGG16Generator`.
        preprocessing: As for `VGG16Generator`.
        generator: One of `GENERATORS` in place of the condition's own.
        initialization: As for `VGG16Generator` and `UNetGenerator`; the others have their own.

    Raises:
        InputError: The condition cannot train that generator; see `check_generator`.
    """
    check_generator(condition, generator)
    chosen = generator_of(condition, generator)
    if chosen in _OF_LIGHT:
        return _OF_LIGHT[chosen](width=width)
    if chosen == "unet":
        return UNetGenerator(width=width, initialization=initialization)
    return VGG16Generator(
        encoder_weights=encoder_weights,
        preprocessing=preprocessing,
        width=width,
        initialization=initialization,
        output_activation="tanh" if CONDITIONS[condition].difference else "sigmoid",
    )


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
) -> FlashToAmbient:
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
