"""The paper's named configurations (Tables 1 and 2) and the models that they train."""

from dataclasses import dataclass

import keras

from keras_f2a.models import PatchDiscriminator, SmallGenerator, UNetGenerator, VGG16Generator
from keras_f2a.support.errors import InputError
from keras_f2a.training.deepflash import DeepFlash
from keras_f2a.training.flash_to_ambient import FlashToAmbient


@dataclass(frozen=True)
class Condition:
    """One trained row of Table 1 or 2.

    Attributes:
        generator: `"vgg16"` or `"unet"`.
        adversarial: Whether a discriminator takes part.
        guided: Whether the attention map guides the losses (equation 2).
        difference: Whether the generator predicts a difference to the flash image (DeepFlash).
        psnr: The paper's mean PSNR in decibels.
        ssim: The paper's mean SSIM.
    """

    generator: str
    adversarial: bool
    guided: bool
    psnr: float
    ssim: float
    difference: bool = False


# The paper does not say how the U-Net was trained; the authors' code uses the L1 loss alone.
CONDITIONS = {
    "guided": Condition("vgg16", adversarial=True, guided=True, psnr=15.67, ssim=0.684),
    "unguided": Condition("vgg16", adversarial=True, guided=False, psnr=15.55, ssim=0.676),
    "reconstruction": Condition("vgg16", adversarial=False, guided=False, psnr=15.64, ssim=0.681),
    "unet": Condition("unet", adversarial=False, guided=False, psnr=14.81, ssim=0.643),
    "deepflash": Condition(
        "vgg16", adversarial=False, guided=False, psnr=15.39, ssim=0.671, difference=True
    ),
}


GENERATORS = ("vgg16", "unet", "small")


def generator_of(condition: str, generator: str | None = None) -> str:
    """The name in `GENERATORS` of the chosen generator, by default the condition's own."""
    return generator or CONDITIONS[condition].generator


def check_generator(condition: str, generator: str | None = None) -> None:
    """Checks that a condition can train a generator.

    Raises:
        InputError: The condition trains a difference, and the generator ends in an image.
    """
    chosen = generator_of(condition, generator)
    if CONDITIONS[condition].difference and chosen != "vgg16":
        raise InputError(
            f"generator {chosen}: condition {condition} needs negative outputs, which only vgg16 "
            "can give"
        )


def build_generator(
    condition: str,
    width: float = 1.0,
    encoder_weights: str | None = "imagenet",
    preprocessing: str = "imagenet",
    generator: str | None = None,
) -> keras.Model:
    """Builds a condition's generator; only VGG16's has encoder weights and preprocessing.

    Args:
        condition: A key of `CONDITIONS`.
        width: Factor on every channel count.
        encoder_weights: As for `VGG16Generator`.
        preprocessing: As for `VGG16Generator`.
        generator: One of `GENERATORS` in place of the condition's own.

    Raises:
        InputError: The condition cannot train that generator; see `check_generator`.
    """
    check_generator(condition, generator)
    chosen = generator_of(condition, generator)
    if chosen == "unet":
        return UNetGenerator(width=width)
    if chosen == "small":
        return SmallGenerator(width=width)
    return VGG16Generator(
        encoder_weights=encoder_weights,
        preprocessing=preprocessing,
        width=width,
        output_activation="tanh" if CONDITIONS[condition].difference else "sigmoid",
    )


def build_model(
    condition: str,
    generator: keras.Model,
    width: float = 1.0,
    adversarial_weight: float = 1.0,
    conditional: bool = False,
    saturating: bool = False,
) -> FlashToAmbient:
    """Builds what a condition trains around its generator.

    Args:
        condition: A key of `CONDITIONS`.
        generator: What `build_generator` made for it.
        width: Factor on the discriminator's channel counts.
        adversarial_weight: λ of equation 4.
        conditional: Whether the discriminator also sees the flash image.
        saturating: As for `FlashToAmbient`.
    """
    chosen = CONDITIONS[condition]
    if chosen.difference:
        return DeepFlash(generator)
    discriminator = PatchDiscriminator(conditional=conditional, width=width)
    return FlashToAmbient(
        generator,
        discriminator if chosen.adversarial else None,
        adversarial_weight=adversarial_weight,
        guided=chosen.guided,
        saturating=saturating,
    )
