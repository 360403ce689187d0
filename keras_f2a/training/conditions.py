"""The named configurations: the paper's (Tables 1 and 2) with its learning rates, and pix2pix.

pix2pix is an ancestor that the paper names and does not measure (Isola et al. 2017). Followed are
its objective, min over G of A + 100 R with the L1 loss R, which in equation 4's terms is R + λ A
with λ 1/100, and its discriminator's sight: D judges image and flash image together. Adam updates
alike whatever the loss is multiplied by, so that the two forms train alike. Everything else is as
for the other conditions, so that a table compares objectives: the generator is the paper's U-Net
(theirs has 8 levels of 4×4 convolutions of stride 2, batch normalization, and dropout as its
noise, and takes sides of 256 pixels; 224 do not divide so often), D is the authors' (theirs has
four 4×4 convolutions of stride 2 and 1, leaky ReLU of slope 0.2, a patch of 70 pixels and half the
loss), and learning rates, batches and crops are the paper's (theirs: 2·10⁻⁴ for both, single
images, 286 pixels cropped to 256).

Importing this needs no Keras.
"""

import importlib.util
import pkgutil
from dataclasses import dataclass

GENERATOR_LEARNING_RATE = 2e-5
DISCRIMINATOR_LEARNING_RATE = 2e-6
# Found and not imported, because importing it imports Keras.
_FOUND = importlib.util.find_spec("keras_f2a.models")
_MODELS = (_FOUND.submodule_search_locations if _FOUND else None) or []


@dataclass(frozen=True)
class Condition:
    """One trained row of a table.

    Attributes:
        generator: The name of its own generator, one of `GENERATORS`.
        adversarial: Whether a discriminator takes part.
        guided: Whether the attention map guides the losses (equation 2).
        difference: Whether the generator predicts a difference to the flash image (DeepFlash).
        psnr: The paper's mean PSNR in decibels; `None` if it does not measure the condition.
        ssim: The paper's mean SSIM; `None` if the paper gives none.
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


# The paper does not say how the U-Net was trained; the authors' code uses the L1 loss alone.
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
    """Return the name in `GENERATORS` of the chosen generator, by default the condition's own."""
    return generator or CONDITIONS[condition].generator
