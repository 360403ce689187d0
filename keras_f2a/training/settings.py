"""Settings of the networks, their losses and their optimizers.

Importing this module does not import Keras.
"""

from dataclasses import dataclass, replace

from keras_f2a.support.errors import InputError
from keras_f2a.support.settings import documented, setting
from keras_f2a.training.conditions import (
    CONDITIONS,
    DISCRIMINATOR_LEARNING_RATE,
    GENERATOR_LEARNING_RATE,
    GENERATORS,
)


@documented
@dataclass(frozen=True, kw_only=True)
class NetworkSettings:
    """Settings of the networks to train, and of their initial weights."""

    generator: str | None = setting(
        None, "network to train; the default is the condition's own", choices=GENERATORS
    )
    width: float = setting(1.0, "factor for all channel counts", more_than=0, at_most=16)
    encoder_weights: str | None = setting(
        None,
        "imagenet, none (random weights, trained too) or Keras's VGG16 file; the default is "
        "imagenet for a VGG16 generator of width 1, else none",
        metavar="W",
    )
    start_from: str | None = setting(
        None,
        "start with the weights of a .keras file, of a finished run's folder, or of light_v2",
        metavar="MODEL",
    )
    preprocessing: str = setting(
        "imagenet",
        "how to preprocess the encoder's input; none is as in the authors' code",
        choices=("imagenet", "none"),
    )
    initialization: str = setting(
        "torch",
        "initial weights of decoder, U-Net and discriminator: torch is PyTorch's default, as in "
        "the authors' code; he is larger",
        choices=("torch", "he"),
    )


@documented
@dataclass(frozen=True, kw_only=True)
class ObjectiveSettings:
    """Settings of the method to train, and of its losses."""

    condition: str = setting("guided", "method to train", choices=tuple(CONDITIONS))
    adversarial_weight: float | None = setting(
        None,
        "λ of equation 4; the default is 0.01 for pix2pix, else 1",
        at_least=0,
        at_most=1e6,
    )
    conditional_discriminator: bool | None = setting(
        None, "show the discriminator the flash image too; the default is on for pix2pix only"
    )
    saturating: bool = setting(False, "use the generator's adversarial loss of equation 3")
    perceptual_weight: float = setting(
        0.0,
        "weight of the error of VGG16's features; not in the paper",
        at_least=0,
        at_most=1e6,
    )
    perceptual_features: str = setting(
        "imagenet", "VGG16's weights for that error: imagenet or Keras's VGG16 file", metavar="W"
    )

    def resolved(self) -> "ObjectiveSettings":
        """Return these settings with the condition's own defaults filled in.

        Raises:
            InputError: Settings contradict one another.
        """
        condition = CONDITIONS[self.condition]
        if self.perceptual_weight and condition.difference:
            raise InputError(
                f"`condition={self.condition}` makes no images to compare; use 0",
                setting="perceptual_weight",
                value=self.perceptual_weight,
            )
        weight, conditional = self.adversarial_weight, self.conditional_discriminator
        return replace(
            self,
            adversarial_weight=condition.adversarial_weight if weight is None else weight,
            conditional_discriminator=condition.conditional if conditional is None else conditional,
        )


@documented
@dataclass(frozen=True, kw_only=True)
class OptimizerSettings:
    """Settings of the optimizers."""

    generator_learning_rate: float = setting(
        GENERATOR_LEARNING_RATE, "the generator's learning rate", more_than=0, at_most=10
    )
    discriminator_learning_rate: float = setting(
        DISCRIMINATOR_LEARNING_RATE, "the discriminator's learning rate", more_than=0, at_most=10
    )
    cosine_decay: bool = setting(
        False, "raise both rates at the start, then lower them along a cosine to zero"
    )
    ema: float | None = setting(
        None,
        "momentum of a moving average of the generator's weights, for example 0.999; the average "
        "is validated and saved",
        more_than=0,
        less_than=1,
    )
