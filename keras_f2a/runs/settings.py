"""Every setting of a training run, checked and resolved; importing it needs no TensorFlow."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.support.errors import InputError
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly
from keras_f2a.support.settings import Range, check_values, documented, setting
from keras_f2a.training.conditions import (
    CONDITIONS,
    DISCRIMINATOR_LEARNING_RATE,
    GENERATOR_LEARNING_RATE,
    GENERATORS,
)

SMALLEST_CROP = 16  # the networks halve their input four times
_LARGEST_SEED = 2**32 - 1  # NumPy's


@documented
@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """The settings of `keras_f2a.runs.train`; the defaults are the paper's (section 4.2)."""

    run_dir: str = setting(
        "runs/train", "folder that the run writes; an unfinished run in it goes on", metavar="DIR"
    )
    data: str | None = setting(
        None,
        "folder with train/ and test/ (or val/) pairs, the bundled scenes if none",
        metavar="DIR",
    )
    condition: str = setting("guided", "what is trained", choices=tuple(CONDITIONS))
    generator: str | None = setting(
        None, "the network, the condition's own if none", choices=GENERATORS
    )
    epochs: int = setting(1000, "passes over the training pairs", at_least=1)
    batch_size: int = setting(8, "images per step over all devices", at_least=1)
    crop_size: int = setting(224, "side of the random crops in pixels", at_least=SMALLEST_CROP)
    whole_images: bool = setting(False, "train on whole images, each batch of one size")
    crop_scale: Range | None = setting(
        None,
        "share of the image's shorter side that a crop takes before it is resized; authors' code: "
        "0.8 1.0",
        at_least=0.01,
        at_most=1,
    )
    ambient_mix: Range | None = setting(
        None, "share of ambient light added to the flash images", at_least=0, at_most=10
    )
    augmentation: str = setting(
        "none",
        "changes to the pairs, for made-up scenes: camera, other tones, noise and JPEG, or "
        "photographic, other sections too",
        choices=("none", "camera", "photographic"),
    )
    same_exposure: bool = setting(
        False,
        "bring each ambient image to its flash image's exposure and white balance, so that light "
        "is learnt and brightness left alone; in validation too",
    )
    auto_exposure: float = setting(
        0.0,
        "share of the way, in stops, that each ambient image's mean is then brought to 18 % grey",
        at_least=0,
        at_most=1,
    )
    unchanged_share: float = setting(
        0.0,
        "share of ambient images among the flash images, to be left alone",
        at_least=0,
        at_most=1,
    )
    turned_share: float = setting(
        0.0,
        "share of the batches of upright whole images that are turned to lie, as a network of one "
        "size sees them",
        at_least=0,
        at_most=1,
    )
    start_from: str | None = setting(
        None,
        "generator whose weights training begins with, a .keras file or a finished run's folder",
        metavar="MODEL",
    )
    encoder_weights: str | None = setting(
        None,
        "imagenet, none (random, and then trained) or Keras's VGG16 file; if not given imagenet "
        "where it fits: width 1 and a VGG16 generator",
        metavar="W",
    )
    preprocessing: str = setting(
        "imagenet",
        "of the encoder's input, none as in the authors' code",
        choices=("imagenet", "none"),
    )
    initialization: str = setting(
        "torch",
        "how decoder, U-Net and discriminator start: torch, PyTorch's default, as in the authors' "
        "code, or he, larger",
        choices=("torch", "he"),
    )
    width: float = setting(1.0, "factor on all channel counts", more_than=0, at_most=16)
    adversarial_weight: float | None = setting(
        None,
        "λ of equation 4; if not given the condition's own: 0.01 for pix2pix, else 1",
        at_least=0,
        at_most=1e6,
    )
    conditional_discriminator: bool | None = setting(
        None, "the discriminator also sees the flash image; if not given in pix2pix only"
    )
    saturating: bool = setting(False, "the generator's adversarial loss as equation 3 writes it")
    perceptual_weight: float = setting(
        0.0,
        "of the error of VGG16's features beside the pixels'; not in the paper",
        at_least=0,
        at_most=1e6,
    )
    perceptual_features: str = setting(
        "imagenet", "VGG16's weights for that, imagenet or Keras's VGG16 file", metavar="W"
    )
    generator_learning_rate: float = setting(
        GENERATOR_LEARNING_RATE, "of Adam, for the generator", more_than=0, at_most=10
    )
    discriminator_learning_rate: float = setting(
        DISCRIMINATOR_LEARNING_RATE, "of Adam, for the discriminator", more_than=0, at_most=10
    )
    cosine_decay: bool = setting(
        False, "both rates rise at the start, then fall along a cosine to nothing"
    )
    ema: float | None = setting(
        None,
        "momentum of a moving average of the generator's weights, which is then validated and "
        "kept, for example 0.999",
        more_than=0,
        less_than=1,
    )
    precision: str = setting(
        "float32",
        "what the layers compute in",
        choices=("float32", "mixed_bfloat16", "mixed_float16"),
    )
    seed: int = setting(
        0, "decides weights, order and augmentation", at_least=0, at_most=_LARGEST_SEED
    )
    strategy: str = setting(
        "auto",
        "devices, auto all GPUs together or else one device; multi_worker all GPUs of the workers "
        "in TF_CONFIG",
        choices=("auto", "mirrored", "single", "multi_worker"),
    )
    worker_timeout: float = setting(
        300.0, "seconds that the workers of a multi_worker run wait for one another", more_than=0
    )
    virtual_devices: int | None = setting(
        None, "cut the CPU into this many devices, to try a mirrored run", at_least=1, at_most=64
    )
    validate_every: int = setting(1, "epochs between validations", at_least=1)
    final: str = setting(
        "last",
        "the epoch whose generator the run leaves, best by validation PSNR",
        choices=("last", "best"),
    )
    skip_bad_pairs: bool = setting(False, "go on without unusable pairs")
    limit: int | None = setting(None, "train on the first so many pairs only", at_least=1)

    def resolved(self) -> "TrainingSettings":
        """These settings with every default filled in, checked.

        Raises:
            InputError: A setting is out of range; the error names it.
        """
        check_values(self)
        self._check_together()
        pretrained = self._has_encoder and self.width == 1
        condition = CONDITIONS[self.condition]
        weight, conditional = self.adversarial_weight, self.conditional_discriminator
        return replace(
            self,
            data=str(self.data or BUNDLED_SCENES),
            encoder_weights=self.encoder_weights or ("imagenet" if pretrained else "none"),
            adversarial_weight=condition.adversarial_weight if weight is None else weight,
            conditional_discriminator=(
                condition.conditional if conditional is None else conditional
            ),
        )

    def _check_together(self) -> None:
        if self.width != 1 and self.encoder_weights not in (None, "none"):
            raise InputError(
                "pretrained weights need `width=1`; use `encoder_weights=none`",
                setting="encoder_weights",
                value=self.encoder_weights,
            )
        if self.final == "best" and self.validate_every > self.epochs:
            raise InputError(
                f"no epoch is validated; choose `validate_every={self.epochs}` or less",
                setting="final",
                value=self.final,
            )
        if self.perceptual_weight and CONDITIONS[self.condition].difference:
            raise InputError(
                f"`condition={self.condition}` makes no images to compare; use 0",
                setting="perceptual_weight",
                value=self.perceptual_weight,
            )
        if self.turned_share and not self.whole_images:
            raise InputError("goes with `whole_images` only", setting="turned_share")
        if self.virtual_devices is not None and self.strategy != "mirrored":
            raise InputError("goes with `strategy=mirrored` only", setting="virtual_devices")

    @property
    def _has_encoder(self) -> bool:
        """Whether the generator has an encoder with weights of its own, if it can be trained."""
        import_tensorflow_quietly()
        from keras_f2a.training.building import class_for, has_encoder_weights

        return has_encoder_weights(class_for(self.condition, self.generator))

    @property
    def crops(self) -> int | None:
        """Side of the crops, `None` for whole images."""
        return None if self.whole_images else self.crop_size

    def warnings(self) -> list[str]:
        """What a user of resolved settings must know before trusting the result."""
        if not self._has_encoder or self.encoder_weights != "none":
            return []
        return [
            "the encoder starts from random weights instead of ImageNet's and is trained too: "
            "this is not the paper's method, and results are worse"
        ]

    def as_dict(self) -> dict[str, Any]:
        """The settings as JSON has them."""
        return {name: _as_json(value) for name, value in asdict(self).items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list | tuple):
        return [_as_json(part) for part in value]
    # NumPy's numbers too become Python's.
    return value.item() if hasattr(value, "item") else value
