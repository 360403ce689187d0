"""What the paper sets: its named configurations (Tables 1 and 2) and learning rates; no Keras."""

from dataclasses import dataclass

from keras_f2a.support.errors import InputError

GENERATOR_LEARNING_RATE = 2e-5
DISCRIMINATOR_LEARNING_RATE = 2e-6


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
            f"`condition={condition}` needs negative outputs, which only vgg16 can give",
            setting="generator",
            value=chosen,
        )
