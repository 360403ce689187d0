"""The named configurations: the paper's (Tables 1 and 2) with its learning rates, and pix2pix.

pix2pix (Isola et al. 2017) is an ancestor that the paper names but does not measure. This project
takes two things from it: the objective, and what the discriminator D sees. The objective is the
minimum over G of A + 100 R with the L1 loss R. In the terms of equation 4, that is R + λ A with
λ = 1/100. Adam's updates do not depend on the scale of the loss, so the two forms train alike. D
judges image and flash image together.

Everything else is the same as for the other conditions, so that a table compares objectives:

- The generator is the paper's U-Net. That of pix2pix has 8 levels of 4×4 convolutions of stride 2,
  batch normalization, and dropout as its noise. It takes sides of 256 pixels, because 224 cannot be
  halved that often.
- D is the one in the authors' code. That of pix2pix has four 4×4 convolutions of stride 2 and 1,
  leaky ReLU of slope 0.2, a patch of 70 pixels and half the loss.
- Learning rates, batches and crops are the paper's. pix2pix uses 2·10⁻⁴ for both networks, single
  images, and 286 pixels cropped to 256.

Importing this module does not import Keras.
"""

import importlib.util
import pkgutil
from dataclasses import dataclass

GENERATOR_LEARNING_RATE = 2e-5
DISCRIMINATOR_LEARNING_RATE = 2e-6
# Find the package without importing it, because importing it imports Keras.
_MODELS_SPEC = importlib.util.find_spec("keras_f2a.models")
_MODELS = (_MODELS_SPEC.submodule_search_locations if _MODELS_SPEC else None) or []


@dataclass(frozen=True)
class Condition:
    """One trained method, a row of a table.

    Attributes:
        generator: Name of its own generator, one of `GENERATORS`.
        adversarial: Whether a discriminator takes part.
        guided: Whether the attention map guides the losses (equation 2).
        difference: Whether the generator predicts a difference to the flash image (DeepFlash).
        psnr: The paper's mean PSNR in decibels, or `None` if the paper gives none.
        ssim: The paper's mean SSIM, or `None` if the paper gives none.
        conditional: Whether the discriminator also sees the flash image.
        adversarial_weight: λ of equation 4.
    """

    generator: str
    adversarial: bool
    guided: bool
    psnr: float | None = None
    ssim: float | None = None
    difference: bool = False
    conditional: bool = False
    adversarial_weight: float = 1.0


# The paper does not say how the U-Net was trained. The authors' code uses only the L1 loss.
CONDITIONS = {
    "guided": Condition("vgg16", adversarial=True, guided=True, psnr=15.67, ssim=0.684),
    "unguided": Condition("vgg16", adversarial=True, guided=False, psnr=15.55, ssim=0.676),
    "reconstruction": Condition("vgg16", adversarial=False, guided=False, psnr=15.64, ssim=0.681),
    "unet": Condition("unet", adversarial=False, guided=False, psnr=14.81, ssim=0.643),
    "deepflash": Condition(
        "vgg16", adversarial=False, guided=False, psnr=15.39, ssim=0.671, difference=True
    ),
    "pix2pix": Condition(
        "unet", adversarial=True, guided=False, conditional=True, adversarial_weight=1 / 100
    ),
}


GENERATORS = tuple(
    module.name.removesuffix("_generator")
    for module in pkgutil.iter_modules(_MODELS)
    if module.name.endswith("_generator")
)
"""The names of all generators, which are those of their files in `models/`."""


def generator_of(condition: str, generator: str | None = None) -> str:
    """Return the name of the generator to use, by default the condition's own."""
    return generator or CONDITIONS[condition].generator
