"""Every setting of a training run, checked and resolved."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from keras_f2a.data.augmentation import AUGMENTATIONS
from keras_f2a.data.pairs import BUNDLED_SCENES
from keras_f2a.support.errors import InputError
from keras_f2a.training.conditions import CONDITIONS, GENERATORS, check_generator, generator_of

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
STRATEGIES = ("auto", "mirrored", "single")
FINAL_CHOICES = ("last", "best")
# What may differ when a run goes on: how long it runs and how it shows itself, not what it learns.
_MAY_CHANGE_ON_RESUME = {"run_dir", "epochs", "validate_every", "final", "data"}


@dataclass(frozen=True)
class TrainingSettings:
    """The settings of `train`; the defaults are the paper's (section 4.2).

    Attributes:
        run_dir: The directory that the run writes, made if missing. If it holds an unfinished run
            with the same settings, that run goes on.
        data: Folder with `train/` and `test/` (or `val/`) pairs; `None` is the bundled scenes.
        condition: A key of `keras_f2a.training.conditions.CONDITIONS`.
        generator: A name in `keras_f2a.training.conditions.GENERATORS`; `None` is the
            condition's own.
        epochs: Passes over the training pairs.
        batch_size: Images per step over all devices.
        crop_size: Side of the random crops in pixels.
        whole_images: Whether training takes whole images, each batch of one size, and no crops.
        crop_scale: (low, high) share of the image's shorter side that a crop takes before it is
            resized to `crop_size`; the authors' code has (0.8, 1), `None` is the paper.
        ambient_mix: (low, high) share of ambient light added to the flash images, `None` for none.
        augmentation: One of `keras_f2a.data.augmentation.AUGMENTATIONS`; the paper's is `"none"`.
        encoder_weights: `"imagenet"`, a path, or `"none"` for random weights, which then train.
            `None` means `"imagenet"` where they fit: width 1 and a VGG16 generator.
        preprocessing: `"imagenet"` or `"none"` (the authors' code).
        width: Factor on all channel counts.
        adversarial_weight: λ of equation 4.
        conditional_discriminator: Whether the discriminator also sees the flash image.
        saturating: Whether the generator's adversarial loss is equation 3's literal form.
        generator_learning_rate: Of Adam.
        discriminator_learning_rate: Of Adam.
        ema: Momentum of a moving average of the generator's weights, which is then what is
            validated and kept; `None` for none.
        precision: One of `PRECISIONS`.
        seed: Decides weights, order and augmentation.
        strategy: One of `STRATEGIES`; `"auto"` is mirrored over several GPUs, else one device.
        virtual_devices: Cuts the CPU into this many devices, to try a mirrored run.
        validate_every: Epochs between validations.
        final: Whether `generator.keras` is the `"last"` epoch's (the paper) or the `"best"` by
            validation PSNR.
        skip_bad_pairs: Whether bad pairs are left out instead of ending the run at its start.
        limit: Trains on the first so many pairs only.
    """

    run_dir: str
    data: str | None = None
    condition: str = "guided"
    generator: str | None = None
    epochs: int = 1000
    batch_size: int = 8
    crop_size: int = 224
    whole_images: bool = False
    crop_scale: tuple[float, float] | None = None
    ambient_mix: tuple[float, float] | None = None
    augmentation: str = "none"
    encoder_weights: str | None = None
    preprocessing: str = "imagenet"
    width: float = 1.0
    adversarial_weight: float = 1.0
    conditional_discriminator: bool = False
    saturating: bool = False
    generator_learning_rate: float = 2e-5
    discriminator_learning_rate: float = 2e-6
    ema: float | None = None
    precision: str = "float32"
    seed: int = 0
    strategy: str = "auto"
    virtual_devices: int | None = None
    validate_every: int = 1
    final: str = "last"
    skip_bad_pairs: bool = False
    limit: int | None = None

    def resolved(self) -> "TrainingSettings":
        """These settings with every default filled in, checked.

        Raises:
            InputError: A setting is out of range; the message names its option.
        """
        _check(self)
        pretrained = self.width == 1 and self._has_vgg16
        return replace(
            self,
            data=str(self.data or BUNDLED_SCENES),
            encoder_weights=self.encoder_weights or ("imagenet" if pretrained else "none"),
        )

    @property
    def _has_vgg16(self) -> bool:
        return generator_of(self.condition, self.generator) == "vgg16"

    @property
    def crops(self) -> int | None:
        """Side of the crops, `None` for whole images."""
        return None if self.whole_images else self.crop_size

    def warnings(self) -> list[str]:
        """What a user of resolved settings must know before trusting the result."""
        if not self._has_vgg16 or self.encoder_weights != "none":
            return []
        return [
            "the encoder starts from random weights instead of ImageNet's and is trained too: "
            "this is not the paper's method, and results are worse"
        ]

    def as_dict(self) -> dict:
        """The settings as JSON has them."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    def differences(self, earlier: dict) -> list[str]:
        """What these settings have otherwise than a run that they are to go on with.

        Args:
            earlier: The `as_dict` of that run.

        Returns:
            For example `["--seed is 1, was 0"]`.
        """
        now = self.as_dict()
        return [
            f"{option(name)} is {now[name]}, was {earlier.get(name)}"
            for name in now
            if name not in _MAY_CHANGE_ON_RESUME and now[name] != earlier.get(name)
        ]


def option(name: str) -> str:
    """The command's option for a setting: `"crop_size"` is `"--crop-size"`."""
    return "--" + name.replace("_", "-")


def _plain(value):
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _check(settings: TrainingSettings) -> None:
    choices = {
        "condition": tuple(CONDITIONS),
        "generator": (None, *GENERATORS),
        "augmentation": AUGMENTATIONS,
        "preprocessing": ("imagenet", "none"),
        "precision": PRECISIONS,
        "strategy": STRATEGIES,
        "final": FINAL_CHOICES,
    }
    for name, allowed in choices.items():
        value = getattr(settings, name)
        if value not in allowed:
            raise InputError(
                f"{option(name)} {value}: must be one of {', '.join(filter(None, allowed))}"
            )
    check_generator(settings.condition, settings.generator)
    positive = ("epochs", "batch_size", "crop_size", "width", "validate_every")
    positive += ("generator_learning_rate", "discriminator_learning_rate")
    for name in positive:
        if getattr(settings, name) <= 0:
            raise InputError(f"{option(name)} {getattr(settings, name)}: must be more than 0")
    for name in ("virtual_devices", "limit"):
        value = getattr(settings, name)
        if value is not None and value < 1:
            raise InputError(f"{option(name)} {value}: must be at least 1")
    _check_range("crop_scale", settings.crop_scale, lowest=0.01, highest=1)
    _check_range("ambient_mix", settings.ambient_mix, lowest=0, highest=10)
    if settings.adversarial_weight < 0:
        raise InputError("--adversarial-weight: must not be negative")
    if settings.ema is not None and not 0 < settings.ema < 1:
        raise InputError(f"--ema {settings.ema}: must lie between 0 and 1, for example 0.999")
    if settings.width != 1 and settings.encoder_weights not in (None, "none"):
        raise InputError(
            f"--encoder-weights {settings.encoder_weights}: pretrained weights need --width 1; "
            "use --encoder-weights none"
        )


def _check_range(name: str, limits: tuple[float, float] | None, lowest, highest) -> None:
    if limits is not None and not lowest <= limits[0] <= limits[1] <= highest:
        raise InputError(
            f"{option(name)} {limits[0]} {limits[1]}: LOW and HIGH must lie between {lowest} and "
            f"{highest}, LOW first"
        )
